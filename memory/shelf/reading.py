"""One project's entries as typed words: what is read of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Interaction,
    Note,
    Place,
    ProjectSetting,
    Report,
    Section,
    Summary,
    TurnRecord,
)
from memory.filing.keys import (
    ASSETS,
    CONFLICTS,
    FINDINGS,
    INTERACTIONS,
    NOTES,
    REPORTS,
    SETTINGS,
    SUMMARIES,
    TERMS,
    TURNS,
    name_of_label,
    project_place,
    report_key,
    summary_key,
    turn_key,
)
from memory.filing.records import NEVER, Record, record_of, word_of, words_of
from memory.filing.stating import Stated
from memory.filing.wording import element_text, section_text
from memory.storage.entries import Address, Entry, EntryStore, Namespace
from memory.terms import Term

MOST_ROUNDS = 20
"""Rounds of work that a turn may have at most; a task reports at most once in each."""


@dataclass(frozen=True)
class ShelfReading:
    """What the memory holds of one project."""

    store: EntryStore
    project: str

    def place(self, *below: str) -> Namespace:
        """The project's namespace, or one below it."""
        return project_place(self.project, *below)

    def stated(self) -> tuple[Stated, ...]:
        """What the user states of the project, in the order in which it was first stated."""
        held = self.store.entries(self.place(SETTINGS), searchable=True)
        return tuple(
            word for word in (record_of(entry).word for entry in held) if isinstance(word, Stated)
        )

    def settings(self) -> tuple[ProjectSetting, ...]:
        """The same in the user's words."""
        return tuple(map(as_setting, self.stated()))

    def notes(self) -> tuple[Note, ...]:
        """The notes that hold, oldest first."""
        return words_of(self.store.entries(self.place(NOTES), searchable=True), Note)

    def terms(self) -> tuple[Term, ...]:
        """The project's own words, in the order in which they were first explained."""
        return words_of(self.store.entries(self.place(TERMS), searchable=True), Term)

    def summary(self, place: Place) -> Summary | None:
        """What is known at a place, if that was written."""
        held = self.store.read(self.place(SUMMARIES), [summary_key(place)])
        return next(iter(words_of(held.values(), Summary)), None)

    def summaries(self) -> tuple[Summary, ...]:
        """What is known at each place for which that was written."""
        return words_of(self.store.entries(self.place(SUMMARIES), searchable=True), Summary)

    def reports(self, task: str) -> tuple[Report, ...]:
        """What a task's specialist reported, one report for each round."""
        keys = [report_key(task, round_) for round_ in range(MOST_ROUNDS + 1)]
        return words_of(self.store.read(self.place(REPORTS), keys).values(), Report)

    def open(self, handle: str) -> Record | None:
        """The entry of an id, in its newest form."""
        thread, hash_, turn = handle.rpartition("#")
        if hash_ and turn.isdecimal():
            found = list(self.store.read(self.place(TURNS, thread), [turn_key(int(turn))]).values())
        else:
            found = self.store.entries(self.place(), keys=[handle])
        return record_of(found[-1]) if found else None

    def assets(self) -> tuple[AssetRef, ...]:
        """The project's assets, in the order in which they came."""
        return words_of(self.store.entries(self.place(ASSETS)), AssetRef)

    def assets_of(self, ids: Sequence[str]) -> tuple[AssetRef, ...]:
        """The assets of these ids that the project knows, in this order."""
        found = self.store.read(self.place(ASSETS), ids)
        return words_of([found[key] for key in dict.fromkeys(ids) if key in found], AssetRef)

    def asset_names(self) -> dict[str, str]:
        """The names of the project's assets by their ids, in the order in which they came."""
        return self.store.names(self.place(ASSETS))

    def findings(
        self, subjects: Collection[str] | None = None, *, superseded: bool = False
    ) -> tuple[Finding, ...]:
        """Findings in the order of their first writing.

        Args:
            subjects: ids of assets, or names of sections and elements; by default all.
            superseded: also those that a newer one replaced.
        """
        places = [self.place(FINDINGS)]
        if subjects is not None:
            places = [self.place(FINDINGS, subject) for subject in dict.fromkeys(subjects)]
        return tuple(
            finding
            for place in places
            for finding in words_of(self.store.entries(place, searchable=not superseded), Finding)
        )

    def conflicts(self, *, superseded: bool = False) -> dict[Address, Conflict]:
        """The conflicts that hold now, or held once, in the order in which they were found."""
        held = self.store.entries(self.place(CONFLICTS), searchable=not superseded)
        return {entry.address: word_of(entry, Conflict) for entry in held}

    def conflicts_about(self, findings: Collection[str]) -> tuple[Conflict, ...]:
        """The conflicts that hold now and that any of these findings is part of."""
        held = self.store.about(self.place(CONFLICTS), findings)
        return words_of(held, Conflict)

    def open_conflicts(self, most: int) -> tuple[Conflict, ...]:
        """The newest conflicts that nothing has settled, in the order in which they were found."""
        wanted = {"status": "open", "until": NEVER}
        found = self.store.select([self.place(CONFLICTS)], wanted, limit=most)
        return words_of((one.entry for one in reversed(found)), Conflict)

    def turns(self, thread: str | None = None, newest: int | None = None) -> tuple[TurnRecord, ...]:
        """Turns of the project or of one thread, oldest first."""
        return words_of(self._of_thread(TURNS, thread, newest), TurnRecord)

    def interactions(
        self, thread: str | None = None, turn: int | None = None
    ) -> tuple[Interaction, ...]:
        """Steps of the processing history of the project, a thread or a turn, oldest first."""
        place = self.place(INTERACTIONS, *([] if thread is None else [thread]))
        held = self.store.select([place], {} if turn is None else {"turn": turn})
        return words_of((one.entry for one in reversed(held)), Interaction)

    def threads(self) -> tuple[str, ...]:
        """Names of the threads that have a turn, in the order of their first ones."""
        above = self.place(TURNS)
        below = self.store.namespaces(above)
        return tuple(name_of_label(one[len(above)]) for one in below if len(one) > len(above))

    def _of_thread(self, kind: str, thread: str | None, newest: int | None = None) -> list[Entry]:
        place = self.place(kind) if thread is None else self.place(kind, thread)
        return self.store.entries(place, newest=newest)


def as_setting(word: Stated) -> ProjectSetting:
    """What was stated, in the user's words."""
    match word:
        case Section():
            return ProjectSetting(field="section", value=section_text(word))
        case Element():
            return ProjectSetting(field="element", value=element_text(word))
        case Deadline():
            return ProjectSetting(field="deadline", value=word.text)
    return word
