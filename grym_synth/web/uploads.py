"""Files on their way into the asset store: to disk as they come, within the limits."""

import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from audio.assets import AssetRef, AssetStore
from audio.media import AssetKind, kind_of
from grym_synth.errors import MediaRejected, MemoryFault
from grym_synth.settings import MediaLimits

LONGEST_NAME = 200
"""Characters of a file's name that are kept."""

MOST_PENDING = 2000
"""Uploaded files that no request brought yet, of which the process knows."""

_PIECE = 1 << 20
"""Bytes that are written to disk at once."""


class Incoming:
    """What was uploaded and belongs to no turn yet, by project."""

    def __init__(self, home: Path, assets: AssetStore, limits: MediaLimits) -> None:
        """Take the home; what an upload that was cut off left there is removed."""
        self._folder, self._assets, self._limits = home / "incoming", assets, limits
        self._guard = threading.Lock()
        self._pending: dict[tuple[str, str], AssetRef] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    async def receive(
        self, request: Request, project: str, name: str, kind: AssetKind | None
    ) -> AssetRef:
        """Store a request's body as a file of a project.

        Raises:
            MediaRejected: it is too large, can't be read, or is not of that kind.
            MemoryFault: the disk refuses.
        """
        name = plain_name(name)
        kind = kind or kind_of(Path(name))
        most = self._most(kind)
        told = request.headers.get("content-length", "")
        if told.isdigit() and int(told) > most:
            raise _too_large(name, most)
        async with self._file(name) as path:
            await self._write(request, path, name, most)
            ref = await run_in_threadpool(self._assets.add, path, kind, name)
        self._expect(project, ref)
        return ref

    def keep(self, content: bytes, project: str, name: str) -> AssetRef:
        """Store content as a file of a project.

        Raises:
            MediaRejected: it is too large, can't be read, or is not of that kind.
            MemoryFault: the disk refuses.
        """
        name = plain_name(name)
        ref = self._assets.add_bytes(content, kind_of(Path(name)), name)
        self._expect(project, ref)
        return ref

    def _expect(self, project: str, ref: AssetRef) -> None:
        with self._guard:
            self._pending[project, ref.id] = ref
            while len(self._pending) > MOST_PENDING:
                del self._pending[next(iter(self._pending))]

    def hand_over(self, project: str, assets: Iterable[str]) -> None:
        """A request brings these files: from now on the project's memory tells of them."""
        with self._guard:
            for asset in assets:
                self._pending.pop((project, asset), None)

    def of(self, project: str, asset: str) -> AssetRef | None:
        """A file of a project that was uploaded, by its id."""
        return self._pending.get((project, asset))

    @asynccontextmanager
    async def _file(self, name: str) -> AsyncIterator[Path]:
        path = await run_in_threadpool(self._new_file, name)
        try:
            yield path
        finally:
            await run_in_threadpool(path.unlink, missing_ok=True)

    def _new_file(self, name: str) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self._folder)
        except OSError as fault:
            raise _refused(name, fault) from fault
        os.close(handle)
        return Path(path)

    async def _write(self, request: Request, path: Path, name: str, most: int) -> None:
        size, held = 0, bytearray()
        try:
            with path.open("wb") as file:
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise _too_large(name, most)
                    held += part
                    if len(held) >= _PIECE:
                        await run_in_threadpool(file.write, bytes(held))
                        held.clear()
                await run_in_threadpool(file.write, bytes(held))
        except OSError as fault:
            raise _refused(name, fault) from fault

    def _most(self, kind: AssetKind) -> int:
        """The largest file of a kind, in bytes."""
        limits = self._limits
        by_kind = {
            "audio": limits.audio_bytes,
            "image": limits.image_bytes,
            "midi": limits.score_bytes,
            "score": limits.score_bytes,
        }
        return by_kind.get(kind, limits.text_bytes)


class TooLarge(MediaRejected):
    """A file is larger than one of its kind may be; of it no more is read."""


def plain_name(name: str) -> str:
    """A file's own name without folders and what can't be shown: data, never a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if one.isprintable()).strip()
    return shown[-LONGEST_NAME:] or "file"


def _too_large(name: str, most: int) -> TooLarge:
    return TooLarge(
        f"uploading {name}",
        f"it has more than the {most:,} bytes that are allowed",
        "Give a smaller file or raise the limit in the settings (GRYM_LIMITS__…)",
    )


def _refused(name: str, fault: OSError) -> MemoryFault:
    do = "Make room there or check its rights, or choose another home (GRYM_HOME)"
    return MemoryFault(f"storing {name}", fault.strerror or str(fault), do)
