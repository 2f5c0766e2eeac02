import sys

import pytest
from pydantic import JsonValue

from tests.integration.coding.programs import REQUEST, RING
from tests.integration.web.process import Page, Web, named, tone

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what a model writes only runs in the sandbox, for Linux"
)


def asked(web: Web, page: Page) -> str:
    """A run that waits for a yes to code."""
    sent = page.upload(tone(seconds=1.0)).json()
    run = page.ask(REQUEST, [sent["id"]], models={"coder": web.models["coder"]})
    page.wait_for(run, "approval")
    return run


def say(page: Page, run: str, **decision: JsonValue) -> int:
    return page.http.post(f"/api/runs/{run}/decision", json=decision).status_code


def made(page: Page, run: str) -> set[str]:
    """Names of what a run made, once it has ended."""
    (result,) = named(page.to_the_end(run), "result")
    artifacts = result["artifacts"]
    assert isinstance(artifacts, list)
    return {str(one["name"]) for one in artifacts if isinstance(one, dict)}


def test_code_runs_once_the_page_says_yes(web: Web, page: Page) -> None:
    run = asked(web, page)
    waiting = page.conversation()
    (question,) = _list(waiting["approvals"])
    taken = say(page, run, type="approve", id=question["id"])

    args = _list(question["action_requests"])[0]["args"]
    assert isinstance(args, dict) and isinstance(args["files"], dict)
    assert args["files"]["ring.py"] == RING
    assert isinstance(waiting["run"], dict) and waiting["run"]["id"] == run
    assert taken == 202
    assert "take-ring.wav" in made(page, run)
    assert page.to_the_end(run)[-1].content == {"exit_code": 0}
    assert say(page, run, type="approve", id=question["id"]) == 400


def test_what_is_wrong_with_code_reaches_its_author_who_writes_another_version(
    web: Web, page: Page
) -> None:
    run = asked(web, page)
    say(page, run, type="reject", message="the rate is wrong")
    for event in page.events(run):
        if event.name == "approval" and event.number > page.wait_for(run, "decided").number:
            say(page, run, type="approve")
    told = page.to_the_end(run)
    late = say(page, run, type="approve")

    assert late == 400
    assert next(iter(named(told, "decided")))["type"] == "reject"
    assert told[-1].name == "end"


def test_code_runs_as_the_human_changed_it(web: Web, page: Page) -> None:
    run = asked(web, page)
    empty = say(page, run, type="edit")
    changed = RING.replace("-ring.wav", "-ringing.wav")
    taken = say(page, run, type="edit", code=changed)

    assert (empty, taken) == (400, 202)
    assert "take-ringing.wav" in made(page, run)


def _list(value: JsonValue) -> list[dict[str, JsonValue]]:
    assert isinstance(value, list)
    return [one for one in value if isinstance(one, dict)]
