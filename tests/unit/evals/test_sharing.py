from pathlib import Path

import pytest

from evals.sharing import WAYS, figures, reached, run
from evals.sharing_score import states
from evals.sharing_set import FindingEntry, NoteEntry, SectionEntry, load

AT = "2026-03-02T10:00:00Z"
SET = """{"form": 1, "project": {"name": "song"}, "entries": [
 {"id": "a1", "kind": "asset", "turn": 1, "at": "%(at)s", "media": "audio", "name": "mix_v1.wav"},
 {"id": "a2", "kind": "asset", "turn": 1, "at": "%(at)s", "media": "audio", "name": "mix_v2.wav",
  "text": "the approved mix"},
 {"id": "s1", "kind": "section", "level": "section", "place": "bridge", "turn": 1, "at": "%(at)s",
  "start": 64.0, "end": 80.5, "text": "quiet"},
 {"id": "g1", "kind": "constraint", "turn": 1, "at": "%(at)s", "text": "Master at -16 LUFS"},
 {"id": "g2", "kind": "constraint", "turn": 2, "at": "%(at)s", "text": "Master at -14 LUFS",
  "supersedes": "g1"},
 {"id": "f1", "kind": "finding", "turn": 2, "at": "%(at)s",
  "subject": {"kind": "asset", "id": "a2"},
  "aspect": "loudness.integrated_lufs", "value": -17.5, "unit": "LUFS", "evidence": "measured",
  "source": "gama/measure@1", "confidence": 1.0},
 {"id": "t1", "kind": "turn", "turn": 2, "at": "%(at)s", "thread": "main", "request": "Hello there",
  "answer": "Hello"}],
 "tasks": [{"id": "q1", "agent": "gama", "objective": "Is the bridge loud enough for the master?",
  "inputs": ["a2"], "section": "bridge", "necessary": [{"id": "g2", "why": "the target"},
  {"id": "s1", "why": "where"}, {"id": "f1", "why": "what was measured"}]}]}
"""


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    path = tmp_path / "set.json"
    path.write_text(SET % {"at": AT}, encoding="utf-8")
    return path


def entry_of(dataset: Path, name: str) -> object:
    (labelled,) = load(dataset)
    return next(one for one in labelled.entries if one.id == name)


def test_a_fact_is_stated_by_its_value_and_no_other(dataset: Path) -> None:
    finding = entry_of(dataset, "f1")
    assert isinstance(finding, FindingEntry)
    assert states(finding, "loudness -17.5 LUFS")
    assert not states(finding, "loudness -17 LUFS")
    assert not states(finding, "loudness")


def test_a_section_is_stated_by_its_name_and_bounds(dataset: Path) -> None:
    section = entry_of(dataset, "s1")
    assert isinstance(section, SectionEntry)
    assert states(section, "section bridge: 64 to 80.5 s")
    assert not states(section, "section bridge: 64 to 81 s")
    assert not states(section, "section chorus: 64 to 80.5 s")


def test_a_note_is_stated_by_its_numbers_and_most_of_its_words() -> None:
    note = NoteEntry(
        id="n", kind="decision", turn=1, at=AT, title="Breaths",
        text="The singer wants her breaths audible in verse 1. No gate on the lead.",
    )  # fmt: skip
    assert states(note, "singer wants breaths audible verse 1, gate lead")
    assert not states(note, "singer wants breaths audible verse, gate lead")
    assert not states(note, "breaths 1")


def test_a_set_is_tried_in_all_ways_on_a_real_memory(dataset: Path) -> None:
    outcomes = run(dataset)
    told = figures(outcomes)
    assert [one.way for one in outcomes] == list(WAYS)
    assert told["package"]["recall"] == told["everything"]["recall"] == 1
    assert told["last 20 messages"]["recall"] == 0
    assert outcomes[0].share > 0.1 and not reached(told)
