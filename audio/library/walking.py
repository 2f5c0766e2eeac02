"""The sound files below a folder, and what was passed over with the reason."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio.media import kind_of


@dataclass(frozen=True)
class Candidate:
    """A file that is a sound by its suffix."""

    path: str
    """Absolute."""
    size_bytes: int
    changed_ns: int
    """Time of its last change, in nanoseconds."""


@dataclass(frozen=True)
class PassedOver:
    """A file or folder that is not looked into."""

    path: str
    """Absolute; bytes that are no UTF-8 are shown as question marks."""
    why: str


def walk(root: Path, most_bytes: int) -> Iterator[Candidate | PassedOver]:
    """Go through a folder tree, in the order of its names.

    Links are followed to files; links to folders are not, so that no circle is ever entered.
    What has no sound's suffix is passed over without a word.

    Args:
        root: the folder, or one file.
        most_bytes: largest sound file that is taken.
    """
    if not root.is_dir():
        yield from _look(str(root), most_bytes)
        return
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as held:
                entries = sorted(held, key=lambda one: one.name)
        except OSError as fault:
            yield PassedOver(shown(folder), fault.strerror or "it can't be read")
            continue
        below = []
        for entry in entries:
            if _is_folder(entry):
                if entry.is_symlink():
                    yield PassedOver(shown(entry.path), "a link to a folder is not followed")
                else:
                    below.append(entry.path)
            elif kind_of(Path(entry.name)) == "audio" and not entry.name.startswith("._"):
                yield from _look(entry.path, most_bytes)
        waiting += reversed(below)


def shown(path: str) -> str:
    """A path as text that can be stored and printed."""
    return path.encode(errors="surrogateescape").decode(errors="replace").replace("\ufffd", "?")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _look(path: str, most_bytes: int) -> Iterator[Candidate | PassedOver]:
    try:
        path.encode()
    except UnicodeEncodeError:
        yield PassedOver(shown(path), "its name is not UTF-8")
        return
    try:
        held = os.stat(path)
    except OSError as fault:
        yield PassedOver(path, fault.strerror or "it can't be read")
        return
    if not stat.S_ISREG(held.st_mode):
        yield PassedOver(path, f"it is {_what(held.st_mode)}, not a file")
    elif held.st_size == 0:
        yield PassedOver(path, "the file is empty")
    elif held.st_size > most_bytes:
        yield PassedOver(path, f"it has {held.st_size:,} bytes, {most_bytes:,} are allowed")
    else:
        yield Candidate(path, held.st_size, held.st_mtime_ns)


def _what(mode: int) -> str:
    kinds = {
        stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
        stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder",
    }  # fmt: skip
    return kinds.get(stat.S_IFMT(mode), "something else")
