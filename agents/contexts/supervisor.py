"""The supervisor's context: the whole project as a tree of summaries, with handles to open.

What the user wants, the newest turn, open conflicts and waiting tasks stand in full; each place has
its summary and how much is known there; everything else is at most three openings away.
"""

from collections.abc import Iterator

from agents.contexts.telling import Names, tell, tell_file, tell_finding
from agents.opening.entry_texts import names_in, stated_text
from agents.opening.handles import file_handle, handle_of, short
from agents.opening.opening import Opener
from audio.assets import AssetRef
from memory.context import (
    ContextPackage,
    Deadline,
    Place,
    ProjectContext,
    ProjectSetting,
    TurnRecord,
)
from memory.filing.keys import setting_key
from memory.filing.records import Record
from memory.filing.wording import plain_aspect, word_deadline
from memory.packing.compression import telling_words
from memory.packing.file_names import says
from memory.packing.forms import Candidate
from memory.packing.packages import fit
from memory.packing.token_budget import EstimatedTokens, TokenCounter
from memory.repository import Repository

SUPERVISOR = "supervisor"

MUST = 100.0
"""Worth of what goes in before everything else, in full; other entries have 1 at most."""

DISPUTES = 20
"""Most open conflicts that are told in full, the newest first."""

FILES = 12
"""Newest files that are told one by one."""

FACTS = 40
"""Most facts about the files at hand that are told beside the summaries."""

_ESTIMATE = EstimatedTokens()


def supervisor_package(
    repository: Repository,
    context: ProjectContext,
    budget: int,
    counter: TokenCounter = _ESTIMATE,
) -> ContextPackage:
    """Cut the supervisor's own package.

    Args:
        repository: the project memory.
        context: the turn: its request, and what is at hand.
        budget: most tokens.
        counter: counts the tokens of the supervisor's model.
    """
    with repository.at_once():
        opener = Opener(repository, context.project, counter=counter)
        candidates = [*_Whole(repository, context, opener).candidates()]
    return fit(
        SUPERVISOR,
        "",
        candidates,
        budget,
        counter,
        wanted=telling_words(context.request),
    )


