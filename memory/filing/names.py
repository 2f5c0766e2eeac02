"""How users name projects, settings and kinds of entries."""

import re
from collections.abc import Sequence
from typing import get_args

from pydantic import ValidationError

from grym_synth.errors import BadInput
from memory.context import Note, NoteKind, Place, ProjectSetting
from memory.filing.records import RecordKind

NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
"""What a note can be."""

KINDS: tuple[RecordKind, ...] = (*get_args(get_args(RecordKind)[0]), *NOTE_KINDS)
"""What an entry can be."""

_NAME = re.compile(r"(?! )(?!\.{1,2}$)[\w .-]{1,64}(?<! )")
"""``.`` and ``..`` are none: in an address they mean folders, so that no page could open them."""


def check_name(name: str) -> None:
    """Refuse what is no project name.

    Raises:
        BadInput: it isn't 1 to 64 letters, digits, spaces, dots, dashes or underscores, or is
            one or two dots.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"naming a project {name!r}",
            "a name is 1 to 64 letters, digits, spaces, dots, dashes or underscores",
            "Choose another name",
        )


def make_setting(field: str, value: str) -> ProjectSetting:
    """Read a setting from the command line.

    Raises:
        BadInput: there is no such field, or the value is empty.
    """
    try:
        setting = ProjectSetting.model_validate({"field": field, "value": value.strip()})
    except ValidationError as fault:
        raise BadInput(
            f"setting {field}",
            "there is no such setting",
            "Use goal, style, constraint, deadline, section or element",
        ) from fault
    if not setting.value:
        raise BadInput(f"setting {field}", "the value is empty", "Say what it is")
    return setting


def make_note(kind: str, text: str, place: Place) -> Note:
    """Read a note from the command line.

    Raises:
        BadInput: there is no such kind, or the text is empty.
    """
    found = next((one for one in NOTE_KINDS if one == kind), None)
    if found is None:
        raise BadInput(
            f"noting a {kind}", "there is no such kind of note", f"Use {', '.join(NOTE_KINDS)}"
        )
    if not text.strip():
        raise BadInput(f"noting a {kind}", "the text is empty", "Say what is to be known")
    return Note.make(found, text.strip(), place)


def read_kinds(names: Sequence[str]) -> tuple[RecordKind, ...]:
    """Kinds of entries by their names.

    Raises:
        BadInput: one of them is none.
    """
    for name in names:
        if name not in KINDS:
            raise BadInput(
                f"searching for a {name}", "there is no such kind", f"Use {', '.join(KINDS)}"
            )
    return tuple(kind for kind in KINDS if kind in names)


def says(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words."""
    words = re.escape(name.strip())
    return bool(words) and bool(re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))
