"""Write a project out: one JSON Lines file with every entry, and a folder with its assets."""

import json
import shutil
from pathlib import Path

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, UnknownName
from memory.shelf import Shelf

ENTRIES_FILE = "project.jsonl"
"""One entry a line: ``{"namespace": [...], "key": ..., "value": {...}}``, oldest first."""

ASSETS_FOLDER = "assets"
"""Holds each asset as ``SHA-256.suffix``; its name is in its entry."""


def export(shelf: Shelf, folder: Path, assets: AssetStore) -> tuple[AssetRef, ...]:
    """Write a project into a new folder; nothing is left of it when that fails.

    Returns:
        The assets whose files are gone and so could not be written.

    Raises:
        BadInput: the folder exists, or can't be written.
    """
    tried = f"exporting project {shelf.project} to {folder}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError as fault:
        raise BadInput(tried, "something of that name exists", "Name a new folder") from fault
    except OSError as fault:
        raise BadInput(tried, str(fault), "Name a folder that can be written") from fault
    try:
        _write_entries(shelf, folder / ENTRIES_FILE)
        return _write_assets(shelf, folder / ASSETS_FOLDER, assets)
    except OSError as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(tried, str(fault), "Name a folder with enough room") from fault


def _write_entries(shelf: Shelf, path: Path) -> None:
    with path.open("x", encoding="utf-8") as file:
        for entry in shelf.store.entries(shelf.place()):
            line = {"namespace": entry.namespace, "key": entry.key, "value": entry.value}
            file.write(json.dumps(line, allow_nan=False) + "\n")


def _write_assets(shelf: Shelf, folder: Path, assets: AssetStore) -> tuple[AssetRef, ...]:
    folder.mkdir()
    missing = []
    for asset in shelf.assets():
        try:
            stored = assets.path(asset)
        except UnknownName:
            missing.append(asset)
            continue
        shutil.copyfile(stored, folder / f"{asset.id}.{asset.suffix}")
    return tuple(missing)
