"""Immutable files known by their SHA-256, with the media facts that the header gives.

User files are copied in and never changed. A user's file name is kept as data: it never becomes
a path inside the store.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, field_validator

from audio.digests import digest_of
from audio.inspecting import MediaFacts
from audio.inspector import inspector
from audio.media import AssetKind, kind_of
from grym_synth.drafts import draft_file
from grym_synth.errors import MediaRejected, MemoryFault, UnknownName
from grym_synth.plain_text import one_line
from grym_synth.settings import MediaLimits


class AssetRef(BaseModel):
    """A reference to a stored file and what its header says; state holds this, never bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """SHA-256 of the content, in hex."""
    kind: AssetKind
    name: str
    """The user's file name on one line: data for answers, never a path."""
    suffix: str
    """File suffix in the store, without the dot, from the content."""
    size_bytes: int
    seconds: float | None = None
    """How long it plays; None for what doesn't, and for MIDI whose tracks have no common time."""
    sample_rate_hz: int | None = None
    channels: int | None = None
    width: int | None = None
    """Width in pixels."""
    height: int | None = None
    """Height in pixels."""

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        return one_line(name)


_ID = re.compile("[0-9a-f]{64}")
"""An asset's id: its SHA-256."""


class AssetStore:
    """Content-addressed files below one folder."""

    def __init__(self, root: Path, limits: MediaLimits) -> None:
        self._root, self._limits = root, limits
        self._facts: dict[tuple[str, AssetKind, str], MediaFacts] = {}
        """What files said that this process had decoded, by digest, kind and suffix."""

    def add(self, path: Path, kind: AssetKind | None = None, name: str | None = None) -> AssetRef:
        """Check a file, copy it in, and return its reference.

        Args:
            path: the user's file.
            kind: what the user says that it is; by default told by its suffix.
            name: the name to remember; by default the file's own.

        Raises:
            MediaRejected: it can't be read, exceeds a limit, or is not of that kind.
            MemoryFault: the store can't take it.
        """
        return self._guarded(path, kind, name, self._copy)

    def inspect(self, path: Path, kind: AssetKind | None = None) -> AssetRef:
        """Check a file and return its reference without storing it.

        Raises:
            MediaRejected: it can't be read, exceeds a limit, or is not of that kind.
        """
        return self._guarded(path, kind, None, self._look)

    def _guarded(
        self,
        path: Path,
        kind: AssetKind | None,
        name: str | None,
        take: Callable[[Path, AssetKind, str], AssetRef],
    ) -> AssetRef:
        kind, told = kind or kind_of(path), name or str(path)
        try:
            if not path.is_file():
                happened = "it is not a regular file" if path.exists() else "it does not exist"
                raise MediaRejected(f"reading {told}", happened, "Give the path of a readable file")
            self._check_size(path, kind, told)
            return take(path, kind, name or path.name)
        except OSError as fault:
            raise MediaRejected(
                f"reading {told}", fault.strerror or str(fault), "Check the file and its rights"
            ) from fault

    def _look(self, path: Path, kind: AssetKind, name: str) -> AssetRef:
        return self._inspect(path, kind, name, digest_of(path))

    def add_bytes(self, content: bytes, kind: AssetKind, name: str) -> AssetRef:
        """Store content that came in a message or from an instrument.

        Raises:
            MediaRejected: it exceeds a limit, or is not of that kind.
            MemoryFault: the store can't take it.
        """
        with self._storing(name), self._incoming() as temporary:
            temporary.write_bytes(content)
            return self.add(temporary, kind, name)

    def path(self, ref: AssetRef) -> Path:
        """The stored file, checked to be what was stored.

        Raises:
            MediaRejected: its content is not what was stored.
            UnknownName: it was removed from the store.
        """
        path = self._place(ref.id, ref.suffix)
        if not path.is_file():
            raise UnknownName(
                f"opening {ref.name}", f"asset {ref.id[:12]} is not in the store", "Attach it again"
            )
        self._check_unchanged(ref, path)
        return path

    def ref(self, asset_id: str) -> AssetRef:
        """The reference of a stored file, by its SHA-256.

        Raises:
            UnknownName: no such asset is in the store.
        """
        try:
            if not _ID.fullmatch(asset_id):
                raise ValueError("not a SHA-256")
            return AssetRef.model_validate_json(self._place(asset_id, "json").read_bytes())
        except (OSError, ValueError) as fault:
            raise UnknownName(
                f"opening asset {asset_id[:12]}", "it is not in the store", "Attach the file again"
            ) from fault

    def size(self) -> int:
        """Bytes that all files of the store take."""
        return sum(path.stat().st_size for path in self._files())

    def loose(self, kept: Collection[str]) -> list[Path]:
        """The files that belong to none of these ids, with what cut-off writes left behind."""
        return [path for path in self._files() if path.stem not in kept]

    def sweep(self, kept: Collection[str]) -> int:
        """Delete what isn't among these ids, and what writes that were cut off left behind.

        Returns:
            How many assets were deleted.
        """
        gone = set()
        for path in self.loose(kept):
            path.unlink()
            gone.update([path.stem] if _ID.fullmatch(path.stem) else [])
        return len(gone)

    def _files(self) -> Iterator[Path]:
        return (path for path in self._root.rglob("*") if path.is_file())

    def remove(self, asset_id: str) -> None:
        """Delete one file; the caller knows that nothing uses it any more."""
        for path in self._place(asset_id, "json").parent.glob(f"{asset_id}.*"):
            path.unlink(missing_ok=True)

    def _note(self, ref: AssetRef) -> None:
        """Write the reference beside the file, so that the store needs no other index.

        The note carries the file's time of change, so that a later change shows without reading.
        """
        note = self._place(ref.id, "json")
        with self._incoming() as draft:
            draft.write_text(ref.model_dump_json(), encoding="utf-8")
            draft.chmod(0o644)
            _share_time(self._place(ref.id, ref.suffix), draft)
            draft.replace(note)

    def _check_unchanged(self, ref: AssetRef, path: Path) -> None:
        """Read a stored file again where its size or its time is not what was noted."""
        held, note = path.stat(), self._place(ref.id, "json")
        same = note.is_file() and note.stat().st_mtime_ns == held.st_mtime_ns
        if same and held.st_size == ref.size_bytes:
            return
        if digest_of(path) != ref.id:
            raise MediaRejected(
                f"opening {ref.name}",
                f"the stored copy (asset {ref.id[:12]}) was changed since it was stored",
                "Attach the file again",
            )
        with suppress(OSError):  # a copied store has other times: what was read counts from now on
            _share_time(path, note)

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A new file in the store, gone afterwards unless it was moved to its place."""
        self._root.mkdir(parents=True, exist_ok=True)
        with draft_file(self._root) as draft:
            yield draft

    @contextmanager
    def _storing(self, name: str) -> Iterator[None]:
        """Tell what the disk refuses as the store's fault, not as that of what is stored."""
        try:
            yield
        except OSError as fault:
            raise MemoryFault(
                f"storing {name} in {self._root}",
                fault.strerror or str(fault),
                "Make room there or check its rights, or choose another home (GRYM_HOME)",
            ) from fault

    def _place(self, asset_id: str, suffix: str) -> Path:
        return self._root / asset_id[:2] / f"{asset_id}.{suffix}"

    def _check_size(self, path: Path, kind: AssetKind, name: str) -> None:
        limits = {
            "audio": self._limits.audio_bytes,
            "archive": self._limits.audio_bytes,
            "score": self._limits.score_bytes,
            "image": self._limits.image_bytes,
        }
        limit, size = limits.get(kind, self._limits.text_bytes), path.stat().st_size
        if size == 0:
            raise MediaRejected(f"reading {name}", "the file is empty", "Give another file")
        if size > limit:
            raise MediaRejected(
                f"reading {name}",
                f"it has {size:,} bytes, {limit:,} are allowed",
                "Give a smaller file or raise the limit in the settings (GRYM_LIMITS__…)",
            )

    def _check_room(self, path: Path, name: str) -> None:
        """Refuse what would take the store beyond its share of the disk."""
        if (most := self._limits.store_gib) is None:
            return
        held, wanted = self.size(), path.stat().st_size
        if held + wanted > most * 2**30:
            raise MemoryFault(
                f"storing {name} in {self._root}",
                f"its {wanted / 2**30:.3g} GiB are too many beside {held / 2**30:.3g} of {most:g}",
                "Run `grym assets gc`, forget what isn't needed, or raise GRYM_LIMITS__STORE_GIB",
            )

    def _copy(self, path: Path, kind: AssetKind, name: str) -> AssetRef:
        self._check_room(path, name)
        with path.open("rb") as source, self._storing(name), self._incoming() as held:
            with held.open("wb") as copy:
                for piece in _pieces(source, name):
                    copy.write(piece)
                copy.flush()
                os.fsync(copy.fileno())
            ref = self._look(held, kind, name)
            place = self._place(ref.id, ref.suffix)
            place.parent.mkdir(exist_ok=True)
            held.chmod(0o644)
            held.replace(place)
            self._note(ref)
            return ref

    def _inspect(self, path: Path, kind: AssetKind, name: str, digest: str) -> AssetRef:
        key = digest, kind, Path(name).suffix
        if key not in self._facts:
            self._facts[key] = inspector().inspect(path, kind, name, self._limits)
        told = self._facts[key].model_dump()
        size = path.stat().st_size
        return AssetRef(id=digest, kind=kind, name=name, size_bytes=size, **told)


def _share_time(of: Path, to: Path) -> None:
    """Give one file the time of change of another."""
    changed = of.stat().st_mtime_ns
    os.utime(to, ns=(changed, changed))


def _pieces(source: BinaryIO, name: str) -> Iterator[bytes]:
    """Read a file in pieces; a fault in reading is the file's own."""
    try:
        while piece := source.read(1 << 20):
            yield piece
    except OSError as fault:
        raise MediaRejected(
            f"reading {name}", fault.strerror or str(fault), "Check the file and its rights"
        ) from fault
