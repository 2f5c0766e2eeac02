"""Which entries of a project go when something is forgotten, and which stay without its words."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from audio.assets import AssetRef
from memory.context import Conflict, Summary, TurnRecord
from memory.filing.records import assets_of, handle_of, word_of
from memory.forgetting.blanking import (
    Teller,
    tells_of,
    without_assets,
    without_step_words,
    without_thread,
    without_turn_words,
)
from memory.storage.entries import Address, Entry


class Removal:
    """All entries of a project, from which some are taken; nothing is written here."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._held = {entry.address: entry for entry in entries}
        self._changed: set[Address] = set()
        self.gone: dict[Address, Entry] = {}
        """Entries to delete."""
        self.told: list[TurnRecord] = []
        """The turns that are deleted or lose their words, as they were."""

    @property
    def changed(self) -> list[Entry]:
        """Entries that stay without something, to be written again."""
        return [self._held[address] for address in self._held if address in self._changed]

    def turns(self) -> list[TurnRecord]:
        """The turns that are not deleted."""
        return [word_of(entry, TurnRecord) for entry in self._of("turn")]

    def summary(self) -> str:
        """How many entries go, and of which kinds: ``5 memory entries (3 finding, 2 turn)``."""
        kinds = Counter(str(entry.value["kind"]) for entry in self.gone.values())
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        noun = "entry" if len(self.gone) == 1 else "entries"
        return f"{len(self.gone)} memory {noun}" + (f" ({told})" if told else "")

    def versions(self, handle: str) -> list[Entry]:
        """An entry and its older versions."""
        return [entry for entry in self._held.values() if _base(entry) == handle]

    def drop(self, wanted: Callable[[Entry], bool]) -> None:
        """Delete the entries of which this is true, and summaries that were made from them."""
        going = [entry for entry in self._held.values() if wanted(entry)]
        self.told += [word_of(one, TurnRecord) for one in going if one.value["kind"] == "turn"]
        for entry in going:
            self.gone[entry.address] = self._held.pop(entry.address)
        handles = {_base(entry) for entry in going}
        if handles:
            self.drop(lambda entry: _is_summary_of(entry, handles))

    def drop_findings(self, wanted: Callable[[Entry], bool]) -> None:
        """Delete findings, and the conflicts that they are part of."""
        lost = {_base(entry) for entry in self._of("finding") if wanted(entry)}
        self.drop(lambda entry: entry.value["kind"] == "finding" and _base(entry) in lost)
        self.drop(lambda entry: _is_conflict_about(entry, lost))

    def drop_asset(self, asset: AssetRef) -> None:
        """Delete an asset and what is told of it; an asset without a name is sought by its id."""
        tells = tells_of(asset)

        def knows(entry: Entry) -> bool:
            return asset.id in _assets(entry) or tells(entry.value)

        self.drop(lambda entry: entry.value["kind"] == "asset" and _base(entry) == asset.id)
        self.drop_findings(knows)
        for entry in self._of("element"):
            if asset.id in _assets(entry):
                self._change(without_assets(entry, {asset.id}))
        self._blank(knows, tells, {asset.id})
        self.drop(lambda entry: entry.value["kind"] not in ("turn", "interaction") and knows(entry))

    def drop_quotes(self, tells: Teller) -> None:
        """Take quoted words out of the turns and their steps, and delete what else has them."""
        self._blank(lambda entry: tells(entry.value), tells, ())
        kept = ("turn", "interaction", "asset", "finding")
        self.drop(lambda entry: entry.value["kind"] not in kept and tells(entry.value))

    def unname(self, thread: str) -> None:
        """Let what stays not say that a thread began or ended it."""
        for entry in [*self._held.values()]:
            cleaned = without_thread(entry, thread)
            if cleaned != entry:
                self._change(cleaned)

    def _blank(
        self, wanted: Callable[[Entry], bool], tells: Teller, assets: Collection[str]
    ) -> None:
        """Take the words out of turns, and out of the steps of these turns."""
        lost = {handle_of(entry) for entry in self.gone.values()}
        blanked = set()
        for entry in self._of("turn"):
            if wanted(entry):
                turn = word_of(entry, TurnRecord)
                self.told.append(turn)
                blanked.add((turn.thread, turn.turn))
                self._change(without_turn_words(entry, tells, assets, lost))
        for entry in self._of("interaction"):
            if wanted(entry) or (entry.value["thread"], entry.value["turn"]) in blanked:
                self._change(without_step_words(entry, lost | set(assets)))

    def _of(self, kind: str) -> list[Entry]:
        return [entry for entry in self._held.values() if entry.value["kind"] == kind]

    def _change(self, entry: Entry) -> None:
        self._held[entry.address] = entry
        self._changed.add(entry.address)


def _base(entry: Entry) -> str:
    """The handle of an entry; of an older version, that of the newest."""
    return handle_of(entry).partition("@")[0]


def _assets(entry: Entry) -> tuple[str, ...]:
    if entry.value["kind"] == "turn":
        return assets_of(word_of(entry, TurnRecord))
    held = entry.value.get("assets")
    return tuple(map(str, held)) if isinstance(held, list) else ()


def _is_summary_of(entry: Entry, handles: set[str]) -> bool:
    if entry.value["kind"] != "summary":
        return False
    return not handles.isdisjoint(word_of(entry, Summary).entries)


def _is_conflict_about(entry: Entry, findings: set[str]) -> bool:
    if entry.value["kind"] != "conflict":
        return False
    return not findings.isdisjoint(word_of(entry, Conflict).findings)
