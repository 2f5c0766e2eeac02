"""Hidden files and folders for what is not whole yet; who is killed over one leaves no litter.

Each is locked by the process that writes it. What nobody holds any more was left by one that is
gone, and the next that works in the same place removes it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PREFIX = ".grym-"
"""How the name of a draft begins."""

_TEMPORARY = "grym-of-"
"""How the name of a process's own temporary folder begins."""


@contextmanager
def draft_file(folder: Path) -> Iterator[Path]:
    """A new file in a folder, gone afterwards unless it was moved; its rights are 0600.

    Raises:
        OSError: the disk refuses.
    """

    def make() -> Path:
        handle, name = tempfile.mkstemp(dir=folder, prefix=PREFIX)
        os.close(handle)
        return Path(name)

    with _held(folder, PREFIX, make) as draft:
        yield draft


def write_whole(place: Path, text: str) -> None:
    """Write a small file that is seen whole or not at all; its rights are 0600.

    Raises:
        OSError: the disk refuses.
    """
    with draft_file(place.parent) as draft:
        draft.write_text(text, encoding="utf-8")
        draft.replace(place)


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """The same for a new folder within a folder; its rights are 0700.

    Raises:
        OSError: the disk refuses.
    """
    with _held(folder, PREFIX, lambda: Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX))) as draft:
        yield draft


@contextmanager
def own_temporary_folder() -> Iterator[None]:
    """Let this process, and those that it starts, keep temporary files in a folder of their own.

    Others may pass through it, since scripts in a sandbox run as another user.
    """
    outside, told = tempfile.gettempdir(), os.environ.get("TMPDIR")

    def make() -> Path:
        folder = Path(tempfile.mkdtemp(dir=outside, prefix=_TEMPORARY))
        folder.chmod(0o711)
        return folder

    with ExitStack() as held:
        try:
            folder = held.enter_context(_held(Path(outside), _TEMPORARY, make))
        except OSError:  # who writes a temporary file will tell of it
            yield
            return
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = outside
            if told is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = told


@contextmanager
def _held(folder: Path, prefix: str, make: Callable[[], Path]) -> Iterator[Path]:
    """What ``make`` makes in a folder, locked, once what was left there is removed."""
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):  # somebody holds it, or it is another user's
            _remove_left(left)
    made, handle = _locked(make)
    try:
        yield made
    finally:
        _remove(made)
        os.close(handle)


def _locked(make: Callable[[], Path]) -> tuple[Path, int]:
    """What ``make`` makes, and an open handle that locks it where the file system knows locks."""
    while True:
        made = make()
        with suppress(FileNotFoundError):  # taken for a rest before it was locked: once more
            handle = os.open(made, os.O_RDONLY)
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            if made.exists():
                return made, handle
            os.close(handle)


def _remove_left(path: Path) -> None:
    """Remove a draft that nobody holds.

    Raises:
        OSError: somebody holds it.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(path)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
