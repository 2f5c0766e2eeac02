import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from pydantic import JsonValue

from tests.integration.coding.programs import REQUEST
from tests.integration.web.process import Page, Web, named, tone

ENDLESS = "Normalise this to -20 LUFS"


class Before(NamedTuple):
    """What was before the process was killed."""

    key: str
    file: str
    """Address of an uploaded file."""
    cut_off: str
    """The run that was thinking."""
    asked: str
    """The run that waited for a yes."""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Before]]:
    """A studio that was killed while one turn worked and another waited for a yes, and is back."""
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    web = Web(tmp_path_factory.mktemp("killed"))
    try:
        web.start()
        before = _begin(web)
        web.kill()
        web.start()
        yield web, before
    finally:
        web.stop()


def _begin(web: Web) -> Before:
    with web.client() as client:
        works, waits = Page(client, "works"), Page(client, "waits")
        sent = works.upload(tone()).json()
        endless = {"supervisor": web.models["endless"]}
        cut_off = works.ask(ENDLESS, [sent["id"]], models=endless)
        clip = waits.upload(tone()).json()
        asked = waits.ask(REQUEST, [clip["id"]], models={"coder": web.models["coder"]})
        works.wait_for(cut_off, "event", "planning")
        waits.wait_for(asked, "approval")
        return Before(web.note.key, sent["url"], cut_off, asked)


def test_a_turn_that_was_cut_off_is_offered_and_goes_on(killed: tuple[Web, Before]) -> None:
    web, before = killed
    with web.client() as client:
        page = Page(client, "works")
        gone = client.get(f"/api/runs/{before.cut_off}/events").status_code
        offered = page.conversation()["unfinished"]
        quick = {"supervisor": "instruments"}
        told = page.to_the_end(page.ask("", resume=True, models=quick))
        file = client.get(before.file).status_code

    assert (web.note.key, gone) == (before.key, 404)
    assert offered == {"request": ENDLESS}
    assert told[-1].content == {"exit_code": 0}
    assert file == 200


def test_a_question_is_still_open_and_its_turn_goes_on_with_the_answer(
    killed: tuple[Web, Before],
) -> None:
    web, before = killed
    with web.client() as client:
        page = Page(client, "waits")
        waiting = page.conversation()
        assert isinstance(waiting["run"], dict)
        run = str(waiting["run"]["id"])
        replayed = page.wait_for(run, "approval").content
        decided = client.post(f"/api/runs/{run}/decision", json={"type": "approve"})
        told = page.to_the_end(run)
        (result,) = named(told, "result")
        after = page.conversation()

    assert (waiting["run"]["request"], run != before.asked) == (REQUEST, True)
    assert [replayed["id"]] == [one["id"] for one in _dicts(waiting["approvals"])]
    assert (decided.status_code, told[-1].content) == (202, {"exit_code": 0})
    assert "take-ring.wav" in {one["name"] for one in _dicts(result["artifacts"])}
    assert (after["approvals"], after["run"]) == ([], None)


def _dicts(value: JsonValue) -> list[dict[str, JsonValue]]:
    assert isinstance(value, list)
    return [one for one in value if isinstance(one, dict)]
