"""Results that the user wants at places of their own: only such as the request itself names.

A path never comes from a model alone: it must stand in the user's words. Where it lies outside of
the output folder, or something lies there already, settings say whether a human is asked first.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from agents.coding.forms import SaveForm
from agents.coding.words import Save, Wanted
from grym_synth.drafts import draft_file
from grym_synth.errors import BadInput
from grym_synth.settings import Action

_SUFFIXES = frozenset(
    (
        ".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff", ".mid", ".midi", ".musicxml", ".csv",
        ".json", ".txt", ".md", ".png", ".jpg",
    )
)  # fmt: skip
"""What a result may be; nothing that a machine runs or reads as its settings."""


def save_faults(forms: Sequence[SaveForm], request: str) -> Iterator[str]:
    """What is wrong with the places that an author names."""
    for one in forms:
        path = Path(one.path)
        if one.path.strip() != one.path or not one.path or one.path not in request:
            yield f"save_as: {one.path!r} is no place that the request names"
        elif path.suffix.lower() not in _SUFFIXES:
            yield f"save_as: {path.name} is no file for results; {', '.join(sorted(_SUFFIXES))} are"
        elif any(part.startswith(".") and part != "." for part in path.parts):
            yield f"save_as: {one.path} leads to a hidden place or upwards"


def saves_of(forms: Sequence[SaveForm], named: Sequence[str], out: Path) -> tuple[Save, ...]:
    """Where results go: what is not absolute lies in the output folder.

    Args:
        forms: what the author says.
        named: places that the request names; the author may have left some out.
        out: the output folder.
    """
    folder = out.expanduser().absolute()
    left = [
        SaveForm(file="", path=one) for one in named if one not in {form.path for form in forms}
    ]
    return tuple(
        Save(file=one.file, path=str(folder / Path(one.path).expanduser()))
        for one in (*forms, *(one for one in left if not any(save_faults([one], one.path))))
    )


def wanted_actions(
    saves: Sequence[Save], out: Path, asks: Collection[Action]
) -> tuple[Wanted, ...]:
    """What of the saving needs a human's yes.

    Args:
        saves: where results go.
        out: the output folder.
        asks: the actions that need one.
    """
    folder = out.expanduser().resolve()
    wanted: list[Wanted] = []
    for one in saves:
        place = Path(one.path)
        if "write_outside" in asks and not place.resolve().is_relative_to(folder):
            wanted.append(Wanted(action="write_outside", save=one))
        if "overwrite" in asks and os.path.lexists(place):
            wanted.append(Wanted(action="overwrite", save=one))
    return tuple(wanted)


def save(saves: Sequence[Save], stored: Mapping[str, Path]) -> tuple[str, ...]:
    """Put results at their places, each whole or not at all.

    Args:
        saves: where results go.
        stored: where each result lies now, by its name.

    Returns:
        What was done, and what was not and why, in sentences.
    """
    return tuple(_save(one, stored) for one in saves)


def fitting(one: Save, stored: Collection[str]) -> str:
    """The name of the result that goes to a place; empty where none or several are of its kind."""
    suffix = Path(one.path).suffix.lower()
    found = [name for name in stored if Path(name).suffix.lower() == suffix]
    return one.file or (found[0] if len(found) == 1 else "")


def _save(one: Save, stored: Mapping[str, Path]) -> str:
    target, file = Path(one.path), fitting(one, stored)
    source = stored.get(file)
    if source is None:
        what = f"no {one.file}" if one.file else "no single file of its kind"
        return f"{one.path} was not written: the program left {what}"
    try:
        _copy(source, target)
    except BadInput as fault:
        return f"{one.path} was not written: {fault.happened}"
    return f"{file} is saved as {one.path}"


def _copy(source: Path, target: Path) -> None:
    """Replace what lies at a place, a link itself and not what it leads to.

    Raises:
        BadInput: the place can't be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_file(target.parent) as draft:
            shutil.copyfile(source, draft)
            draft.chmod(0o644)
            draft.replace(target)
    except OSError as fault:
        happened = fault.strerror or str(fault)
        raise BadInput(f"saving {target}", happened, "Name another place") from fault
