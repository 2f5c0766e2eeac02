"""The Faust compiler of this machine, where there is one.

It runs as a child process on sources that the project itself writes, with checked numbers; what it
makes of them runs in the sandbox alone, loaded by ``libfaust``.
"""

import re
import shutil
import subprocess
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

SECONDS = 120.0
"""Longest compilation."""

BACKENDS = {"llvm": "bc", "interp": "fbc"}
"""What ``libfaust`` can load, the faster first, with the suffix of its files."""


class Compiled(NamedTuple):
    """What became of one source."""

    interface: str
    """JSON: inputs, outputs and the user interface."""
    programs: tuple[Path, ...]
    """One for each backend that the compiler has, the fastest first."""


class FaustFault(Exception):
    """The compiler refused a source; its words."""


@dataclass(frozen=True)
class Compiler:
    """One installed compiler."""

    program: Path
    version: str
    library: str
    """Name of ``libfaust`` for the loader; empty where it is not installed."""

    def compile(self, source: Path) -> Compiled:
        """Compile to C++ in double precision, and for each backend that can be run.

        Args:
            source: a ``.dsp`` file; what is made lies beside it.

        Raises:
            FaustFault: the source is refused.
        """
        self._run(source, "cpp", "cpp", "-json")
        made = []
        for backend, suffix in BACKENDS.items():
            try:
                made.append(self._run(source, backend, suffix))
            except FaustFault:  # compilers differ in their backends; C++ is there in all of them
                continue
        described = source.with_name(f"{source.name}.json")
        return Compiled(described.read_text(encoding="utf-8"), tuple(made))

    def _run(self, source: Path, backend: str, suffix: str, *more: str) -> Path:
        made = source.with_suffix(f".{suffix}")
        command = [str(self.program), "-lang", backend, "-double", *more, source.name]
        try:
            ended = subprocess.run(
                [*command, "-o", made.name], cwd=source.parent, stdin=subprocess.DEVNULL,
                capture_output=True, timeout=SECONDS, check=False, env={"PATH": "/usr/bin:/bin"},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise FaustFault(str(fault)) from fault
        if ended.returncode != 0 or not made.is_file():
            said = ended.stderr.decode("utf-8", "replace").strip()
            raise FaustFault(said[:400] or f"it ended with status {ended.returncode}")
        return made


@cache
def find_compiler() -> Compiler | None:
    """The compiler of this machine, looked for once; None where there is none."""
    found = shutil.which("faust")
    if found is None:
        return None
    try:
        said = subprocess.run(
            [found, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
            check=True,
        ).stdout.decode("utf-8", "replace")  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\d+(?:\.\d+)+", said)
    return Compiler(Path(found), version[0] if version else "", find_library("faust") or "")
