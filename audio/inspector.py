"""Files are decoded in a process of their own before anything else in this one reads them.

Decoders are native code, and a damaged or hostile file may crash one, hang it or take all memory:
that costs the file. What comes back is JSON with a few facts. What was decoded whole there is read
again by the instruments, and by then is known to be harmless.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import IO

from audio.inspecting import MediaFacts
from audio.media import AssetKind
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits

GRACE_SECONDS = 30.0
SECONDS_PER_MIB = 2.0
"""Decoding a file may take so long, and so much more for each MiB of it."""


class Inspector:
    """The child process; it is started at the first file, and anew after one that it died over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def inspect(self, path: Path, kind: AssetKind, name: str, limits: MediaLimits) -> MediaFacts:
        """Have a file decoded whole; see ``audio.inspecting.inspect_media``.

        Args:
            path: the file.
            kind: what it is meant to be.
            name: what its user calls it, for errors.
            limits: what is taken.

        Raises:
            MediaRejected: it isn't taken, or decoding it crashed or took too long.
        """
        asked = {
            "path": os.fspath(path.absolute()),
            "kind": kind,
            "name": name,
            "limits": limits.model_dump(),
        }
        patience = GRACE_SECONDS + SECONDS_PER_MIB * path.stat().st_size / 2**20
        with self._lock:
            line = self._ask(json.dumps(asked).encode() + b"\n", patience)
            if not line.endswith(b"\n"):
                raise self._lost(name, timed_out=line == b"timeout")
        told = json.loads(line)
        if "rejected" in told:
            raise MediaRejected(*told["rejected"])
        return MediaFacts.model_validate(told)

    def end(self) -> None:
        """Stop the process."""
        with self._lock:
            self._stop()

    def _ask(self, line: bytes, patience: float) -> bytes:
        """The answer; what ends in no line break is none."""
        child = self._running()
        requests, answers = _pipes(child)
        with suppress(BrokenPipeError):  # it died meanwhile: the answer says so
            requests.write(line)
            requests.flush()
        with DefaultSelector() as ready:
            ready.register(answers, EVENT_READ)
            if not ready.select(patience):
                return b"timeout"
        return answers.readline()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "audio.inspecting_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )
        return self._child

    def _lost(self, name: str, *, timed_out: bool) -> MediaRejected:
        code = self._stop()
        happened = "decoding it took too long" if timed_out else f"its decoder crashed ({code})"
        return MediaRejected(f"reading {name}", happened, "Give another file, or export it anew")

    def _stop(self) -> str:
        """End the process, and say how it ended."""
        child, self._child = self._child, None
        if child is None:
            return "it had ended"
        child.kill()
        code = child.wait()
        for pipe in _pipes(child):
            with suppress(BrokenPipeError):  # what it was not told any more
                pipe.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


@cache
def inspector() -> Inspector:
    """The process's one inspector, which ends with it."""
    one = Inspector()
    atexit.register(one.end)
    return one


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None and child.stdout is not None
    return child.stdin, child.stdout
