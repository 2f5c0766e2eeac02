"""Bring entries that older versions of the program wrote to the form of today.

A project's own entry says which form its entries have. Form 1 had no moments and no flat fields,
and sections, elements and deadlines were plain settings.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from audio.assets import AssetRef
from grym_synth.errors import MemoryFault
from memory.context import (
    Conflict,
    Deadline,
    Finding,
    Moment,
    ProjectSetting,
    Section,
    TurnRecord,
)
from memory.filing.keys import (
    ASSETS,
    CONFLICTS,
    FINDINGS,
    PROJECTS,
    SETTINGS,
    TURNS,
    project_place,
    setting_key,
)
from memory.filing.records import FORM, end_entry, make_entry
from memory.filing.stating import Stated, read_setting
from memory.storage.entries import Entry, EntryStore

Old = ProjectSetting | AssetRef | Finding | TurnRecord | Conflict

_KINDS: Mapping[str, type[Old]] = {
    SETTINGS: ProjectSetting,
    ASSETS: AssetRef,
    FINDINGS: Finding,
    TURNS: TurnRecord,
    CONFLICTS: Conflict,
}
"""What form 1 had, by the namespace's label."""


def bring_to_form(store: EntryStore, project: str) -> None:
    """Write a project's entries anew in the form of today, all or none, when they are older.

    Raises:
        MemoryFault: a newer version of the program wrote them, or they can't be written.
    """
    held = store.read(PROJECTS, [project]).get(project)
    if held is None or (form := held.value.get("form", 1)) == FORM:
        return
    if form != 1:
        raise MemoryFault(
            f"opening project {project}",
            f"its memory has form {form}, this version reads form {FORM} and older ones",
            "Use the version of grym-synth that wrote it, or a newer one",
        )
    before = store.entries(project_place(project))
    after = modern(before)
    # Deleting comes first, so that settings with new keys keep their order among the others.
    gone = [entry.address for entry in before if entry.namespace[2] == SETTINGS]
    try:
        store.write([*after, Entry(PROJECTS, project, {**held.value, "form": FORM})], gone)
    except MemoryFault as fault:
        raise MemoryFault(
            f"bringing project {project} to the form of today",
            fault.happened,
            f"Run `grym project show {project}` once while nothing else uses the home",
        ) from fault


def modern(entries: Sequence[Entry]) -> list[Entry]:
    """Entries of form 1, all of one project and in their order, in the form of today."""
    words = [_KINDS[entry.namespace[2]].model_validate(entry.value["word"]) for entry in entries]
    later = {
        word.supersedes: word for word in words if isinstance(word, Finding) and word.supersedes
    }
    assets = [word for word in words if isinstance(word, AssetRef)]
    sections: list[Section] = []
    made = []
    for entry, word in zip(entries, words, strict=True):
        if isinstance(word, ProjectSetting):
            stated = _stated(word, sections, assets)
            sections += [stated] if isinstance(stated, Section) else []
            made.append(make_entry(entry.namespace, setting_key(stated), stated, Moment()))
        else:
            made.append(_made(entry, word, later))
    return made


def _stated(
    said: ProjectSetting, sections: Sequence[Section], assets: Sequence[AssetRef]
) -> Stated:
    """The typed word; a day that depends on when it was said can't be told any more."""
    word, other = (
        read_setting(said, day, sections, assets) for day in (date(2000, 1, 1), date.today())
    )
    if isinstance(word, Deadline) and word != other:
        return word.model_copy(update={"date": None})
    return word


def _made(entry: Entry, word: Old, later: Mapping[str, Finding]) -> Entry:
    """The entry with all that is known of when it began to hold and when it ceased."""
    made = make_entry(entry.namespace, entry.key, word, _began(word), str(entry.value["text"]))
    if entry.value["current"]:
        return made
    newer = later.get(entry.key)
    return end_entry(made, _began(newer or word))


def _began(word: Old) -> Moment:
    if isinstance(word, TurnRecord):
        return Moment(thread=word.thread, turn=word.turn, at=word.when)
    if isinstance(word, Finding):
        return Moment(turn=word.turn, at=word.at)
    return Moment()
