"""The end of unpacking: the report, the files in their folders, and what memory keeps."""

from collections.abc import Sequence

from pydantic import JsonValue

from agents.base import file_stem, source_of
from agents.unpacking.analysis import Analysis
from agents.unpacking.listening import Heard
from agents.unpacking.separating import Stems
from agents.unpacking.telling import page, summary
from agents.unpacking.writing import Written
from agents.workflows.checks import Check
from agents.workflows.reporting import artifact_of, report_of, write_report
from audio.assets import AssetRef, AssetStore
from audio.transcribing import network
from memory.context import (
    Artifact,
    ArtifactKind,
    ContextPackage,
    Degraded,
    Finding,
    Report,
    Subject,
    Task,
    Word,
)

_ASPECTS = {
    "tempo": "tempo.bpm",
    "meter": "meter",
    "key": "key",
    "loudness_integrated": "loudness.integrated_lufs",
    "loudness_range": "loudness.range_lu",
    "true_peak": "loudness.true_peak_dbtp",
}
"""Facts that become findings of the project, and their aspects."""


class Unpacked(Word):
    """All that was made of a recording."""

    recording: AssetRef
    analysis: Analysis
    heard: Heard
    stems: Stems
    written: Written
    pictures: tuple[AssetRef, ...] = ()


def finish(
    task: Task,
    package: ContextPackage,
    made: Unpacked,
    checks: Sequence[Check],
    title: str,
    assets: AssetStore,
) -> Report:
    """Write the report and hand everything over.

    Args:
        task: the workflow's task.
        package: what it was handed of the project memory.
        made: all that was made.
        checks: what was checked of it.
        title: of the session.
        assets: where files go.
    """
    folder = file_stem(title)
    files = [*_files(made, folder, task)]
    told, read = write_report(
        f"{title}: unpacked",
        checks,
        _facts(made, files),
        page(made.analysis, made.heard, made.written),
        assets,
    )
    files += [artifact_of(one, "report", folder, task) for one in (told, read)]
    return report_of(
        task,
        package,
        checks,
        files,
        findings=_findings(task, made),
        summary=summary(made.analysis, made.heard),
        degraded=_degraded(),
    )


def _files(made: Unpacked, folder: str, task: Task) -> list[Artifact]:
    stems, written = made.stems, made.written
    placed: list[tuple[AssetRef | None, ArtifactKind, str]] = [
        (written.analysis, "report", ""),
        (written.session, "session", ""),
        (written.midi, "midi", ""),
        (written.score, "score", ""),
        (stems.harmonic, "audio", "/stems"),
        (stems.percussive, "audio", "/stems"),
        *((one, "audio", "/stems/instruments") for one in stems.by_model),
        *((one, "image", "/pictures") for one in made.pictures),
    ]
    return [
        artifact_of(ref, kind, folder + below, task)
        for ref, kind, below in placed
        if ref is not None
    ]


def _facts(made: Unpacked, files: Sequence[Artifact]) -> dict[str, JsonValue]:
    """What scripts read beside the checks."""
    facts = made.analysis.model_dump(mode="json")["facts"]
    lists = ("beats", "downbeats", "chords", "sections", "tempo_alternatives")
    return {
        "recording": {"name": made.recording.name, "sha256": made.recording.id},
        "seconds": made.analysis.seconds,
        "figures": {name: fact for name, fact in facts.items() if name not in lists},
        "transcribed_by": made.heard.source,
        "files": [
            {"name": f"{one.folder}/{one.name}", "kind": one.kind, "sha256": one.id}
            for one in files
        ],
    }


def _findings(task: Task, made: Unpacked) -> list[Finding]:
    """The single facts of the recording, for the project's memory."""
    found = []
    for name, aspect in _ASPECTS.items():
        fact = made.analysis.facts[name]
        found.append(
            Finding.make(
                Subject(kind="asset", id=made.recording.id),
                aspect,
                fact.value,
                unit=fact.unit,
                evidence="measured",
                source=source_of(task.agent, "unpack"),
                method=fact.method,
                confidence=fact.confidence,
            )
        )
    return found


def _degraded() -> list[Degraded]:
    """What ran on less than it could."""
    if network.is_there():
        return []
    return [
        Degraded(
            role="transcription",
            wanted=network.NAME,
            used="harmonic sums of the spectrum",
            why="the network is not installed (`pip install --no-deps basic-pitch`)",
        )
    ]
