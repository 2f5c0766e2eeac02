"""The project memory: typed reads and writes over any store of entries."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Interaction,
    Moment,
    Note,
    Place,
    ProjectContext,
    ProjectSetting,
    Report,
    Section,
    Summary,
    Task,
    TurnRecord,
)
from memory.filing.keys import NOTES, SETTINGS, TERMS, setting_key, term_key
from memory.filing.records import NEVER, Record, now
from memory.filing.stating import Stated, read_setting
from memory.glossary.glossary import Glossary
from memory.glossary.key_concepts import nearest_terms
from memory.hierarchy.hierarchy import Hierarchy
from memory.hierarchy.places import hierarchy_of
from memory.hierarchy.retelling import is_worth_retelling, retell
from memory.hierarchy.summaries import Summariser, refresh
from memory.packing.gathering import gather
from memory.packing.knowledge import Knowledge
from memory.projects import Projects
from memory.recall.beliefs import Beliefs, Wanted, beliefs_after, beliefs_at
from memory.recall.listing import Listing, Page, Query, listing
from memory.recall.recall import recall
from memory.shelf.reading import as_setting
from memory.shelf.renewing import renewed
from memory.shelf.twins import without_twins
from memory.shelf.undoing import Undone, leave, undo
from memory.terms import Term


class Repository(Projects):
    """Projects, and what each knows. Every write may be repeated: it adds nothing twice."""

    # What the user states

    def set(self, project: str, setting: ProjectSetting, began: Moment | None = None) -> None:
        """State a goal, style guideline, constraint, deadline, section or element in words.

        Args:
            project: the project's name.
            setting: the field and the words; they are kept as the typed word that they mean.
            began: when it was said, and why; by default now.
        """
        shelf, began = self._shelf(project), began or now()
        today = datetime.fromisoformat(began.at).date()
        is_element = setting.field == "element"
        sections = self.sections(project) if is_element else ()
        assets = shelf.assets() if is_element else ()
        shelf.put_stated(read_setting(setting, today, sections, assets), began)

    def withdraw(self, project: str, settings: Iterable[ProjectSetting], when: Moment) -> None:
        """Give up what was stated in these words, and advice that quotes it; it stays on record."""
        shelf, given = self._shelf(project), {*settings}
        if not given:
            return
        keys = [setting_key(word) for word in shelf.stated() if as_setting(word) in given]
        shelf.end(shelf.store.read(shelf.place(SETTINGS), keys).values(), when)
        shelf.end_advice({f"“{one.value}”" for one in given}, when)

    def take_back(self, project: str, words: Iterable[Note | Term], when: Moment) -> None:
        """Give up notes and words of the project's own; they stay on record."""
        shelf, given = self._shelf(project), tuple(words)
        notes = [one.id for one in given if isinstance(one, Note)]
        terms = [term_key(one.name) for one in given if isinstance(one, Term)]
        shelf.end(shelf.store.read(shelf.place(NOTES), notes).values(), when)
        shelf.end(shelf.store.read(shelf.place(TERMS), terms).values(), when)

    def undo(self, project: str, thread: str, turn: int) -> Undone:
        """Take back what was said in a turn: ``memory.shelf.undoing``; summaries follow."""
        shelf, when = self._shelf(project), now(why=f"turn {turn} of thread {thread} was undone")
        undone = undo(shelf, thread, turn, when)
        self.refresh_summaries(project, when)
        return undone

    def leave(self, project: str, thread: str, turns: Collection[int], when: Moment) -> None:
        """Take back what was said in turns that a conversation left: ``memory.shelf.undoing``."""
        leave(self._shelf(project), thread, turns, when)
        self.refresh_summaries(project, when)

    def state(self, project: str, word: Stated, began: Moment | None = None) -> None:
        """State it as a typed word; it replaces what was said under its name before."""
        self._shelf(project).put_stated(word, began or now())

    def settings(self, project: str) -> tuple[ProjectSetting, ...]:
        """What the user stated, in the order in which it was first stated."""
        return self._shelf(project).settings()

    def sections(self, project: str) -> tuple[Section, ...]:
        """The spans of the piece."""
        return tuple(one for one in self._shelf(project).stated() if isinstance(one, Section))

    def elements(self, project: str) -> tuple[Element, ...]:
        """The parts of the piece."""
        return tuple(one for one in self._shelf(project).stated() if isinstance(one, Element))

    def timeline(self, project: str) -> tuple[Deadline, ...]:
        """What is due, the earliest day first; what has no day that can be told comes last."""
        due = (one for one in self._shelf(project).stated() if isinstance(one, Deadline))
        return tuple(sorted(due, key=lambda one: one.date or NEVER))

    def put_term(self, project: str, term: Term, began: Moment | None = None) -> None:
        """Say what a word means in this project."""
        self._shelf(project).put_term(term, began or now())

    def end_term(self, project: str, name: str) -> bool:
        """Give up a project's own word; whether there was one."""
        shelf = self._shelf(project)
        held = shelf.store.read(shelf.place(TERMS), [term_key(name)]).values()
        shelf.end(held, now())
        return any(entry.value["current"] for entry in held)

    def terms(self, project: str) -> tuple[Term, ...]:
        """The project's own words."""
        return self._shelf(project).terms()

    def glossary(self, project: str) -> Glossary:
        """The glossary with the project's own words."""
        return Glossary.load(self.terms(project))

    def nearest_terms(self, project: str, text: str, limit: int = 5) -> tuple[Term, ...]:
        """The terms that fit a text best by words and meaning, the project's own among them."""
        return nearest_terms(self._store, project, text, limit)

    # What is known

    def add_notes(self, project: str, notes: Iterable[Note], began: Moment | None = None) -> None:
        """Remember notes, each in the place of the one that it supersedes.

        A note that says what another of its kind at its place says already is not kept twice; one
        about code takes the place of the one that it says anew.
        """
        shelf = self._shelf(project)
        shelf.put_notes(without_twins(shelf, renewed(shelf, notes)), began or now())

    def notes(self, project: str) -> tuple[Note, ...]:
        """The notes that hold, oldest first."""
        return self._shelf(project).notes()

    def add_summary(self, project: str, summary: Summary, began: Moment | None = None) -> None:
        """Remember what is known at a place, in the place of its older summary."""
        self._shelf(project).put_summary(summary, began or now())

    def refresh_summaries(
        self,
        project: str,
        began: Moment | None = None,
        summariser: Summariser | None = None,
        most: int | None = None,
    ) -> tuple[Summary, ...]:
        """Write the summaries that are due, at most so many: see ``memory.hierarchy.summaries``."""
        shelf = self._shelf(project)
        return refresh(shelf, self.hierarchy(project), began or now(), summariser, most)

    def retell(
        self, project: str, began: Moment, summariser: Summariser, most: int
    ) -> tuple[Summary, ...]:
        """Have somebody tell anew what a turn's summaries say: ``memory.hierarchy.retelling``."""
        shelf = self._shelf(project)
        return retell(shelf, self.hierarchy(project), began, summariser, most)

    def is_worth_retelling(self, project: str, began: Moment) -> bool:
        """Whether ``retell`` would ask anybody for this turn."""
        return is_worth_retelling(self._shelf(project), began.turn)

    def summaries(self, project: str) -> tuple[Summary, ...]:
        """What is known at each place for which that was written."""
        return self._shelf(project).summaries()

    def summary(self, project: str, place: Place) -> Summary | None:
        """What is known at a place, if that was written."""
        return self._shelf(project).summary(place)

    def add_assets(
        self, project: str, assets: Iterable[AssetRef], began: Moment | None = None
    ) -> None:
        """Remember assets."""
        self._shelf(project).put_assets(assets, began or now())

    def assets(self, project: str) -> tuple[AssetRef, ...]:
        """The project's assets, in the order in which they came."""
        return self._shelf(project).assets()

    def assets_of(self, project: str, ids: Sequence[str]) -> tuple[AssetRef, ...]:
        """The assets of these ids that the project knows, in this order."""
        return self._shelf(project).assets_of(ids)

    def add_findings(
        self, project: str, findings: Iterable[Finding], began: Moment | None = None
    ) -> None:
        """Remember findings; ``memory.shelf.superseding`` says which older ones they replace."""
        self._shelf(project).put_findings(findings, began or now())

    def findings(
        self,
        project: str,
        *,
        subjects: Collection[str] | None = None,
        superseded: bool = False,
    ) -> tuple[Finding, ...]:
        """What is believed now, oldest first.

        Args:
            project: the project's name.
            subjects: ids of assets, or names of sections and elements; by default all.
            superseded: also what newer findings replaced.
        """
        return self._shelf(project).findings(subjects, superseded=superseded)

    def add_conflicts(
        self, project: str, conflicts: Iterable[Conflict], began: Moment | None = None
    ) -> None:
        """Remember conflicts between known findings; each replaces the one about its question."""
        self._shelf(project).put_conflicts(conflicts, began or now())

    def conflicts(self, project: str) -> tuple[Conflict, ...]:
        """The conflicts that hold now, open and settled, in the order in which they were found."""
        return tuple(self._shelf(project).conflicts().values())

    def open_conflicts(self, project: str, most: int) -> tuple[Conflict, ...]:
        """The newest conflicts that nothing has settled, in the order in which they were found."""
        return self._shelf(project).open_conflicts(most)

    # Questions

    def entries(
        self, project: str, query: Query | None = None, page: Page | None = None
    ) -> Listing:
        """Entries by exact fields, by words and meaning, or both (``recall.listing.Query``)."""
        return listing(self._shelf(project), query or Query(), page or Page())

    def open(self, project: str, handle: str) -> Record | None:
        """The entry of an id, as records, packages and interactions name it."""
        return self._shelf(project).open(handle)

    def as_of(
        self,
        project: str,
        *,
        turn: tuple[str, int] | None = None,
        at: str = "",
        wanted: Wanted | None = None,
    ) -> Beliefs:
        """What was believed when a turn was answered, or at a time; by default now.

        Args:
            project: the project's name.
            turn: the thread and the number of the turn.
            at: ISO 8601 day or time, where no turn is named.
            wanted: which beliefs; by default all.

        Raises:
            UnknownName: there is no such turn.
            BadInput: it is no time.
        """
        shelf = self._shelf(project)
        if turn is not None:
            return beliefs_after(shelf, *turn, wanted)
        return beliefs_at(shelf, at or now().at, wanted)

    def hierarchy(self, project: str) -> Hierarchy:
        """The project, its sections and their elements, with what lives at each."""
        shelf = self._shelf(project)
        return hierarchy_of(shelf.store, project, shelf.stated())

    # The processing history

    def add_turn(self, project: str, turn: TurnRecord) -> None:
        """Remember a turn."""
        self._shelf(project).put_turn(turn, now(turn.thread, turn.turn))

    def history(
        self, project: str, thread: str | None = None, limit: int | None = None
    ) -> tuple[TurnRecord, ...]:
        """Turns of the project or of one thread, oldest first; at most the ``limit`` newest."""
        return self._shelf(project).turns(thread, limit)

    def add_interactions(self, project: str, steps: Sequence[Interaction]) -> None:
        """Remember steps of the processing history."""
        if steps:
            self._shelf(project).put_interactions(steps, now(steps[0].thread, steps[0].turn))

    def interactions(
        self, project: str, thread: str | None = None, turn: int | None = None
    ) -> tuple[Interaction, ...]:
        """Steps of the processing history of the project, a thread or a turn, oldest first."""
        return self._shelf(project).interactions(thread, turn)

    def add_reports(
        self, project: str, reports: Iterable[Report], round_: int, began: Moment | None = None
    ) -> None:
        """Remember what specialists reported in one round, whole."""
        self._shelf(project).put_reports(reports, round_, began or now())

    def reports(self, project: str, task: str) -> tuple[Report, ...]:
        """What a task's specialist reported, one report for each round that it worked."""
        return self._shelf(project).reports(task)

    def last_turn(self, project: str, thread: str) -> int:
        """The number of the thread's newest turn; 0 when it has none."""
        return max((turn.turn for turn in self.history(project, thread, 1)), default=0)

    def threads(self, project: str) -> tuple[str, ...]:
        """Names of the threads that have a turn, oldest first."""
        return self._shelf(project).threads()

    def knowledge(self, project: str, tasks: Sequence[Task], glossary: Glossary) -> list[Knowledge]:
        """What may bear on each task, for its agent's context adapter (``packing.gathering``)."""
        return gather(self._shelf(project), tasks, glossary)

    def context(
        self, project: str, thread: str, turn: int, request: str, attached: Sequence[str]
    ) -> ProjectContext:
        """What a turn starts from: see ``memory.recall.recall``.

        Args:
            project: the project's name.
            thread: the thread's name within it.
            turn: the number of the turn that begins.
            request: what the user says.
            attached: ids of the assets that came with it.
        """
        return recall(self._shelf(project), thread, turn, request, attached)
