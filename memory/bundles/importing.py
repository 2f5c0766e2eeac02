"""Take a project in from a bundle: all of it is checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, MediaRejected, UnknownName
from memory.bundles.arrivals import read_entries
from memory.bundles.bundle import ASSETS_FOLDER, BundleRefused
from memory.filing.keys import PROJECTS, project_place
from memory.filing.names import check_name
from memory.filing.records import FORM, word_of
from memory.storage.entries import Entry, EntryStore


@dataclass(frozen=True)
class Imported:
    """What came in."""

    project: str
    entries: int
    missing: tuple[AssetRef, ...]
    """Assets whose files neither the bundle nor this home holds."""


def import_bundle(
    store: EntryStore, folder: Path, assets: AssetStore, name: str | None = None
) -> Imported:
    """Make a project from a bundle, in one transaction.

    Args:
        store: where the entries go.
        folder: the bundle.
        assets: where the files go.
        name: what the project is to be called; by default as in the bundle.

    Raises:
        BundleRefused: the bundle is damaged, of an unknown form, or not what an export writes.
        BadInput: there is a project of that name, or the name is none.
        MemoryFault: the home can't take it.
    """
    header, entries = read_entries(folder, name)
    project = header.project
    check_name(project)
    if store.read(PROJECTS, [project]) or store.count(project_place(project)):
        raise BadInput(
            f"importing {folder}", f"there is a project {project}", "Name another one with --as"
        )
    refs = [word_of(one, AssetRef) for one in entries if one.value["kind"] == "asset"]
    files = {ref.id: path for ref in refs if (path := _file(folder, ref, assets))}
    for ref in refs:
        if ref.id in files:
            assets.add(files[ref.id], ref.kind, ref.name)
    own: dict[str, JsonValue] = {"name": project, "created": header.created, "form": FORM}
    store.write([Entry(PROJECTS, project, own), *entries])
    missing = tuple(ref for ref in _newest(refs) if not _is_here(ref, assets))
    return Imported(project, len(entries), missing)


def _file(folder: Path, ref: AssetRef, assets: AssetStore) -> Path | None:
    """An asset's file in the bundle, checked to be what its entry says; None when it isn't there.

    A file that this home holds already is not needed.
    """
    if _is_here(ref, assets):
        return None
    within = folder / ASSETS_FOLDER
    path = within / f"{ref.id}.{ref.suffix}"
    if within.is_symlink() or path.is_symlink():
        raise BundleRefused(folder, f"{path.name} is a link, not a file")
    if not path.exists():
        return None
    try:
        found = assets.inspect(path, ref.kind)
    except MediaRejected as fault:
        raise BundleRefused(folder, f"its file of {ref.name} can't be used: {fault}") from fault
    if (found.id, found.suffix) != (ref.id, ref.suffix):
        raise BundleRefused(folder, f"its file of {ref.name} is not the one that its entry names")
    return path


def _is_here(ref: AssetRef, assets: AssetStore) -> bool:
    try:
        assets.path(ref)
    except (UnknownName, MediaRejected):
        return False
    return True


def _newest(refs: Sequence[AssetRef]) -> list[AssetRef]:
    """Each asset once, by its newest name."""
    return list({ref.id: ref for ref in refs}.values())
