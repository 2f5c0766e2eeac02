"""Keeping a home in bounds: what its files are, and which of them nothing knows any more."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from audio.assets import AssetStore
from audio.media import AssetKind
from grym_synth.settings import Settings
from grym_synth.studio import open_memory, read_memory
from grym_synth.talks import read_talk
from memory.checkpoints import open_saver
from memory.databases import servers_of


@dataclass(frozen=True)
class Held:
    """One file of the store."""

    id: str
    name: str
    kind: AssetKind
    size_bytes: int
    projects: tuple[str, ...]
    """The projects that know it."""


@dataclass(frozen=True)
class Collected:
    """What a collection removes, or would."""

    files: int
    size_bytes: int
    scratch: int
    """Folders that workflows left which nobody will go on with."""


def held_in(settings: Settings) -> tuple[Held, ...]:
    """The files that projects know, the largest first."""
    known: dict[str, Held] = {}
    with read_memory(settings) as memory:
        for project in memory.projects():
            for one in memory.assets(project.name):
                before = known[one.id].projects if one.id in known else ()
                known[one.id] = Held(
                    one.id, one.name, one.kind, one.size_bytes, (*before, project.name)
                )
    return tuple(sorted(known.values(), key=lambda one: -one.size_bytes))


def collect(settings: Settings, *, dry: bool) -> Collected:
    """Remove the files that no project and no conversation knows.

    Args:
        settings: name the home.
        dry: only tell what would go.

    Raises:
        HomeLocked: another process owns this home.
    """
    home = settings.home_path
    with (
        open_memory(settings) as memory,
        open_saver(home / "checkpoints.sqlite", servers_of(settings).database) as saver,
    ):
        talks = [read_talk(saver, name) for name in saver.threads()]
        used = frozenset().union(*(one.uses.assets for one in talks))
        kept = used | memory.known_assets()
        store = AssetStore(home / "assets", settings.limits)
        gone = store.loose(kept)
        open_tasks = frozenset().union(*(one.unfinished for one in talks))
        left = [one for one in _folders(home / "scratch") if one.name not in open_tasks]
        size = sum(map(_size, (*gone, *left)))
        if not dry:
            store.sweep(kept)
            for folder in left:
                shutil.rmtree(folder)
            saver.scrub()
    return Collected(len({path.stem for path in gone}), size, len(left))


def _folders(place: Path) -> list[Path]:
    return [one for one in place.iterdir() if one.is_dir()] if place.is_dir() else []


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
