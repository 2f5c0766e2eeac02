"""What a project believed at an earlier time: in force then, whatever was said later."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.errors import BadInput, UnknownName
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Note,
    ProjectSetting,
    Section,
)
from memory.filing.keys import (
    ASSETS,
    CONFLICTS,
    FINDINGS,
    NOTES,
    SETTINGS,
    TURNS,
    archive_of,
    turn_key,
)
from memory.filing.records import NEVER, Record, record_of
from memory.filing.stating import Stated
from memory.shelf.reading import as_setting
from memory.shelf.shelf import Shelf
from memory.storage.entries import Numbered

_OTHERS = (SETTINGS, NOTES, ASSETS)
"""Where else beliefs lie beside findings and conflicts."""


@dataclass(frozen=True)
class Beliefs:
    """What was held to be true at one time."""

    at: str
    """ISO 8601 time, UTC."""
    records: tuple[Record, ...]
    """In the order of first writing; ``ended`` says which were given up since."""

    @property
    def stated(self) -> tuple[Stated, ...]:
        """What the user had stated of the project."""
        return tuple(one.word for one in self.records if isinstance(one.word, Stated))

    @property
    def settings(self) -> tuple[ProjectSetting, ...]:
        """The same in the user's words."""
        return tuple(map(as_setting, self.stated))

    @property
    def sections(self) -> tuple[Section, ...]:
        """The spans of the piece."""
        return tuple(one.word for one in self.records if isinstance(one.word, Section))

    @property
    def elements(self) -> tuple[Element, ...]:
        """The parts of the piece."""
        return tuple(one.word for one in self.records if isinstance(one.word, Element))

    @property
    def timeline(self) -> tuple[Deadline, ...]:
        """What was due, the earliest day first."""
        due = (one.word for one in self.records if isinstance(one.word, Deadline))
        return tuple(sorted(due, key=lambda one: one.date or NEVER))

    @property
    def assets(self) -> tuple[AssetRef, ...]:
        """The files that the project knew."""
        return tuple(one.word for one in self.records if isinstance(one.word, AssetRef))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was believed about files, sections and elements."""
        return tuple(one.word for one in self.records if isinstance(one.word, Finding))

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts that were known."""
        return tuple(one.word for one in self.records if isinstance(one.word, Conflict))

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes that held."""
        return tuple(one.word for one in self.records if isinstance(one.word, Note))


@dataclass(frozen=True)
class Wanted:
    """Which beliefs are asked for; by default all."""

    aspects: tuple[str, ...] = ()
    """Only findings and conflicts about these."""
    assets: tuple[str, ...] = ()
    """Of the findings only those about these files."""
    newest: int | None = None
    """Of each kind at most so many, the newest."""


def beliefs_at(shelf: Shelf, at: str, wanted: Wanted | None = None) -> Beliefs:
    """What a project believed at a time.

    Args:
        shelf: the project.
        at: ISO 8601 day or time.
        wanted: which of it.

    Raises:
        BadInput: it is no time.
    """
    wanted = wanted or Wanted()
    moment = end_of(at)
    where: dict[str, JsonValue] = {"at": {"$lte": moment}, "until": {"$gt": moment}}
    if wanted.aspects:
        where["aspect"] = {"$in": [*wanted.aspects]}
    held: list[Numbered] = []
    for label in (FINDINGS, CONFLICTS) if wanted.aspects else (*_OTHERS, FINDINGS, CONFLICTS):
        places = [shelf.place(label)]
        if label == FINDINGS and wanted.assets:
            places = [shelf.place(label, asset) for asset in wanted.assets]
        both = [*places, *map(archive_of, places)]
        held += shelf.store.select(both, where, limit=wanted.newest)
    held.sort(key=lambda one: one.number)
    return Beliefs(moment, tuple(record_of(one.entry, number=one.number) for one in held))


def beliefs_after(shelf: Shelf, thread: str, turn: int, wanted: Wanted | None = None) -> Beliefs:
    """What a project believed when a turn was answered.

    Args:
        shelf: the project.
        thread: the turn's thread.
        turn: its number.
        wanted: which of it.

    Raises:
        UnknownName: the thread has no such turn.
    """
    key = turn_key(turn)
    held = shelf.store.read(shelf.place(TURNS, thread), [key])
    if key not in held:
        raise UnknownName(
            f"looking back at turn {turn} of thread {thread}",
            f"project {shelf.project} has no such turn",
            f"See `grym project history {shelf.project}`",
        )
    return beliefs_at(shelf, str(held[key].value["at"]), wanted)


def end_of(text: str) -> str:
    """A time as entries carry it; of a day its last moment, in UTC.

    Raises:
        BadInput: it is neither a day nor a time.
    """
    try:
        if len(text) <= len("2026-11-01"):
            told = datetime.combine(date.fromisoformat(text), time.max, UTC)
        else:
            told = datetime.fromisoformat(text)
    except ValueError as fault:
        raise BadInput(
            f"reading the time {text!r}", "it is none", "Write 2026-11-01 or 2026-11-01T18:30"
        ) from fault
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return told.astimezone(UTC).isoformat(timespec="microseconds")
