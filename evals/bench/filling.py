"""Projects of any size for benchmarks: mixes that were measured over and over, as albums are made.

Everything comes from the numbers of the project and of the entry, so that two fillings are equal.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from audio.assets import AssetRef
from memory.context import Conflict, Finding, ProjectSetting, Subject, Task, TurnRecord
from memory.repository import Repository

ASPECTS = (
    ("loudness.integrated_lufs", "LUFS"),
    ("loudness.true_peak_dbtp", "dBTP"),
    ("loudness.range_lu", "LU"),
    ("tempo.bpm", "BPM"),
    ("stereo.correlation", ""),
    ("spectrum.band_db.low_mid", "dB"),
)
"""What is measured of every mix and of each part of it."""

PARTS = 15
"""Regions of ten seconds of each mix that are measured by themselves."""

PER_ASSET = 1 + len(ASPECTS) * (PARTS + 1)
"""Entries that one mix brings: itself and its findings."""

PER_TURN = 30
"""Findings that one turn brings."""

SONGS = ("Lantern", "Harbour", "Granite", "Paper Moon", "Undertow", "Sunday", "Static", "Ember")
STATES = ("rough", "mix", "master", "stems", "edit", "dub")
REQUESTS = (
    "measure the loudness of {name}",
    "is the low mid of {name} muddy in the second chorus?",
    "how wide is {name} against the reference?",
    "what tempo did we settle on for the verse?",
    "write a limiter that holds the true peak of {name} below -1 dBTP",
    "show me the spectrogram of {name}",
)


class Spread:
    """Stands in for a real embedder while a large memory is filled: random unit vectors.

    Texts that share their first word lie near each other, so that the index has something to sort.
    """

    name = "spread"
    dimensions = 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), 384)."""
        vectors = np.array([self._one(text) for text in texts], np.float32)
        vectors = vectors.reshape(-1, self.dimensions)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _one(self, text: str) -> NDArray[np.float32]:
        near = np.random.default_rng(zlib.crc32(text.split(" ")[0].encode()))
        grain = np.random.default_rng(zlib.crc32(text.encode()))
        centre: NDArray[np.float32] = near.standard_normal(self.dimensions, np.float32)
        return centre + grain.standard_normal(self.dimensions, np.float32)


def fill(memory: Repository, project: str, entries: int) -> None:
    """Give a project settings, mixes with their findings, turns and conflicts.

    Args:
        memory: what is written to.
        project: the project's name.
        entries: about how many entries in all.
    """
    memory.ensure_project(project)
    for field, value in (("goal", "a warm, dark record"), ("constraint", "-14 LUFS at most")):
        memory.set(project, _setting(field, value))
    mixes = max(1, round(entries / (PER_ASSET * (1 + 1 / PER_TURN))))
    for number in range(mixes):
        mix = asset(number)
        memory.add_assets(project, [mix])
        found = list(findings_of(mix, number))[: max(1, entries - 3)]
        memory.add_findings(project, found)
        memory.add_conflicts(project, conflicts_of(found))
        for part in range(0, len(found), PER_TURN):
            written = found[part : part + PER_TURN]
            memory.add_turn(project, turn_of(mix, 1 + number * 4 + part // PER_TURN, written))


def _setting(field: str, value: str) -> ProjectSetting:
    return ProjectSetting.model_validate({"field": field, "value": value})


def asset(number: int) -> AssetRef:
    """The mix of a number."""
    song, state = SONGS[number % len(SONGS)], STATES[number // len(SONGS) % len(STATES)]
    return AssetRef(
        id=f"{number + 1:064x}",
        name=f"{song} {state} {number:04d}.wav",
        kind="audio",
        suffix="wav",
        size_bytes=30_000_000,
        seconds=180.0,
        sample_rate_hz=44100,
        channels=2,
    )


def findings_of(mix: AssetRef, turn: int) -> Iterator[Finding]:
    """What is measured of a mix and of each of its parts."""
    for part in range(-1, PARTS):
        region = {} if part < 0 else {"start": 10.0 * part, "end": 10.0 * part + 10}
        for place, (aspect, unit) in enumerate(ASPECTS):
            value = round((zlib.crc32(f"{mix.id}{part}{aspect}".encode()) % 4000) / 100 - 20, 2)
            subject = Subject(kind="asset", id=mix.id, **region)
            made = Finding.make(
                subject,
                aspect,
                value,
                unit=unit,
                evidence="measured",
                source=f"gama/bench-{place}@1",
                method="made for a benchmark",
                confidence=0.9,
            )
            yield made.model_copy(update={"turn": turn, "at": "2026-01-01T00:00:00+00:00"})


def conflicts_of(found: Sequence[Finding]) -> list[Conflict]:
    """One settled conflict about every fortieth finding."""
    return [
        Conflict(
            aspect=one.aspect,
            findings=(one.id,),
            kept=one.id,
            rule="evidence",
            why="a measurement against what was said",
            status="settled",
        )
        for one in found[::40]
    ]


def turn_of(mix: AssetRef, number: int, written: Sequence[Finding]) -> TurnRecord:
    """The record of a turn that measured a mix; eight threads take turns."""
    return TurnRecord(
        thread=f"session {number % 8}",
        turn=number,
        when=(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)).isoformat(),
        request=request_of(mix, number),
        answer=f"{mix.name}: {len(written)} values were measured. It is a little loud.",
        tasks=(Task(id=f"t{number}", agent="gama", objective="measure it", inputs=(mix.id,)),),
        findings=tuple(one.id for one in written),
    )


def request_of(mix: AssetRef, number: int) -> str:
    """What a user says about a mix."""
    return REQUESTS[number % len(REQUESTS)].format(name=mix.name)
