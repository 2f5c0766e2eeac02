"""Which findings take the place of older ones, and what to write then."""

from collections.abc import Sequence

from pydantic import JsonValue

from audio.agreement import agree
from audio.aspects import ASPECTS
from memory.context import Finding, Moment
from memory.filing.records import NEVER, end_entry, make_entry, word_of
from memory.shelf.versions import restate
from memory.storage.entries import Address, Entry, EntryStore, Namespace


def supersedes(new: Finding, old: Finding) -> bool:
    """Whether a finding takes an older one's place.

    It does when both are of one kind of evidence about the same aspect of the same subject, and
    come from the same instrument in any version, or agree. Different instruments that disagree
    both stay: that is a conflict.
    """
    same_question = (new.subject, new.aspect, new.evidence) == (
        old.subject,
        old.aspect,
        old.evidence,
    )
    if not same_question or new.id == old.id:
        return False
    same_source = new.source.partition("@")[0] == old.source.partition("@")[0]
    if same_source or new.aspect not in ASPECTS:
        return same_source or new.value == old.value
    return agree(new.aspect, new.value, old.value)


class Merging:
    """What to write so that findings of one subject stand in the places of older ones."""

    def __init__(self, store: EntryStore, place: Namespace, findings: Sequence[Finding]) -> None:
        """Look up what is held.

        Args:
            store: where the findings lie.
            place: the namespace of the subject's findings.
            findings: those that come.
        """
        aspects: list[JsonValue] = [*{finding.aspect for finding in findings}]
        current = store.select([place], {"aspect": {"$in": aspects}, "until": NEVER})
        self._held = {one.entry.key: one.entry for one in reversed(current)}
        self._known = store.read(place, [one.id for one in findings]) | self._held
        self._place = place
        self.writes: dict[Address, Entry] = {}
        """Entries to write, by where they lie."""
        self.ended: set[str] = set()
        """Ids of the findings that are given up."""

    def add(self, finding: Finding, text: str, began: Moment) -> None:
        """Let a finding stand from a moment on.

        Args:
            finding: the fact.
            text: the fact in words.
            began: since when, and why.
        """
        older = [entry for entry in self._held.values() if supersedes(finding, _finding(entry))]
        held = self._known.get(finding.id)
        replaced = older[-1].key if older else _finding(held).supersedes if held else None
        finding = finding.model_copy(update={"supersedes": finding.supersedes or replaced})
        for entry in older:
            ended = end_entry(entry, began.model_copy(update={"why": f"replaced by {text}"}))
            self._write(ended)
            self.ended.add(entry.key)
            del self._held[entry.key]
        new = make_entry(self._place, finding.id, finding, began, text)
        for entry in restate(held, new):
            self._write(entry)
        self._held[finding.id] = self._known[finding.id]
        self.ended.discard(finding.id)

    def _write(self, entry: Entry) -> None:
        self.writes[entry.address] = entry
        if entry.namespace == self._place:
            self._known[entry.key] = entry


def _finding(entry: Entry) -> Finding:
    return word_of(entry, Finding)
