"""Running summaries: what they tell, when they are written anew, and what they never say."""

from collections.abc import Iterator

import pytest
from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Criterion,
    Finding,
    Note,
    Place,
    ProjectSetting,
    Subject,
    Summary,
    Task,
    TurnRecord,
)
from memory.hierarchy.extractive import Draft
from memory.hierarchy.summary_parts import Material
from memory.repository import Repository
from memory.store import GrymStore

MIX = AssetRef(id="aa" * 32, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=90.0)
LEAD = Place(level="element", name="lead vocal")


@pytest.fixture
def memory() -> Iterator[Repository]:
    with GrymStore() as store:
        repository = Repository(store)
        repository.ensure_project("demo")
        repository.add_assets("demo", [MIX])
        yield repository


def state(memory: Repository, field: str, value: str) -> None:
    memory.set("demo", ProjectSetting.model_validate({"field": field, "value": value}))


def found(aspect: str, value: JsonValue, unit: str = "", start: float | None = None) -> Finding:
    end = None if start is None else start + 1
    return Finding.make(
        Subject(kind="asset", id=MIX.id, start=start, end=end),
        aspect,
        value,
        unit=unit,
        evidence="measured",
        source="gama/bench@1",
        method="",
        confidence=0.9,
    )


def text(memory: Repository, place: Place | None = None) -> str:
    summary = memory.summary("demo", place or Place())
    return summary.text if summary else ""


class Scripted:
    """Says what it was told to say."""

    source = "supervisor/scripted@1"

    def __init__(self, said: str) -> None:
        self.said = said

    def summarise(self, material: Material) -> Draft:
        return Draft(self.said, tuple(record.id for record in material.records))


def test_what_the_user_wants_leads_word_for_word_then_what_is_in_dispute(
    memory: Repository,
) -> None:
    state(memory, "goal", "a warm, dark record")
    state(memory, "constraint", "no louder than -14 LUFS")
    key, other = found("key", "F minor"), found("tempo.bpm", 92.0, "BPM")
    memory.add_findings("demo", [key, other])
    memory.add_conflicts(
        "demo",
        [Conflict(aspect="key", findings=(key.id,), kept=None, rule="", why="two keys were said",
                  status="open")],
    )  # fmt: skip
    memory.refresh_summaries("demo")
    first, second, third = text(memory).splitlines()
    assert first == "goal: a warm, dark record; constraint: no louder than -14 LUFS."
    assert second == "Open: key, two keys were said."
    assert third.startswith("mix.wav: ") and "tempo 92 BPM" in third and "key F minor" in third


def test_a_summary_stays_short_whatever_there_is(memory: Repository) -> None:
    state(memory, "goal", "a record " * 300)
    memory.add_notes("demo", [Note.make("decision", f"{n} " + "word " * 80) for n in range(9)])
    memory.add_findings("demo", [found(f"x.{n}", float(n), "dB") for n in range(200)])
    memory.refresh_summaries("demo")
    assert 20 < len(text(memory).split()) <= 120


def test_writing_again_from_the_same_entries_writes_nothing(memory: Repository) -> None:
    memory.add_findings("demo", [found("key", "F minor")])
    assert memory.refresh_summaries("demo")
    assert memory.refresh_summaries("demo") == ()


def test_a_summary_is_written_anew_when_enough_came_and_not_before(memory: Repository) -> None:
    memory.add_notes(
        "demo", [Note.make("note", f"thought {n} {'abcdefg'[n % 7]}") for n in range(40)]
    )
    memory.refresh_summaries("demo")
    memory.add_findings("demo", [found(f"x.{n}", n) for n in range(4)])
    assert memory.refresh_summaries("demo") == ()
    memory.add_findings("demo", [found("x.4", 4)])
    assert [one.place for one in memory.refresh_summaries("demo")] == [Place()]


def test_a_summary_never_goes_on_telling_what_no_longer_holds(memory: Repository) -> None:
    memory.add_notes("demo", [Note.make("note", f"thought {n}") for n in range(40)])
    memory.add_findings("demo", [found("key", "F minor")])
    memory.refresh_summaries("demo")
    assert "key F minor" in text(memory)
    newer = found("key", "C major").model_copy(update={"source": "gama/bench@2", "id": "f-2"})
    memory.add_findings("demo", [newer])
    memory.refresh_summaries("demo")
    assert "key C major" in text(memory) and "F minor" not in text(memory)


def test_another_statement_of_the_user_rewrites_the_summary_of_its_place(
    memory: Repository,
) -> None:
    state(memory, "element", "lead vocal: mix.wav, dry")
    memory.add_notes("demo", [Note.make("note", f"thought {n}", LEAD) for n in range(40)])
    memory.refresh_summaries("demo")
    state(memory, "element", "lead vocal: mix.wav, with a long hall")
    memory.refresh_summaries("demo")
    assert text(memory, LEAD).startswith("lead vocal: mix.wav, with a long hall.")


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        ("The mix runs at 92 BPM.", True),
        ("The mix runs at 92 BPM and peaks at -3 dB.", False),
        ("", False),
    ],
)
def test_a_models_summary_with_numbers_of_its_own_is_not_taken(
    memory: Repository, said: str, is_kept: bool
) -> None:
    memory.add_findings("demo", [found("tempo.bpm", 92.0, "BPM")])
    (summary,) = memory.refresh_summaries("demo", summariser=Scripted(said))
    assert (summary.text == said) is is_kept
    assert (summary.source == Scripted.source) is is_kept and "92 BPM" in summary.text


def test_what_is_asked_about_most_is_told_first(memory: Repository) -> None:
    memory.add_findings(
        "demo",
        [found("tempo.bpm", 92.0, "BPM"), found("key", "F minor"), found("stereo.width", 0.4)],
    )
    wide = Criterion(aspect="stereo.width", op=">=", value=0.5)
    task = Task(id="t", agent="gama", objective="o", criteria=(wide,))
    turn = TurnRecord(
        thread="main", turn=1, when="2026-01-01", request="wider", answer="", tasks=(task,)
    )
    memory.add_turn("demo", turn)
    memory.refresh_summaries("demo")
    assert "mix.wav: stereo width 0.4;" in text(memory)


def test_summaries_of_an_older_numbering_are_written_anew(memory: Repository) -> None:
    memory.add_findings("demo", [found("key", "F minor")])
    (summary,) = memory.refresh_summaries("demo")
    moved = Summary.model_validate({**summary.model_dump(), "newest": 10**6, "text": "old"})
    memory.add_summary("demo", moved)
    assert memory.refresh_summaries("demo") and text(memory) != "old"
