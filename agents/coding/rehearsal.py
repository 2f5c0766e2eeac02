"""Runs of a draft in the sandbox: is its source sound, do its tests pass, what does it leave?"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.base import file_stem
from agents.coding.assembling import assembled
from agents.coding.words import CodeFile
from agents.sandbox.runs import Run, Runner
from audio.assets import AssetRef, AssetStore
from grym_synth.errors import MediaRejected
from grym_synth.tracing.spans import instrument

CHECK_SECONDS = 20.0
"""Longest look at the sources."""

SPARE_BYTES, MOST_BYTES, GROWTH = 64 << 20, 4 << 30, 8
"""Results may be so many times as large as the sources in 32-bit samples, within limits."""

_FRAME = re.compile(r'File "[^"]*/in/(?P<file>[^"/]+)", line (?P<line>\d+)(?:, in (?P<name>\S+))?')
_SHOWN = 300
"""Characters of a fault."""
_LAST = 6
"""Lines of what a failing program printed that are told."""


@dataclass(frozen=True)
class Rehearsal:
    """One draft, with the sounds that it works on, in one sandbox."""

    runner: Runner
    assets: AssetStore
    files: tuple[CodeFile, ...]
    sources: tuple[AssetRef, ...]
    seconds: float
    """Longest run, beside half the length of the sources."""

    def check(self) -> tuple[str, ...]:
        """What is wrong with the sources as they stand; nothing of them is executed."""
        names = [one.name for one in self.files]
        said = self._said("check", names, CHECK_SECONDS)
        if isinstance(said, str):
            return (f"its source can't be checked: {said}",)
        faults, tests = said
        if not (faults or tests):
            return ("its tests hold no function whose name begins with test_",)
        return faults

    def test(self) -> tuple[tuple[str, ...], int]:
        """Which tests failed, where and why; and how many there are."""
        names = [one.name for one in self.files if one.name.startswith("test_")]
        said = self._said("test", names, self.seconds)
        return (
            ((f"its tests did not come to their end: {said}",), 0)
            if isinstance(said, str)
            else said
        )

    @contextmanager
    def run(self) -> Iterator[Run]:
        """Run the program on the sources; its files last as long as the block."""
        names = names_of(self.sources)
        length = sum(one.seconds or 0.0 for one in self.sources)
        words = ["run", self.files[0].name, *(f"../in/{names[one.id]}" for one in self.sources)]
        with instrument("sandbox"), tempfile.TemporaryDirectory(prefix="grym-code-") as folder:
            yield self._run(words, Path(folder), self.seconds + length / 2, _room(self.sources))

    def _said(
        self, mode: str, names: Sequence[str], seconds: float
    ) -> tuple[tuple[str, ...], int] | str:
        """What the look from inside found; why there is nothing, where it did not end well."""
        with tempfile.TemporaryDirectory(prefix="grym-code-") as folder:
            run = self._run([mode, *names], Path(folder), seconds, SPARE_BYTES)
        if run.fault:
            return run.fault
        try:
            found = json.loads(run.stdout.strip().rpartition("\n")[2])
            return tuple(str(one)[:_SHOWN] for one in found["faults"]), int(found["ran"])
        except (ValueError, TypeError, KeyError):
            return "it ended the program before the end"

    def _run(self, words: Sequence[str], into: Path, seconds: float, room: int) -> Run:
        names = names_of(self.sources)
        inputs = {names[one.id]: self.assets.path(one) for one in self.sources}
        with tempfile.TemporaryDirectory(prefix="grym-code-") as folder:
            inputs |= {one.name: self._exact(one, Path(folder)) for one in self.files}
            return self.runner.run(
                assembled(Path(__file__).with_name("inside.py")),
                inputs,
                list(words),
                into,
                seconds=seconds,
                output_bytes=room,
            )

    def _exact(self, file: CodeFile, folder: Path) -> Path:
        """A copy of a file that is exactly what its id says, whatever happened to the store.

        Raises:
            MediaRejected: it was changed since it was written, or approved.
        """
        content = self.assets.path(self.assets.ref(file.id)).read_bytes()
        if hashlib.sha256(content).hexdigest() != file.id:
            raise MediaRejected(
                f"running {file.name}", "it was changed after it was written", "Ask again"
            )
        copy = folder / file.name
        copy.write_bytes(content)
        return copy


def names_of(sources: Sequence[AssetRef]) -> Mapping[str, str]:
    """The name by which the program sees each source: the user's, in plain letters, each once."""
    names: dict[str, str] = {}
    for one in sources:
        stem = re.sub(r"[^A-Za-z0-9-]+", "_", file_stem(one.name)).strip("_-")[:60] or "sound"
        taken = set(names.values())
        spelt = (f"{stem}{'' if n == 1 else f'-{n}'}.{one.suffix}" for n in range(1, 100))
        names[one.id] = next(name for name in spelt if name not in taken)
    return names


def fault_of(run: Run) -> tuple[str, ...]:
    """Why a run failed, with the lines of the draft's own files; nothing when it did not."""
    if not run.fault:
        return ()
    frames = [
        f"{one['file']} line {one['line']}" + (f" in {one['name']}" if one["name"] else "")
        for one in _FRAME.finditer(run.stderr)
    ]
    where = f" (at {', called from '.join(reversed(frames[-3:]))})" if frames else ""
    printed = [line for line in run.stdout.splitlines() if line.strip()][-_LAST:]
    told = (f"before that it printed: {' | '.join(printed)[:_SHOWN]}",) if printed else ()
    return (f"running it failed: {run.fault}{where}", *told)


def _room(sources: Sequence[AssetRef]) -> int:
    """Bytes that results may take."""
    sizes = (
        (one.seconds or 0.0) * (one.sample_rate_hz or 0) * (one.channels or 0) * 4
        for one in sources
    )
    return min(MOST_BYTES, SPARE_BYTES + int(sum(sizes) * GROWTH))
