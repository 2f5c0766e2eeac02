"""New folders for results that belong together; what is there already is left alone."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


@contextmanager
def new_folders(out: Path, wanted: Iterable[str]) -> Iterator[Mapping[str, Path]]:
    """Make folders below ``out``; they are gone again when the block raises.

    Those that share their first part lie in one new folder: ``song``, ``song-2`` … .

    Args:
        out: where they go.
        wanted: relative folders such as ``song/stems``; empty ones are passed over.

    Raises:
        OSError: the disk refuses.
    """
    names = sorted({one for one in wanted if one})
    tops: dict[str, Path] = {}
    try:
        for name in names:
            first = _parts(name)[0]
            if first not in tops:
                tops[first] = _take(out, first)
        folders = {one: tops[_parts(one)[0]].joinpath(*_parts(one)[1:]) for one in names}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        yield folders
    except BaseException:
        for top in tops.values():
            shutil.rmtree(top, ignore_errors=True)
        raise


def _parts(name: str) -> tuple[str, ...]:
    """The parts of a relative folder; none leads out of it."""
    return tuple(one for one in PurePosixPath(name).parts if one not in ("/", "..", "."))


def _take(out: Path, name: str) -> Path:
    """Make the first free folder of a name."""
    number = 1
    while True:
        folder = out / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder
