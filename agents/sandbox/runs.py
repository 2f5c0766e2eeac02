"""What every way of running a script has in common: the call, its result, and its safe reading."""

import os
import re
import selectors
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

PRINTED_BYTES = 1 << 20
"""Most bytes that a script may print to either stream."""
OUTPUT_FILES = 16
"""Most files that a script may leave."""

TOO_LONG = "it ran past its time limit"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HEADER = struct.Struct(">QQ")


@dataclass(frozen=True)
class Run:
    """How a script ended and what it left."""

    returncode: int
    stdout: str
    stderr: str
    outputs: dict[str, Path]
    """The files that it left, by name; none where it failed."""
    seconds: float
    stopped: str = ""
    """Why it was stopped or its files were refused, in words; empty when nothing was."""

    @property
    def fault(self) -> str:
        """Why it failed, in one line; empty when it did not."""
        if self.stopped:
            return self.stopped
        if self.returncode == 0:
            return ""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"it ended with status {self.returncode}"


class Runner(Protocol):
    """Something that runs a script on input files."""

    @property
    def name(self) -> str:
        """What it is, for answers."""
        ...

    @property
    def confines(self) -> bool:
        """Whether it holds code that nobody has looked at."""
        ...

    def run(
        self,
        script: str,
        inputs: Mapping[str, Path],
        arguments: Sequence[str],
        into: Path,
        *,
        seconds: float,
        output_bytes: int,
    ) -> Run:
        """Run a script in an empty folder, its inputs beside it as ``../in/NAME``.

        Args:
            script: Python source.
            inputs: files to read, by the simple name that the script sees.
            arguments: the script's command line.
            into: an existing folder that takes the files which the script leaves.
            seconds: wall-clock limit.
            output_bytes: limit on the sum of the files that it leaves, and on its scratch space.
        """
        ...


class OutputRefused(Exception):
    """What came back is not what a script may leave."""


@dataclass
class Outputs:
    """Takes the stream of files from the jail apart, trusting nothing in it."""

    into: Path
    limit: int
    """Most bytes in all."""
    files: dict[str, Path] = field(default_factory=dict)
    _buffer: bytearray = field(default_factory=bytearray)
    _file: BinaryIO | None = None
    _left: int = 0
    _total: int = 0

    def push(self, piece: bytes) -> None:
        """Take the next piece of the stream."""
        self._buffer += piece
        while self._step():
            pass

    def close(self) -> None:
        """End the stream; a file that is cut short is refused."""
        if self._file is not None or self._buffer:
            self.discard()
            raise OutputRefused("its output broke off")

    def discard(self) -> None:
        """Remove everything that came."""
        if self._file is not None:
            self._file.close()
            self._file = None
        for path in self.files.values():
            path.unlink(missing_ok=True)
        self.files.clear()

    def _step(self) -> bool:
        if self._file is not None:
            piece = self._buffer[: self._left]
            self._file.write(piece)
            del self._buffer[: len(piece)]
            self._left -= len(piece)
            if self._left:
                return False
            self._file.close()
            self._file = None
            return True
        if len(self._buffer) < _HEADER.size:
            return False
        name_bytes, size = _HEADER.unpack_from(self._buffer)
        if name_bytes > 255:
            raise OutputRefused("it left a file with an overlong name")
        if len(self._buffer) < _HEADER.size + name_bytes:
            return False
        name = bytes(self._buffer[_HEADER.size : _HEADER.size + name_bytes])
        del self._buffer[: _HEADER.size + name_bytes]
        self._begin(name.decode("ascii", "replace"), size)
        return True

    def _begin(self, name: str, size: int) -> None:
        if not _NAME.fullmatch(name) or name in self.files:
            raise OutputRefused("it left a file with a name that is not allowed")
        if len(self.files) >= OUTPUT_FILES:
            raise OutputRefused(f"it left more than {OUTPUT_FILES} files")
        self._total += size
        if self._total > self.limit:
            raise OutputRefused(f"it left more than {self.limit:,} bytes")
        self.files[name] = self.into / name
        self._file, self._left = (self.into / name).open("xb"), size


def watch(
    process: subprocess.Popen[bytes],
    pipe: int,
    outputs: Outputs,
    seconds: float,
    overflow: Callable[[], str],
) -> Run:
    """Read what a running script prints and leaves, and stop it when it exceeds a limit.

    Args:
        process: started in a session of its own, with both streams piped.
        pipe: where the jail streams the output files to; closed here.
        outputs: takes that stream.
        seconds: wall-clock limit.
        overflow: says in words which other limit is exceeded; asked ten times a second.
    """
    began = time.monotonic()
    printed = {"stdout": bytearray(), "stderr": bytearray()}
    stopped = ""
    try:
        stopped = _read(process, pipe, printed, outputs, began + seconds, overflow)
        if not stopped:
            process.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        stopped = "it did not end after closing its streams"
    finally:
        if process.poll() is None:
            stop(process)
        os.close(pipe)
    returncode = process.wait()
    try:
        outputs.close()
    except OutputRefused as refusal:
        stopped = stopped or (str(refusal) if returncode == 0 else "")
    if stopped or returncode != 0:
        outputs.discard()
    out, err = (bytes(printed[name]).decode("utf-8", "replace") for name in ("stdout", "stderr"))
    return Run(returncode, out, err, dict(outputs.files), time.monotonic() - began, stopped)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a script with all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def _read(
    process: subprocess.Popen[bytes],
    pipe: int,
    printed: dict[str, bytearray],
    outputs: Outputs,
    deadline: float,
    overflow: Callable[[], str],
) -> str:
    """Read until all streams end; return why it must be stopped, or nothing."""
    assert process.stdout is not None
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, "stdout")
        selector.register(process.stderr, selectors.EVENT_READ, "stderr")
        selector.register(pipe, selectors.EVENT_READ, "files")
        while selector.get_map():
            if time.monotonic() > deadline:
                return TOO_LONG
            for key, _ in selector.select(timeout=0.1):
                piece = os.read(key.fd, 1 << 18)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.data == "files":
                    try:
                        outputs.push(piece)
                    except OutputRefused as refusal:
                        return str(refusal)
                else:
                    printed[key.data] += piece
                    if len(printed[key.data]) > PRINTED_BYTES:
                        return f"it printed more than {PRINTED_BYTES:,} bytes"
            if said := overflow():
                return said
    return ""
