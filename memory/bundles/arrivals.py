"""The entries of a bundle, read and checked to be what an export writes."""

import re
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue, ValidationError

from audio.assets import AssetRef
from memory.bundles.bundle import BundleRefused, Header, entry_of, header_of, lines_of
from memory.context import Finding, Note, TurnRecord
from memory.filing.forms import modern
from memory.filing.keys import (
    VERSIONS,
    label_of_kind,
    name_of_label,
    project_place,
    setting_key,
    turn_key,
)
from memory.filing.records import FORM, Record, record_of
from memory.filing.stating import Stated
from memory.storage.entries import Entry, Namespace

_DIGEST = re.compile("[0-9a-f]{64}")
_SUFFIX = re.compile("[a-z0-9]{1,10}")

Line = dict[str, JsonValue]


def read_entries(folder: Path, name: str | None) -> tuple[Header, list[Entry]]:
    """A bundle's header and its entries, checked, in the form of today.

    Args:
        folder: the bundle.
        name: what the project is to be called; by default as in the bundle.

    Raises:
        BundleRefused: the file is damaged, of an unknown form, or not what an export writes.
    """
    lines = list(lines_of(folder))
    if not lines:
        raise BundleRefused(folder, "it is empty")
    if "namespace" in lines[0]:
        header, entries = _form_1(folder, lines, name)
    else:
        header, entries = _form_2(folder, lines, name)
    if len({entry.address for entry in entries}) != len(entries):
        raise BundleRefused(folder, "two of its lines have the same namespace and key")
    for number, entry in enumerate(entries, len(lines) - len(entries) + 1):
        _check(folder, number, entry)
    return header, entries


def _form_2(folder: Path, lines: list[Line], name: str | None) -> tuple[Header, list[Entry]]:
    header = header_of(folder, lines[0])
    if len(lines) - 1 != header.entries:
        happened = f"it holds {len(lines) - 1} entries where its header says {header.entries}"
        raise BundleRefused(folder, happened)
    header = header.model_copy(update={"project": name or header.project})
    return header, [
        entry_of(folder, number, line, header.project) for number, line in enumerate(lines[1:], 2)
    ]


def _form_1(folder: Path, lines: list[Line], name: str | None) -> tuple[Header, list[Entry]]:
    """A bundle without a header, whose namespaces begin with the project's."""
    whole = [entry_of(folder, number, line, "") for number, line in enumerate(lines, 1)]
    places = [tuple(name_of_label(part) for part in entry.namespace[2:]) for entry in whole]
    above = places[0][:2]
    if any(len(place) < 3 or place[:2] != above for place in places) or above[0] != "project":
        raise BundleRefused(folder, "its entries are not those of one project")
    project = name or name_of_label(above[1])
    entries = [
        Entry(
            project_place(project, *(name_of_label(part) for part in place[2:])),
            entry.key,
            entry.value,
            entry.text,
        )
        for place, entry in zip(places, whole, strict=True)
    ]
    created = datetime.now(UTC).isoformat(timespec="seconds")
    header = Header(project=project, created=created, entries=len(entries))
    try:
        return header, modern(entries)
    except (ValidationError, KeyError) as fault:
        raise BundleRefused(folder, "an entry is not what this form holds") from fault


def _check(folder: Path, number: int, entry: Entry) -> None:
    """Refuse a value that is none, or that lies where nothing looks for it.

    Raises:
        BundleRefused: it is so.
    """
    try:
        record = record_of(entry)
        fits = (
            entry.value["form"] == FORM
            and entry.value["until"] is not None
            and entry.value["current"] is (record.ended is None)
            and _lies_right(entry.namespace[2:], entry.key, record)
        )
    except (ValidationError, KeyError, ValueError) as fault:
        raise BundleRefused(folder, f"line {number} holds no entry of form {FORM}") from fault
    if not fits:
        raise BundleRefused(folder, f"line {number} does not lie where its entry belongs")


def _lies_right(below: Namespace, key: str, record: Record) -> bool:
    """Whether an entry has the namespace and the key that its word gives it."""
    if below[0] == VERSIONS:
        below, key = below[1:], key.partition("@")[0]
    place = [name_of_label(part) for part in below]
    match record.word:
        case AssetRef() as asset:
            named = _DIGEST.fullmatch(asset.id) and _SUFFIX.fullmatch(asset.suffix)
            right = bool(named) and key == asset.id and len(place) == 1
        case Finding() as finding:
            right = key == finding.id and place[1:] == [finding.subject.id]
        case Note() as note:
            right = key == note.id
        case TurnRecord() as turn:
            right = key == turn_key(turn.turn) and place[1:] == [turn.thread]
        case word if isinstance(word, Stated):
            right = key == setting_key(word)
        case _:
            right = True
    return right and place[:1] == [label_of_kind(record.kind)]
