"""Forgetting entries: all versions go, with what quotes them, from every file of the home."""

from pathlib import Path

import pytest

from grym_synth.forgetting import forget
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.checkpoints import open_saver
from memory.context import Element, Note, Place, Summary
from memory.filing.records import now
from memory.recall.listing import Query


@pytest.fixture(params=["lexical", "minilm"])
def settings(home: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(home=home, models="instruments", embedder=request.param)


def traces(home: Path, word: str) -> list[str]:
    """Files and threads that hold a word."""
    files = [path for path in home.rglob("*") if path.is_file()]
    found = [str(path) for path in files if word.lower().encode() in path.read_bytes().lower()]
    with open_saver(home / "checkpoints.sqlite") as saver:
        return found + [name for name in saver.threads() if saver.holds(name, {word})]


def test_a_forgotten_deadline_leaves_no_trace_in_any_version(
    settings: Settings, home: Path
) -> None:
    with open_studio(settings=settings) as studio:
        studio.ask("The deadline is Zanzibarday, 2026-12-01.")
        studio.ask("The style is lo-fi.")
        studio.ask("The deadline is 2026-12-24.")
        memory = studio.deps.repository
        assert [one.date for one in memory.timeline("default")] == ["2026-12-24"]
        (deadline,) = memory.entries("default", Query(kinds=("deadline",))).records
    assert traces(home, "Zanzibarday")
    told = forget(settings, "default", entry=deadline.id)
    assert "2 deadline" in told, told
    assert traces(home, "Zanzibarday") == [] and traces(home, "2026-12-24") == []
    with open_studio(settings=settings) as studio:
        memory = studio.deps.repository
        assert [one.field for one in memory.settings("default")] == ["style"]
        requests = [one.request for one in memory.history("default")]
        assert requests == ["(forgotten)", "The style is lo-fi.", "(forgotten)"]


def test_a_forgotten_note_goes_with_the_summary_that_was_made_from_it(
    settings: Settings, home: Path
) -> None:
    place = Place(level="element", name="drums")
    secret = Note.make("decision", "the Yggdrasilophone is out", place)
    other = Note.make("decision", "the tambourine stays", place)
    with open_studio(settings=settings) as studio:
        memory = studio.deps.repository
        memory.ensure_project("tape")
        memory.add_notes("tape", [secret, other], now("main", 1))
        summary = Summary(
            place=place, text="Yggdrasilophone out.", entries=(secret.id,), source="rules"
        )
        memory.add_summary("tape", summary)
    told = forget(settings, "tape", entry=secret.id)
    assert "1 decision, 1 summary" in told
    assert traces(home, "Yggdrasilophone") == []
    with open_studio(settings=settings) as studio:
        assert [one.id for one in studio.deps.repository.notes("tape")] == [other.id]


def test_a_forgotten_file_leaves_its_element_and_takes_its_reports_and_notes(
    home: Path, tmp_path: Path
) -> None:
    settings = Settings(home=home, models="instruments", embedder="lexical")
    paths = [tmp_path / name for name in ("Zanzibarquux.txt", "Plainsound.txt")]
    for path in paths:
        path.write_text(f"words of {path.stem[:5]}")
    with open_studio(settings=settings) as studio:
        secret, plain = studio.attach([(path, None) for path in paths])
        memory = studio.deps.repository
        memory.ensure_project("tape")
        memory.add_assets("tape", [secret, plain], now("main", 1))
        memory.state("tape", Element(name="lyrics", assets=(secret.id, plain.id)))
        memory.add_notes(
            "tape", [Note.make("note", "too long", assets=(secret.id,)), Note.make("note", "ok?")]
        )
    forget(settings, "tape", asset="Zanzibarquux.txt")
    assert traces(home, "Zanzibarquux") == [] and traces(home, secret.id) == []
    with open_studio(settings=settings) as studio:
        memory = studio.deps.repository
        assert [one.assets for one in memory.elements("tape")] == [(plain.id,)]
        assert [one.text for one in memory.notes("tape")] == ["ok?"]


def test_a_forgotten_thread_takes_what_was_stated_in_it(settings: Settings, home: Path) -> None:
    with open_studio(settings=settings) as studio:
        studio.ask("The style is Zanzibarcore.", thread="Hidden")
        studio.ask("The goal is an EP.", thread="open")
    forget(settings, "default", thread="Hidden")
    assert traces(home, "Zanzibarcore") == [] and traces(home, "hidden") == []
    with open_studio(settings=settings) as studio:
        settings_left = studio.deps.repository.settings("default")
        assert [one.field for one in settings_left] == ["goal"]
