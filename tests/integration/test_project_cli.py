"""``grym project``: what a project knows, now and then, and how it travels."""

import json
import os
from pathlib import Path

import pytest

from tests.integration.command import Grym, command


@pytest.fixture
def grym(home: Path, capsys: pytest.CaptureFixture[str]) -> Grym:
    run = command(capsys)
    os.environ |= {"GRYM_HOME": str(home), "GRYM_EMBEDDER": "lexical"}
    assert run("project", "new", "tape").returncode == 0
    return run


def state(grym: Grym, field: str, value: str) -> None:
    assert grym("project", "set", field, value, "--project", "tape").returncode == 0


def test_what_is_stated_is_shown_as_typed_words(grym: Grym) -> None:
    state(grym, "section", "chorus: bars 17-32")
    state(grym, "element", "drums: dusty, in the chorus")
    state(grym, "deadline", "mix by 2026-12-01")
    shown = json.loads(grym("project", "show", "tape", "--json").stdout)
    assert [(one["name"], one["first_bar"]) for one in shown["sections"]] == [("chorus", 17)]
    assert [one["section"] for one in shown["elements"]] == ["chorus"]
    assert [(one["what"], one["date"]) for one in shown["timeline"]] == [("mix", "2026-12-01")]
    assert [one["field"] for one in shown["settings"]] == ["section", "element", "deadline"]


def test_notes_are_made_at_places_and_found_by_kind_and_words(grym: Grym) -> None:
    state(grym, "section", "chorus: bars 17-32")
    noted = grym("project", "note", "tape", "reverb below 1 s", "--kind", "requirement",
                 "--section", "CHORUS", "--json")  # fmt: skip
    made = json.loads(noted.stdout)
    assert made["place"] == {"level": "section", "name": "chorus"}
    grym("project", "note", "tape", "GET /render returns a WAV", "--kind", "api")
    for words in (["reverb"], ["--kind", "requirement"], ["--section", "chorus", "below 1 s"]):
        found = json.loads(grym("project", "search", "tape", *words, "--json").stdout)
        assert made["id"] in [one["id"] for one in found], words
    assert "nothing" in grym("project", "search", "tape", "x", "--kind", "performance").stdout


def test_a_former_goal_is_told_with_when_and_why(grym: Grym) -> None:
    state(grym, "goal", "a demo")
    state(grym, "goal", "a release")
    told = grym("project", "search", "tape", "--kind", "goal", "--ended").stdout
    assert "a demo (until" in told and "stated on the command line" in told
    assert "a release (until" not in told


def test_history_tells_plan_rounds_cost_and_answer_and_earlier_beliefs(
    grym: Grym, tone: Path
) -> None:
    asked = grym("ask", "how loud is it?", "--audio", tone, "--project", "tape")
    assert asked.returncode == 0, asked.stderr
    grym("ask", "Our goal is a release.", "--project", "tape")
    told = grym("project", "history", "tape", "--full").stdout
    for part in ("planned: 1 task", "round 1, gama", "measured", "integrated", "cost:", "LUFS"):
        assert part in told, part
    turns = json.loads(grym("project", "history", "tape", "--turn", "1", "--full", "--json").stdout)
    outcomes = [step["outcome"] for step in turns[0]["steps"]]
    work = ["planned", "done", "integrated", "answered"]
    assert [one for one in outcomes if one in work] == work
    assert turns[0]["reports"][0]["findings"] and turns[0]["seconds"] > 0
    then = json.loads(grym("project", "show", "tape", "--turn", "1", "--json").stdout)
    now = json.loads(grym("project", "show", "tape", "--json").stdout)
    assert (then["settings"], [one["field"] for one in now["settings"]]) == ([], ["goal"])
    assert then["findings"] == now["findings"] != []
    assert (
        json.loads(grym("project", "show", "tape", "--at", "2020-01-01", "--json").stdout)["assets"]
        == []
    )


def test_a_project_travels_and_what_is_missing_is_told(
    grym: Grym, tone: Path, tmp_path: Path
) -> None:
    grym("ask", "how loud is it?", "--audio", tone, "--project", "tape")
    assert grym("project", "export", "tape", "--to", tmp_path / "a").returncode == 0
    assert grym("project", "import", tmp_path / "a").returncode == 2
    assert grym("project", "import", tmp_path / "a", "--as", "tape 2").returncode == 0
    os.environ["GRYM_HOME"] = str(tmp_path / "other home")
    assert grym("project", "import", tmp_path / "a", "--json").returncode == 0
    assert grym("project", "export", "tape", "--to", tmp_path / "b").returncode == 0
    for one, other in zip(*(sorted((tmp_path / name).rglob("*.*")) for name in "ab"), strict=True):
        assert one.is_dir() or one.read_bytes() == other.read_bytes()
    (asset,) = (tmp_path / "a" / "assets").iterdir()
    asset.unlink()
    os.environ["GRYM_HOME"] = str(tmp_path / "third home")
    came = grym("project", "import", tmp_path / "a")
    assert came.returncode == 1 and "tone.wav" in came.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["note", "tape", "x", "--kind", "mood"],
        ["note", "tape", "  "],
        ["note", "tape", "x", "--section", "nowhere"],
        ["note", "none", "x"],
        ["search", "tape", "x", "--kind", "mood"],
        ["search", "tape", "x", "--ended"],
        ["search", "none", "x"],
        ["show", "tape", "--turn", "9"],
        ["show", "tape", "--at", "yesterday-ish"],
        ["show", "tape", "--at", "2026-01-01", "--turn", "1"],
        ["history", "tape", "--turn", "9"],
        ["import", "no-such-folder"],
        ["forget", "tape", "--entry", "nothing"],
        ["forget", "tape", "--entry", "a", "--thread", "b"],
    ],
)
def test_what_can_not_be_is_refused_with_code_2_and_words(grym: Grym, words: list[str]) -> None:
    ended = grym("project", *words)
    assert ended.returncode == 2 and ended.stderr.strip() and "Traceback" not in ended.stderr