class _Whole:
    """The parts of a package, the most important first."""

    def __init__(self, repository: Repository, context: ProjectContext, opener: Opener) -> None:
        self.repository, self.context, self.opener = repository, context, opener
        self.names = Names(
            {one.id: one for one in context.assets}, {one.id: one for one in context.findings}
        )

    def candidates(self) -> Iterator[Candidate]:
        """Everything that may go in."""
        yield _told("p", "project", self.opener.index(), 10 * MUST, "leads to everything")
        yield from self._stated()
        yield from self._disputes()
        yield from self._newest_turn()
        yield from self._waiting()
        yield from self._places()
        yield from self._files()
        yield from self._facts()
        yield from self._earlier()

    def _stated(self) -> Iterator[Candidate]:
        for word in self.opener.tree.stated:
            match word:
                case ProjectSetting():
                    text = f"{word.field}: {word.value}"
                case Deadline():
                    text = word_deadline(word).removeprefix("project ")
                case _:
                    continue
            handle = short(setting_key(word))
            yield _told(handle, "setting", text, MUST, "stated by the user", group="Project")

    def _disputes(self) -> Iterator[Candidate]:
        tree = self.opener.tree
        records = tree.records(tree.of_kind("conflicts")[:1], 0, DISPUTES)
        names = names_in(records, tree)
        for record in records:
            text = f"{handle_of(record)} {tell(record, names)}"
            yield _candidate(record, text, MUST, "an open conflict", "Open conflicts")

    def _newest_turn(self) -> Iterator[Candidate]:
        for turn in self.context.history[-1:]:
            done = [f"{one.agent} {one.status}: {one.objective}" for one in turn.tasks]
            parts = [f"asked: {turn.request}", *done, f"answered: {turn.answer}"]
            yield _turn(turn, " | ".join(parts), MUST, "the newest turn", "Newest turn")

    def _waiting(self) -> Iterator[Candidate]:
        if self.context.waiting:
            text = f"waits for what was asked of the user: {self.context.waiting}"
            yield _told("waiting", "task", text, MUST, "a waiting request", group="Waiting")
        newest = {turn.thread: turn for turn in self.context.history}
        waiting = [(turn, task) for turn in newest.values() for task in turn.tasks]
        for turn, task in waiting:
            if task.status == "waiting":
                text = f"t:{turn.thread}/{turn.turn} {task.agent} waits: {task.objective}"
                yield _told(task.id, "task", text, MUST, "a waiting task", group="Waiting")
        for task in self.context.unfinished:
            text = f"{task.agent} {task.status}, cut off: {task.objective}"
            yield _told(task.id, "task", text, MUST, "an unfinished task", group="Waiting")

    def _places(self) -> Iterator[Candidate]:
        """Each place with its summary; those that the request names first."""
        held = self.repository.summaries(self.context.project)
        told = {(one.place.level, one.place.name.casefold()): one.text for one in held}
        branches = list(self.opener.tree.root.branches())
        named = {one.place for one in branches if self._names_place(one.place)}
        for branch in sorted(branches, key=lambda one: one.place not in named):
            place = branch.place
            text = told.get((place.level, place.name.casefold()), "")
            if place.name:
                text = f"{self.opener.line(branch)}: {text or stated_text(branch)}"
            if text:
                reason = "named by the request" if place in named else "a place of the project"
                worth = MUST / 2 if place in named else 1.0
                handle = self.opener.handles[place]
                group = "Places" if place.name else "So far"
                id_ = handle if place.name else "summary"
                yield _told(id_, place.level, text, worth, reason, place, group)

    def _names_place(self, place: Place) -> bool:
        return bool(place.name) and says(self.context.request, place.name)

    def _files(self) -> Iterator[Candidate]:
        """The files at hand, then the newest of the others."""
        tree = self.opener.tree
        newest = tree.records(tree.of_kind("files"), 0, FILES)
        at_hand = {one.id: one for one in reversed(self.context.assets)}
        others = [one.word for one in newest if isinstance(one.word, AssetRef)]
        for asset in (*at_hand.values(), *(one for one in others if one.id not in at_hand)):
            known = sum(one.count for one in tree.about_file(asset.id)[:1])
            handle = file_handle(asset.id)
            text = f"{handle} {asset.name}: {tell_file(asset)} ({known} findings)"
            near = asset.id in at_hand
            reason = "a file at hand" if near else "one of the newest files"
            yield _told(handle, "asset", text, 0.8 if near else 0.3, reason, group="Files")

    def _facts(self) -> Iterator[Candidate]:
        """What is known of the files at hand as a whole, the newest first."""
        names = self.names
        whole = [one for one in reversed(self.context.findings) if one.subject.start is None]
        for one in whole[:FACTS]:
            subject = one.subject
            name = names.file(subject.id) if subject.kind == "asset" else subject.id
            handle = short(one.id)
            text = f"{handle} {tell_finding(one, plain_aspect(one.aspect), names)}"
            yield _told(handle, "finding", text, 0.4, "about a file at hand", group=name)

    def _earlier(self) -> Iterator[Candidate]:
        for turn in reversed(self.context.history[:-1]):
            text = f"t:{turn.thread}/{turn.turn} asked: {turn.request}\nanswered: {turn.answer}"
            yield _turn(turn, text, 0.4, "an earlier turn", "Earlier turns")


def _candidate(record: Record, text: str, worth: float, reason: str, group: str) -> Candidate:
    return _told(handle_of(record), record.kind, text, worth, reason, record.place, group)


def _turn(turn: TurnRecord, text: str, worth: float, reason: str, group: str) -> Candidate:
    return _told(f"t:{turn.thread}/{turn.turn}", "turn", text, worth, reason, group=group)


def _told(
    id_: str,
    kind: str,
    text: str,
    worth: float,
    reason: str,
    place: Place | None = None,
    group: str = "",
) -> Candidate:
    return Candidate(
        id=id_,
        kind=kind,
        text=text,
        brief="",
        worth=worth,
        reason=reason,
        place=place or Place(),
        group=group,
    )
