"""Contradictions between equal measurements: told when asked for, settled by the user's reply."""

import pytest

from audio.assets import AssetRef
from grym_synth.studio import Studio
from memory.context import Conflict, Finding, Subject
from memory.distilling.conflicts import find_conflicts
from tests.integration.talk.asking import ask


def disagree(studio: Studio, file: AssetRef, first: float, second: float) -> None:
    """Let two instruments measure two tempos of a file, equally sure and at one time."""
    sides = [
        Finding.make(
            Subject(kind="asset", id=file.id),
            "tempo.bpm",
            value,
            unit="BPM",
            evidence="measured",
            source=f"gama/{name}@1",
            method="made for a test",
            confidence=0.8,
        ).model_copy(update={"turn": 1, "at": "2026-01-01T00:00:00+00:00"})
        for name, value in (("beats", first), ("pulse", second))
    ]
    studio.deps.repository.ensure_project("default")
    studio.deps.repository.add_assets("default", [file])
    studio.deps.repository.add_findings("default", sides)
    studio.deps.repository.add_conflicts("default", find_conflicts(sides))


def only_conflict(studio: Studio) -> Conflict:
    (conflict,) = studio.deps.repository.conflicts("default")
    return conflict


@pytest.mark.parametrize(
    "question",
    [
        "what conflicts are open?",
        "Welche Widersprüche sind noch offen?",
        "are there contradictions?",
    ],
)
def test_open_contradictions_are_told_in_any_thread_and_the_reply_settles_them(
    studio: Studio, tone: AssetRef, question: str
) -> None:
    assert "no contradiction is open" in ask(studio, question)
    disagree(studio, tone, 128.0, 100.0)
    told = studio.ask(question, thread="other").answer
    assert "128 BPM (measured by beats) against 100 BPM (measured by pulse): open" in told
    assert told.endswith("Which tempo holds for song.wav: 128 BPM or 100 BPM?")
    assert "100 BPM holds as you decided" in studio.ask("the second", thread="other").answer
    assert only_conflict(studio).rule.startswith("user")
    assert "no contradiction is open" in ask(studio, question)


def test_a_reply_settles_what_was_asked_about_a_file_that_nobody_works_on_now(
    studio: Studio, tone: AssetRef
) -> None:
    disagree(studio, tone, 128.0, 100.0)
    ask(studio, "note that the hall is booked until 9 pm")
    ask(studio, "which contradictions are there?")
    ask(studio, "128 bpm")
    assert only_conflict(studio).status == "settled"


def test_a_question_about_what_conflicts_in_the_sound_is_none_about_memory(
    studio: Studio, tone: AssetRef
) -> None:
    result = studio.ask("what conflicts with the vocal in the low mids?", [tone])
    assert [task.agent for task in result.tasks] == ["gama"]
