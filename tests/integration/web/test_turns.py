from contextlib import closing
from itertools import islice

import pytest

from tests.integration.web.process import Page, Told, Web, named, sha256, tone

NORMALISE = "Normalise this to -20 LUFS"


def test_a_turn_with_an_uploaded_file_is_told_from_plan_to_result(page: Page) -> None:
    sent = page.upload(tone()).json()
    events = page.to_the_end(page.ask(NORMALISE, [sent["id"]]))

    (result,) = named(events, "result")
    (end,) = named(events, "end")
    pieces = "".join(str(one["text"]) for one in named(events, "token"))
    statuses = [[task["status"] for task in plan["tasks"]] for plan in _plans(events)]
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    assert (events[-1].name, end) == ("end", {"exit_code": 0}), result["answer"]
    assert pieces == result["answer"]
    assert statuses[0] == ["planned"] and statuses[-1] == ["done"]
    assert _plans(events)[-1]["slices"][0]["tokens"] != 0
    made = {one["name"]: one for one in _dicts(result["artifacts"])}
    fetched = page.http.get(str(made["take-normalised.wav"]["url"])).content
    assert sha256(fetched) == made["take-normalised.wav"]["id"]


def test_what_was_said_is_there_for_a_page_that_is_opened_later(page: Page) -> None:
    sent = page.upload(tone()).json()
    (result,) = named(page.to_the_end(page.ask(NORMALISE, [sent["id"]])), "result")

    conversation = page.conversation()
    project = page.http.get(page.project).json()
    (message,) = _dicts(conversation["messages"])
    assert (message["request"], message["answer"]) == (NORMALISE, result["answer"])
    assert [one["id"] for one in _dicts(message["attached"])] == [sent["id"]]
    assert _dicts(message["attached"])[0]["url"] == sent["url"]
    assert {one["id"] for one in _dicts(message["findings"])} >= {
        one["id"] for one in _dicts(result["findings"])
    }
    assert (conversation["run"], conversation["unfinished"]) == (None, None)
    assert project["threads"][0]["title"] == NORMALISE
    assert {one["url"] for one in project["assets"]} >= {sent["url"]}


def test_a_page_that_comes_back_in_mid_run_misses_nothing_and_hears_nothing_twice(
    web: Web, page: Page
) -> None:
    run = page.ask("What can you do?", models={"supervisor": web.models["slow"]})
    with closing(page.events(run)) as events:
        before = list(islice(events, 4))
    in_between = page.conversation()
    after = list(page.events(run, before[-1].number))

    assert in_between["run"] == {"id": run, "request": "What can you do?", "attached": []}
    assert before + after == page.to_the_end(run)
    assert after[-1].name == "end"
    done = page.http.get(f"/api/runs/{run}/events", params={"after": after[-1].number})
    assert done.status_code == 204


def test_a_cancelled_turn_ends_soon_and_can_be_resumed(web: Web, page: Page) -> None:
    run = page.ask("What can you do?", models={"supervisor": web.models["endless"]})
    page.wait_for(run, "event", "planning")
    busy = page.http.post(f"{page.thread}/runs", json={"request": "And now?"})
    cancelled = page.http.post(f"/api/runs/{run}/cancel")
    ended = page.to_the_end(run)[-1]
    offered = page.conversation()["unfinished"]
    resumed = page.to_the_end(page.ask("", resume=True, models={"supervisor": "instruments"}))

    assert (busy.status_code, cancelled.status_code) == (409, 202)
    assert ended.content == {"exit_code": 130}
    assert offered == {"request": "What can you do?"}
    assert resumed[-1].content == {"exit_code": 0}
    assert page.conversation()["unfinished"] is None


def test_two_projects_work_at_the_same_time(web: Web, page: Page) -> None:
    other = Page(page.http, f"{page.project.rpartition('/')[2]}-too")
    endless = {"supervisor": web.models["endless"]}
    first = page.ask("What can you do?", models=endless)
    second = other.ask("What can you do?", models=endless)
    thinking = [page.wait_for(run, "event", "planning") for run in (first, second)]
    for run in (first, second):
        page.http.post(f"/api/runs/{run}/cancel")

    assert [one.content["node"] for one in thinking] == ["supervisor", "supervisor"]
    assert [page.to_the_end(run)[-1].content["exit_code"] for run in (first, second)] == [130, 130]


def test_more_turns_than_can_work_at_once_wait_and_say_so(web: Web, page: Page) -> None:
    endless = {"supervisor": web.models["endless"]}
    pages = [Page(page.http, "many", f"t{number}") for number in range(5)]
    runs = [one.ask("What can you do?", models=endless) for one in pages]
    for run in runs[:4]:
        page.wait_for(run, "event", "planning")
    waits = page.wait_for(runs[4], "event").content
    for run in reversed(runs):
        page.http.post(f"/api/runs/{run}/cancel")

    assert (waits["kind"], waits["node"]) == ("waiting", "studio")
    assert {page.to_the_end(run)[-1].content["exit_code"] for run in runs} == {130}


def test_a_turn_that_can_not_be_is_refused_in_words(page: Page) -> None:
    (error,) = named(page.to_the_end(page.ask("", resume=True)), "error")
    empty = page.http.post(f"{page.thread}/runs", json={"request": " "})
    model = page.http.post(
        f"{page.thread}/runs", json={"request": "Hello", "models": {"coder": "scripted:/etc/x"}}
    )
    nonsense = page.http.post(f"{page.thread}/runs", json={"wish": "Hello"})
    missing = page.http.post(f"{page.thread}/runs", json={"request": "x", "assets": ["0" * 64]})

    assert "nothing there is unfinished" in str(error["happened"])
    statuses = [one.status_code for one in (empty, model, nonsense, missing)]
    assert statuses == [400, 400, 400, 404]
    assert all(set(one.json()["error"]) == {"tried", "happened", "do"} for one in (empty, model))


def test_the_last_turn_can_be_taken_back(page: Page) -> None:
    page.to_the_end(page.ask("The style is dark ambient"))
    undone = page.http.post(f"{page.thread}/undo").json()

    assert ["dark ambient" in str(one) for one in undone["given_up"]] == [True]
    assert page.http.get(page.project).json()["settings"] == []


@pytest.mark.parametrize("thread", ["a/b", "Mix 2 — späte Änderung", "runs", "%2e%2e"])
def test_threads_may_have_any_name(web: Web, thread: str) -> None:
    from urllib.parse import quote

    with web.client() as client:
        page = Page(client, "names", quote(thread, safe=""))
        page.to_the_end(page.ask("What note is 440 Hz?"))
        known = client.get("/api/projects/names").json()["threads"]

    assert thread in [one["id"] for one in known]


def _dicts(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def _plans(events: list[Told]) -> list[dict[str, list[dict[str, object]]]]:
    return [one.content for one in events if one.name == "plan"]  # type: ignore[misc]
