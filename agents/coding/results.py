"""What a run left: stored, measured, and held against what was asked."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.base import finding_of, source_of
from agents.coding.sound_facts import SILENT, SoundFacts, sound_facts
from agents.coding.words import Draft, Outcome, Sort
from agents.judging.criteria import judge
from agents.wording import criterion_text
from audio.assets import AssetRef, AssetStore
from audio.measure import measure
from audio.media import AssetKind, kind_of
from grym_synth.errors import MediaRejected, SoundUnusable
from memory.context import Artifact, ArtifactKind, Criterion, Finding

ALWAYS_MEASURED = (
    "duration.seconds",
    "sample_rate.hz",
    "channels",
    "loudness.integrated_lufs",
    "loudness.true_peak_dbtp",
    "clipping.samples",
)
"""Every sound is measured for these, beside the aspects of the criteria."""

_SORTS: Mapping[AssetKind, Sort] = {
    "audio": "sound", "image": "picture", "midi": "notes", "score": "notes", "text": "text",
}  # fmt: skip
_KINDS: Mapping[AssetKind, ArtifactKind] = {
    "audio": "audio", "image": "image", "midi": "midi", "score": "score", "text": "report",
}  # fmt: skip


@dataclass
class Results:
    """Takes what a run left, file by file."""

    assets: AssetStore
    task: str
    maker: str
    """The string that opens the model that wrote the code."""
    artifacts: list[Artifact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _refs: list[AssetRef] = field(default_factory=list)
    _sounds: dict[str, SoundFacts] = field(default_factory=dict)

    def take(self, name: str, path: Path, aspects: Sequence[str]) -> None:
        """Store a file and measure it.

        Args:
            name: what the program called it.
            path: where it lies.
            aspects: what a sound is measured for.
        """
        try:
            ref = self.assets.add(path, kind_of(path), name)
            if ref.kind == "audio":
                self._sounds[name] = sound_facts(path)
                self.findings += [
                    finding_of("coder", ref, one) for one in measure(self.assets.path(ref), aspects)
                ]
            elif ref.kind == "text":
                self.notes.append(f"{name} has {_text_facts(path)}")
        except (MediaRejected, SoundUnusable) as fault:
            self.faults.append(f"{name} can't be used: {fault.happened}")
            return
        except ValueError as fault:
            self.faults.append(f"{name} is broken: {fault}")
            return
        self._refs.append(ref)
        self.artifacts.append(
            Artifact(
                id=ref.id,
                name=name,
                kind=_KINDS[ref.kind],
                made_by=source_of("coder", self.maker),
                task=self.task,
            )
        )

    def keep(self, name: str, text: str) -> None:
        """Store a table that was measured of the program itself."""
        ref = self.assets.add_bytes(text.encode(), "text", name)
        maker = source_of("coder", "probe")
        self.artifacts.append(
            Artifact(id=ref.id, name=name, kind="report", made_by=maker, task=self.task)
        )

    def check(
        self, draft: Draft, criteria: Iterable[Criterion], sources: Sequence[Path],
        wanted: frozenset[Sort],
    ) -> None:  # fmt: skip
        """Hold all that was left against what was asked.

        Args:
            draft: the code that left it.
            criteria: what sounds must meet.
            sources: the sounds that it worked on.
            wanted: what kinds of result will do; empty for any.
        """
        left = {_SORTS[ref.kind] for ref in self._refs}
        if "code" in wanted:
            self.notes.append("the code itself was asked for; no result of it was measured")
        elif not self._refs and not self.faults:
            self.faults.append("it ran and left no file in the current folder")
        elif wanted and left and not left & wanted:
            names = ", ".join(ref.name for ref in self._refs)
            wish = " or ".join(sorted(wanted))
            self.faults.append(f"a {wish} file is wanted, and it left only {names}")
        self._check_sounds(draft, sources)
        held = tuple(criteria) if "sound" in left or "sound" in wanted else ()
        for one in judge(held, self.findings):
            if one.met is not True:
                reasons = [
                    found.method
                    for found in self.findings
                    if found.aspect == one.aspect and found.value is None
                ]
                self.faults.append(criterion_text(one) + (f" ({reasons[-1]})" if reasons else ""))

    def _check_sounds(self, draft: Draft, sources: Sequence[Path]) -> None:
        before = {sound_facts(path).digest: path for path in sources}
        for name, facts in self._sounds.items():
            if not facts.is_finite:
                self.faults.append(f"{name} holds samples that are no numbers")
            elif facts.peak < SILENT:
                self.faults.append(f"{name} is silent")
            elif facts.digest in before and not draft.keeps_sound:
                self.faults.append(f"{name} has the very samples of its source: nothing was done")
            elif facts.digest in before:
                self.notes.append(f"{name} has the very samples of its source, as its author says")

    def stored(self) -> dict[str, Path]:
        """Where each file lies in the asset store, by its name."""
        return {ref.name: self.assets.path(ref) for ref in self._refs}

    def outcome(self) -> Outcome:
        """What came of it."""
        return Outcome(
            faults=tuple(self.faults),
            artifacts=tuple(self.artifacts),
            findings=tuple(self.findings),
            notes=tuple(self.notes),
        )


def aspects_for(criteria: Iterable[Criterion]) -> list[str]:
    """What a resulting sound is measured for."""
    return list(dict.fromkeys((*ALWAYS_MEASURED, *(one.aspect for one in criteria))))


def _text_facts(path: Path) -> str:
    """How much a text file holds.

    Raises:
        ValueError: it is not what its suffix says.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        json.loads(text)
    if path.suffix == ".csv":
        rows = [row for row in csv.reader(text.splitlines()) if row]
        if len({len(row) for row in rows}) > 1:
            raise ValueError("its rows differ in length")
        return f"{len(rows)} rows of {len(rows[0]) if rows else 0} columns"
    lines = len(text.splitlines())
    return f"{lines} line{'' if lines == 1 else 's'}"
