"""Write a project out as a bundle, all of it or nothing."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from audio.assets import AssetRef, AssetStore
from grym_synth.drafts import draft_folder
from grym_synth.errors import BadInput, UnknownName
from memory.bundles.bundle import ASSETS_FOLDER, ENTRIES_FILE, Header, line_of
from memory.filing.keys import PROJECTS
from memory.shelf.shelf import Shelf
from memory.storage.entries import Entry


def export(shelf: Shelf, folder: Path, assets: AssetStore) -> tuple[AssetRef, ...]:
    """Write a project into a new folder, which appears only when it is whole.

    Returns:
        The assets whose files are gone and so could not be written.

    Raises:
        BadInput: the folder exists, or can't be written.
    """
    tried = f"exporting project {shelf.project} to {folder}"
    if folder.exists() or folder.is_symlink():
        raise BadInput(tried, "something of that name exists", "Name a new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(folder.parent) as draft:
            _write_entries(shelf, draft / ENTRIES_FILE)
            missing = _write_assets(shelf.assets(), draft / ASSETS_FOLDER, assets)
            draft.chmod(0o755)
            draft.rename(folder)
    except OSError as fault:
        do = "Name a folder that can be written and has enough room"
        raise BadInput(tried, str(fault), do) from fault
    return missing


def _write_entries(shelf: Shelf, path: Path) -> None:
    entries = shelf.store.entries(shelf.place())
    with path.open("x", encoding="utf-8") as file:
        file.write(_header(shelf, entries).model_dump_json() + "\n")
        file.writelines(line_of(entry) + "\n" for entry in entries)
        file.flush()
        os.fsync(file.fileno())


def _header(shelf: Shelf, entries: Sequence[Entry]) -> Header:
    own = shelf.store.read(PROJECTS, [shelf.project])[shelf.project]
    created = str(own.value["created"])
    return Header(project=shelf.project, created=created, entries=len(entries))


def _write_assets(
    held: Sequence[AssetRef], folder: Path, assets: AssetStore
) -> tuple[AssetRef, ...]:
    folder.mkdir()
    missing = []
    for asset in held:
        try:
            stored = assets.path(asset)
        except UnknownName:
            missing.append(asset)
            continue
        shutil.copyfile(stored, folder / f"{asset.id}.{asset.suffix}")
    return tuple(missing)
