import re

from grym_synth.forgetting import forget
from grym_synth.settings import Settings
from grym_synth.thread_titles import GivenTitles
from tests.integration.web.process import Page, Web


def titles(page: Page) -> dict[str, str]:
    threads = page.http.get(page.project).json()["threads"]
    return {one["id"]: one["title"] for one in threads}


def asked(page: Page, thread: str, request: str) -> str:
    """Ask in a thread of the page's project; the thread's path."""
    path = f"{page.project}/threads/{thread}"
    run = page.http.post(f"{path}/runs", json={"request": request}).json()["run"]
    page.to_the_end(run)
    return path


def test_threads_that_begin_alike_can_be_told_apart(page: Page) -> None:
    for thread in ("one", "two", "three"):
        asked(page, thread, "What can you do?")
    asked(page, "four", "Who are you?")

    called = titles(page)
    assert len(set(called.values())) == 4
    assert called["four"] == "Who are you?"
    for thread in ("one", "two", "three"):
        assert re.match(r"What can you do\? · \d{4}-\d\d-\d\d \d\d:\d\d", called[thread])


def test_a_thread_is_called_what_its_user_says_until_the_name_is_taken_back(page: Page) -> None:
    path = asked(page, "main", "What can you do?")
    given = page.http.post(f"{path}/title", json={"title": "  First \n steps "}).json()
    renamed = titles(page)["main"]
    page.http.post(f"{path}/title", json={"title": ""})

    assert (given, renamed) == ({"title": "First steps"}, "First steps")
    assert titles(page)["main"] == "What can you do?"


def test_a_forgotten_project_takes_the_names_of_its_threads_along(mortal: Web) -> None:
    mortal.start()
    with mortal.client() as client:
        path = asked(Page(client, "secret"), "main", "What can you do?")
        client.post(f"{path}/title", json={"title": "Nobody knows"})
    mortal.stop()
    home = mortal.home
    forget(Settings(home=home), "secret")

    assert not GivenTitles(home).of("secret")
    assert not any(b"Nobody knows" in one.read_bytes() for one in home.rglob("*.json"))


def test_a_mistake_of_ours_is_told_as_every_error(mortal: Web) -> None:
    mortal.start()
    (mortal.home / "titles").write_text("in the way")
    with mortal.client() as client:
        answer = client.post("/api/projects/p/threads/main/title", json={"title": "New"})

    assert answer.status_code == 500
    assert set(answer.json()["error"]) == {"tried", "happened", "do"}
    assert answer.headers["x-content-type-options"] == "nosniff"
