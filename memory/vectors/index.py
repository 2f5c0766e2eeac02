"""The vector index as its owner sees it: a child process with a deadline round each call."""

import base64
import json
import queue
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import IO, TypedDict

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from memory.storage.entries import Address, Namespace
from memory.storage.rows import encode

OPEN_SECONDS = 60.0
"""Longest start of the child: it imports Chroma and may wait for an orphan to close the files."""

CALL_SECONDS = 30.0
"""Longest call; Chroma's native code has been seen to hang for good after a full disk."""


class IndexBroken(Exception):
    """The index can't be used as it is; it can be rebuilt from the truth."""


class NoAnswer(IndexBroken):
    """The child does not answer in time."""


class IndexAway(Exception):
    """What holds the index can't be reached now; the index itself may be well."""


class Reply(TypedDict, total=False):
    """The worker's answer; see ``memory/vectors/index_worker.py``."""

    fault: str
    count: int
    stamp: int
    ids: list[str]


class ChromaIndex:
    """Chroma in a child process that owns one folder."""

    def __init__(self, folder: Path, embedder: str) -> None:
        """Start the child and return at once; ``hello`` waits for it."""
        command = [sys.executable, "-P", "-m", "memory.vectors.index_worker", str(folder), embedder]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                cwd=folder,
                start_new_session=True,
            )
        except OSError as fault:
            raise IndexBroken(f"its process can't be started ({fault})") from fault
        self._born = time.monotonic()
        self._replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert self._process.stdin and self._process.stdout
        self._requests: IO[str] = self._process.stdin
        self._reader = Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _listen(self, replies: IO[str]) -> None:
        for line in replies:
            self._replies.put(line)
        self._replies.put("")

    def hello(self, seconds: float) -> Reply | None:
        """Wait until the child has opened the index, for at most so long.

        Returns:
            How many entries it holds and up to which stamp of the outbox it was filled; None when
            it is still starting.
        """
        if self._born + OPEN_SECONDS < time.monotonic() + seconds:
            return self._reply(max(0.0, self._born + OPEN_SECONDS - time.monotonic()))
        try:
            return self._reply(seconds)
        except NoAnswer:
            return None

    def upsert(
        self,
        rows: Sequence[Address],
        vectors: NDArray[np.float32],
        gone: Sequence[Address],
        stamp: int,
    ) -> None:
        """Put entries with their vectors, shape (rows, dimensions); drop those that are gone."""
        self._call(
            {
                "call": "upsert",
                "ids": [id_of(address) for address in rows],
                "vectors": _packed(vectors),
                "gone": [id_of(address) for address in gone],
                "stamp": stamp,
            }
        )

    def query(self, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ids of the entries that are closest to a vector, shape (dimensions,), the nearest first.

        See ``id_of``.
        """
        return self._call({"call": "query", "vectors": _packed(vector), "limit": limit})["ids"]

    def close(self) -> None:
        """Let the child close its files in order; end it when it does not."""
        try:
            self._requests.close()
            self._process.wait(CALL_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()
        self._release()

    def kill(self) -> None:
        """End the child at once; its files are not trusted afterwards."""
        self.end()
        self._process.wait()
        self._release()

    def end(self) -> None:
        """Kill the child, so that a call that another thread waits for comes back broken."""
        self._process.kill()

    def _release(self) -> None:
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue

    def _call(self, request: dict[str, object]) -> Reply:
        try:
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
        except (OSError, ValueError) as fault:
            raise IndexBroken(f"its process is gone ({fault})") from fault
        return self._reply(CALL_SECONDS)

    def _reply(self, seconds: float) -> Reply:
        try:
            line = self._replies.get(timeout=seconds)
        except queue.Empty:
            raise NoAnswer(f"no answer within {seconds:.0f} s") from None
        if not line:
            raise IndexBroken(f"its process ended with code {self._process.wait()}")
        reply: Reply = from_json(line)
        if "fault" in reply:
            raise IndexBroken(reply["fault"])
        return reply


def id_of(address: Address) -> str:
    """The business key as Chroma's id: a JSON list of the namespace, with dots, and the key."""
    return json.dumps([encode(address.namespace), address.key])


def beginnings(prefix: Namespace) -> tuple[str, ...]:
    """How the ids of entries in or below a namespace begin."""
    begin = json.dumps([encode(prefix)])[:-2]
    return (f'{begin}"', f"{begin}.") if prefix else ("",)


def _packed(vectors: NDArray[np.float32]) -> str:
    return base64.b64encode(vectors.astype("<f4").tobytes()).decode()
