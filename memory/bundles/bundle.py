"""The form of an exported project: ``docs/bundle.md`` describes it for others.

A folder with ``project.jsonl`` (a header, then one entry a line, oldest first) and ``assets`` (each
file as ``SHA-256.suffix``).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NoReturn

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from grym_synth.errors import BadInput
from memory.filing.keys import name_of_label, project_place
from memory.storage.entries import Entry

ENTRIES_FILE = "project.jsonl"
ASSETS_FOLDER = "assets"

BUNDLE_FORM = 2
"""Form of the bundles that are written; form 1 had no header and whole namespaces."""

LONGEST_LINE = 16_000_000
"""Bytes of one line; no entry comes near it."""

LONGEST_NAME = 300
"""Characters of a key or of a part of a namespace."""


class Header(BaseModel):
    """The first line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bundle: Literal["grym-synth project"] = "grym-synth project"
    form: int = BUNDLE_FORM
    project: str
    created: str
    """When the project was made: ISO 8601 time, UTC."""
    entries: int
    """How many lines follow."""


class BundleRefused(BadInput):
    """A bundle can't be imported."""

    def __init__(self, folder: Path, happened: str) -> None:
        super().__init__(f"importing {folder}", happened, "Export the project again")


def line_of(entry: Entry) -> str:
    """An entry as one line, its namespace below the project in the user's names."""
    below = [name_of_label(part) for part in entry.namespace[2:]]
    line = {"namespace": below, "key": entry.key, "value": {**entry.value}}
    return json.dumps(line, allow_nan=False, sort_keys=True)


def lines_of(folder: Path) -> Iterator[dict[str, JsonValue]]:
    """The objects of a bundle's lines.

    Raises:
        BundleRefused: the file is none, or a line is no JSON object.
    """
    path = folder / ENTRIES_FILE
    if path.is_symlink() or not path.is_file():
        raise BundleRefused(folder, f"it holds no file {ENTRIES_FILE}")
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                yield _object(folder, number, line)
    except OSError as fault:
        raise BundleRefused(folder, fault.strerror or str(fault)) from fault


def _object(folder: Path, number: int, line: bytes) -> dict[str, JsonValue]:
    if len(line) > LONGEST_LINE:
        raise BundleRefused(folder, f"line {number} is longer than {LONGEST_LINE:,} bytes")
    try:
        found: JsonValue = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise BundleRefused(folder, f"line {number} is no JSON") from fault
    if not isinstance(found, dict):
        raise BundleRefused(folder, f"line {number} is no JSON object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def header_of(folder: Path, line: dict[str, JsonValue]) -> Header:
    """The header, of a form that is known.

    Raises:
        BundleRefused: it is no header, or of another form.
    """
    form = line.get("form")
    if "bundle" in line and form != BUNDLE_FORM:
        raise BundleRefused(folder, f"its form is {form}, this version reads {BUNDLE_FORM} and 1")
    try:
        return Header.model_validate(line)
    except ValidationError as fault:
        raise BundleRefused(folder, "its first line is no header of a bundle") from fault


def entry_of(folder: Path, number: int, line: dict[str, JsonValue], project: str) -> Entry:
    """One line as an entry of a project; its value is not checked yet.

    Raises:
        BundleRefused: a part is missing or is no name.
    """
    names, key, value = line.get("namespace"), line.get("key"), line.get("value")
    parts = names if isinstance(names, list) else []
    named = [part for part in (key, *parts) if isinstance(part, str) and _is_name(part)]
    if not parts or len(named) != len(parts) + 1 or not isinstance(value, dict):
        raise BundleRefused(folder, f"line {number} has no namespace, key and value of an entry")
    text = str(value.get("text", "")) if value.get("current") is True else ""
    return Entry(project_place(project, *named[1:]), named[0], value, text)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()
