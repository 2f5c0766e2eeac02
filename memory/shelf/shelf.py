"""One project's entries: typed reads and writes under business keys, so that a replay adds nothing.

What is said anew under a key, or takes the place of something else, closes the older version and
keeps it on record; ``memory.shelf.versions`` and ``memory.shelf.superseding`` have the rules.
"""

from collections.abc import Collection, Iterable, Mapping

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Finding,
    Interaction,
    Moment,
    Note,
    Report,
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
    conflict_key,
    report_key,
    setting_key,
    summary_key,
    term_key,
    turn_key,
)
from memory.filing.records import NEVER, Content, end_entry, make_entry, word_of, words_of
from memory.filing.stating import Stated
from memory.filing.wording import word_finding
from memory.shelf.reading import ShelfReading
from memory.shelf.superseding import Merging
from memory.shelf.versions import dated, restate
from memory.storage.entries import Address, Entry, Namespace
from memory.terms import Term


class Shelf(ShelfReading):
    """What the memory holds of one project, and how it is written."""

    def put_stated(self, word: Stated, began: Moment) -> None:
        """State something of the project; ``keys.setting_key`` says what it replaces."""
        self._restate(SETTINGS, {setting_key(word): word}, began)

    def put_assets(self, assets: Iterable[AssetRef], began: Moment) -> None:
        """Remember assets."""
        self._restate(ASSETS, {asset.id: asset for asset in assets}, began)

    def put_term(self, term: Term, began: Moment) -> None:
        """Remember a word of the project's own; it replaces what the word meant before."""
        self._restate(TERMS, {term_key(term.name): term}, began)

    def put_notes(self, notes: Iterable[Note], began: Moment) -> None:
        """Remember notes, each in the place of the one that it supersedes."""
        told = {"thread": began.thread, "turn": began.turn, "at": began.at}
        words = {note.id: note.model_copy(update=told) for note in notes}
        held = self.store.read(self.place(NOTES), list(words))
        fresh = {
            key: word
            for key, word in words.items()
            if key not in held or not held[key].value["current"]
        }
        older = [word.supersedes for word in fresh.values() if word.supersedes]
        self.end(self.store.read(self.place(NOTES), older).values(), began)
        self._restate(NOTES, fresh, began)

    def put_summary(self, summary: Summary, began: Moment) -> None:
        """Remember what is known at a place, in the place of its older summary."""
        self._restate(SUMMARIES, {summary_key(summary.place): summary}, began)

    def put_reports(self, reports: Iterable[Report], round_: int, began: Moment) -> None:
        """Remember what specialists reported in one round of a turn."""
        self._restate(REPORTS, {report_key(one.task, round_): one for one in reports}, began)

    def put_interactions(self, steps: Iterable[Interaction], began: Moment) -> None:
        """Remember steps of the processing history."""
        for step in steps:
            self._keep(self.place(INTERACTIONS, step.thread), step.id, step, began)

    def put_turn(self, turn: TurnRecord, began: Moment) -> None:
        """Remember a turn; saying another form of it replaces it."""
        self._keep(self.place(TURNS, turn.thread), turn_key(turn.turn), turn, began)

    def put_conflicts(self, conflicts: Iterable[Conflict], began: Moment) -> None:
        """Remember conflicts, each in the place of the older one about the same question."""
        words = list(conflicts)
        ids = {name for word in words for name in word.findings}
        known = words_of(self.store.entries(self.place(FINDINGS), keys=ids), Finding)
        subjects = {finding.id: finding.subject.model_dump_json() for finding in known}
        self._restate(CONFLICTS, {conflict_key(word, subjects): word for word in words}, began)

    def put_findings(self, findings: Iterable[Finding], began: Moment) -> None:
        """Remember findings, each in the place of the older one that it supersedes.

        A conflict that an older one was part of holds no longer; the new one may have its own.
        """
        subjects: dict[str, list[Finding]] = {}
        for finding in findings:
            subjects.setdefault(finding.subject.id, []).append(finding)
        names = {asset.id: asset.name for asset in self.assets_of(list(subjects))}
        writes: list[Entry] = []
        ended: set[str] = set()
        for subject, found in subjects.items():
            merging = Merging(self.store, self.place(FINDINGS, subject), found)
            for finding in found:
                merging.add(finding, word_finding(finding, _named(finding, names)), began)
            writes += merging.writes.values()
            ended |= merging.ended
        self.store.write([*writes, *self._no_longer(ended, began)])

    def _no_longer(self, ended: set[str], when: Moment) -> list[Entry]:
        """Conflicts that hold no longer once these findings are given up."""
        held = self.store.entries(self.place(CONFLICTS), searchable=True) if ended else []
        why = when.model_copy(update={"why": "a finding of it was replaced"})
        return [
            end_entry(entry, why)
            for entry in held
            if ended.intersection(word_of(entry, Conflict).findings)
        ]

    def end(self, entries: Iterable[Entry], when: Moment) -> None:
        """Give entries up; they stay on record."""
        current = (entry for entry in entries if entry.value["current"])
        self.store.write([end_entry(entry, when) for entry in current])

    def end_advice(self, quotes: Collection[str], when: Moment) -> None:
        """Give up recommendations that quote any of some words."""
        held = self.store.select([self.place(NOTES)], {"kind": "recommendation", "until": NEVER})
        advice = [one.entry for one in held]
        self.end((one for one in advice if any(quote in one.text for quote in quotes)), when)

    def end_with_conflicts(self, entries: Iterable[Entry], when: Moment) -> None:
        """Give entries up, and the conflicts that findings among them are part of."""
        given_up = list(entries)
        self.end(given_up, when)
        self.store.write(self._no_longer({entry.key for entry in given_up}, when))

    def drop(self, addresses: Iterable[Address]) -> None:
        """Delete entries."""
        self.store.write((), addresses)

    def _restate(self, kind: str, words: Mapping[str, Content], began: Moment) -> None:
        place = self.place(kind)
        held = self.store.read(place, list(words))
        writes = [
            entry
            for key, word in words.items()
            for entry in restate(held.get(key), make_entry(place, key, word, began))
        ]
        self.store.write(writes)

    def _keep(self, place: Namespace, key: str, word: Content, began: Moment) -> None:
        """Write an entry that has one version: what is there already keeps its moment."""
        new = make_entry(place, key, word, began)
        held = self.store.read(place, [key]).get(key)
        self.store.write([dated(new, held) if held else new])


def _named(finding: Finding, names: Mapping[str, str]) -> str:
    """What a finding's subject is called."""
    subject = finding.subject
    if subject.kind != "asset":
        return subject.id
    return names.get(subject.id) or f"asset {subject.id[:12]}"
