"""What a home holds, held against what its user was told: nothing lost, doubled, or left behind."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from langchain_core.messages import HumanMessage

from audio.digests import digest_of
from grym_synth.result import TurnResult
from grym_synth.studio import Studio
from tests.integration.faults.killing import Attempt

PROJECT = "default"
FILES = ("memory.sqlite", "checkpoints.sqlite")
BELONGS = {
    *FILES, *(name + end for name in FILES for end in ("-wal", "-shm")),
    "owner.lock", "memory.lock", "assets", "index",
}  # fmt: skip
"""What may lie in a home between turns."""


def check_kept(studio: Studio, attempts: Sequence[Attempt], copies: Path, temporary: Path) -> None:
    """Compare all that a home keeps with what was shown.

    Args:
        studio: opened on the home, with no turn unfinished.
        attempts: every request, in order.
        copies: where results were delivered.
        temporary: the temporary folder of all commands.
    """
    check_databases(studio.home)
    check_turns(studio, attempts)
    check_notes(studio, attempts)
    check_findings(studio, attempts)
    check_files(studio, copies)
    assert {path.name for path in studio.home.iterdir()} <= BELONGS
    assert [*temporary.rglob("*")] == []
    assert studio.deps.store.flush() == 0
    assert studio.deps.store.degraded is None


def check_databases(home: Path) -> None:
    for name in FILES:
        with closing(sqlite3.connect(home / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def check_turns(studio: Studio, attempts: Sequence[Attempt]) -> None:
    """Each thread's turns are there, in a row; each answer that was shown is the one on record."""
    for thread in {one.thread for one in attempts}:
        history = studio.deps.repository.history(PROJECT, thread)
        assert [one.turn for one in history] == list(range(1, len(history) + 1))
        config = studio.config(PROJECT, thread)
        assert not studio.graph.is_unfinished(config)
        messages = studio.graph.values(config)["messages"]
        spoken = [one.text for one in messages if isinstance(one, HumanMessage)]
        recorded = [one.request for one in history]
        assert spoken == recorded[-len(spoken) :]
        assert messages[-1].text == history[-1].answer
        asked = [one.request for one in attempts if one.thread == thread]
        assert [one for one in asked if one in recorded] == recorded, "each once, in order"
        for attempt in (one for one in attempts if one.thread == thread):
            if attempt.shown is not None:
                turn = history[attempt.shown.turn - 1]
                assert turn.request == attempt.request
                assert turn.answer in attempt.shown.answer
                ended = {one.id: one.status for one in turn.tasks}
                assert ended == {one.id: one.status for one in attempt.shown.tasks}
                shown = [one.id for one in attempt.shown.artifacts]
                assert {one.id for one in turn.artifacts} <= set(shown)


def check_notes(studio: Studio, attempts: Sequence[Attempt]) -> None:
    """What was to be noted is there once where that was said, and never twice."""
    notes = Counter(one.text for one in studio.deps.repository.notes(PROJECT))
    for attempt in attempts:
        times = notes[f"take {attempt.number} is the keeper"]
        assert times == 1 if attempt.shown else times <= 1, attempt.number


def check_findings(studio: Studio, attempts: Sequence[Attempt]) -> None:
    """Every finding that was shown is on record as it was, and no fact is believed twice."""
    everything = studio.deps.repository.findings(PROJECT, superseded=True)
    kept = {finding.id: finding for finding in everything}
    assert len(kept) == len(everything)
    for finding in (one for shown in shown_of(attempts) for one in shown.findings):
        assert kept[finding.id].value == finding.value
    believed = studio.deps.repository.findings(PROJECT)
    facts = Counter((one.subject, one.aspect, one.source) for one in believed)
    assert {fact: times for fact, times in facts.items() if times > 1} == {}
    assert {one.id for one in studio.deps.repository.assets(PROJECT)} >= {
        one.id for shown in shown_of(attempts) for one in shown.artifacts
    }


def check_files(studio: Studio, copies: Path) -> None:
    """Stored files are what they are named after, and each copy is a whole stored file."""
    stored = {path.stem: path for path in (studio.home / "assets").rglob("*") if path.is_file()}
    for path in (studio.home / "assets").rglob("*"):
        if path.is_file() and path.suffix != ".json":
            assert digest_of(path) == path.stem
    for turn in studio.deps.repository.history(PROJECT):
        for artifact in turn.artifacts:
            assert studio.deps.assets.path(studio.deps.assets.ref(artifact.id)).is_file()
    for copy in copies.rglob("*"):
        assert digest_of(copy) in stored, copy


def check_copies(attempts: Sequence[Attempt]) -> None:
    """The copies that were shown lie where they were said to lie."""
    for artifact in (one for shown in shown_of(attempts) for one in shown.artifacts):
        assert digest_of(Path(artifact.path)) == artifact.sha256


def shown_of(attempts: Iterable[Attempt]) -> list[TurnResult]:
    """What was acknowledged."""
    return [one.shown for one in attempts if one.shown is not None]
