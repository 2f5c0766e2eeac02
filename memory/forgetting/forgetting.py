"""Really remove what a project knows: entries in all versions, their words, what quotes them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from audio.assets import AssetRef
from grym_synth.errors import UnknownName
from memory.context import Deadline, Element, Note, ProjectSetting, Section, TurnRecord
from memory.filing.keys import PROJECTS
from memory.filing.records import Record, assets_of, record_of, word_of
from memory.forgetting.blanking import BLANK, quotes
from memory.forgetting.removal import Removal
from memory.shelf.shelf import Shelf
from memory.storage.entries import Address, Entry

LONGEST_QUOTE = 200
"""Characters of an entry's words by which what quotes it is found."""


@dataclass(frozen=True)
class Uses:
    """What a thread's checkpoints use; a turn that was cut off is told by nothing else."""

    assets: frozenset[str] = frozenset()
    """Ids of the assets that came with a request, were worked on, or were made."""
    findings: frozenset[str] = frozenset()
    """Ids of the findings."""


NOTHING = Uses()


@dataclass(frozen=True)
class Forgotten:
    """What was removed from the memory."""

    says: str
    """What it was, and how many entries it had of which kinds."""
    names: frozenset[str]
    """Ids of assets that the project knows no more, and names that no other one has."""
    texts: frozenset[str]
    """Requests and answers that are gone."""
    assets: tuple[AssetRef, ...] = ()
    """The assets that the project knows no more; other projects may."""


def forget_project(shelf: Shelf) -> Forgotten:
    """Remove everything that a project knows."""
    removal = Removal(shelf.store.entries(shelf.place()))
    removal.drop(lambda entry: True)
    own = [Address(PROJECTS, shelf.project)]
    return _carry_out(shelf, removal, f"project {shelf.project}", shelf.assets(), own)


def forget_thread(shelf: Shelf, thread: str, own: Uses | None, elsewhere: Uses) -> Forgotten:
    """Remove a thread: its turns and steps, what was stated and found in it.

    Findings and assets that other threads use stay, but don't say any more where they come from.

    Args:
        shelf: the project.
        thread: the thread's name.
        own: what the thread's checkpoints use; None when it has none.
        elsewhere: what the checkpoints of the project's other threads use.

    Raises:
        UnknownName: the project has no such thread.
    """
    removal = Removal(shelf.store.entries(shelf.place()))
    turns = removal.turns()
    mine = [turn for turn in turns if turn.thread == thread]
    if not mine and own is None:
        raise _unknown(shelf, f"thread {thread}", "grym project history")
    rest = [turn for turn in turns if turn.thread != thread]
    used = {name for turn in rest for name in assets_of(turn)} | elsewhere.assets
    assets = _sought(shelf, lambda asset: asset.id not in used)
    found = _findings_of(mine) | (own or NOTHING).findings
    found -= _findings_of(rest) | elsewhere.findings
    removal.drop(lambda entry: _was_said_in(entry, thread))
    removal.drop_findings(lambda entry: entry.key.partition("@")[0] in found)
    for asset in assets:
        removal.drop_asset(asset)
    removal.unname(thread)
    return _carry_out(shelf, removal, f"thread {thread} of project {shelf.project}", assets)


def forget_asset(shelf: Shelf, wanted: str) -> Forgotten:
    """Remove an asset and all that is told of it, also from the records of turns.

    A turn that used the asset, or whose words name it, keeps its number, its time and its work on
    other assets. What was made from it is an asset of its own and stays.

    Args:
        shelf: the project.
        wanted: the asset's id, the start of it, or its name.

    Raises:
        UnknownName: the project has no such asset, or more than one.
    """
    asset = _one_asset(shelf, wanted)
    removal = Removal(shelf.store.entries(shelf.place()))
    names = {word_of(entry, AssetRef).name for entry in removal.versions(asset.id)}
    for name in sorted(names) if asset.name else [""]:
        removal.drop_asset(asset.model_copy(update={"name": name}))
    made = ", ".join(dict.fromkeys(_made_from(asset, removal.told)))
    what = f"{asset.name or asset.id[:12]} in project {shelf.project}"
    what += f" (what was made from it stays: {made})" if made else ""
    return _carry_out(shelf, removal, what, (asset,))


def forget_entry(shelf: Shelf, handle: str) -> Forgotten:
    """Remove an entry in all its versions, and what quotes its words.

    Args:
        shelf: the project.
        handle: the entry's id, as ``Repository.entries`` tells it.

    Raises:
        UnknownName: the project has no such entry.
    """
    record = shelf.open(handle)
    if record is None:
        raise _unknown(shelf, f"entry {handle}", "grym project search")
    if record.kind == "asset":
        return forget_asset(shelf, handle)
    removal = Removal(shelf.store.entries(shelf.place()))
    versions = removal.versions(handle)
    phrases = {_phrase(record_of(entry)) for entry in versions}
    if record.kind == "finding":
        removal.drop_findings(lambda entry: entry in versions)
    removal.drop(lambda entry: entry in versions)
    removal.drop_quotes(quotes(phrases - {""}))
    what = f"{record.text[:80]} in project {shelf.project}"
    done = _carry_out(shelf, removal, what, ())
    return replace(done, texts=done.texts | phrases - {""})


def _phrase(record: Record) -> str:
    """The words by which what quotes an entry is found; none where they are not the user's own."""
    match record.word:
        case ProjectSetting(value=text) | Deadline(text=text) | Note(text=text):
            return text[:LONGEST_QUOTE]
        case Section(text=text) | Element(text=text):
            return text[:LONGEST_QUOTE]
    return ""


def _was_said_in(entry: Entry, thread: str) -> bool:
    """Whether an entry is part of a thread; facts about files are not, whoever found them."""
    facts = ("asset", "finding", "conflict")
    return entry.value.get("thread") == thread and entry.value["kind"] not in facts


def _made_from(asset: AssetRef, turns: Iterable[TurnRecord]) -> Iterator[str]:
    """Names of what tasks that worked on an asset have made."""
    for turn in turns:
        tasks = {task.id for task in turn.tasks if asset.id in task.inputs}
        yield from (one.name for one in turn.artifacts if one.task in tasks and one.id != asset.id)


def _sought(shelf: Shelf, wanted: Callable[[AssetRef], bool]) -> list[AssetRef]:
    """The wanted assets; those that share their name with one that stays are sought by id alone."""
    known = shelf.assets()
    going = [asset for asset in known if wanted(asset)]
    staying = {asset.name for asset in known if asset not in going}
    return [
        asset.model_copy(update={"name": ""}) if asset.name in staying else asset for asset in going
    ]


def _one_asset(shelf: Shelf, wanted: str) -> AssetRef:
    matching = _sought(
        shelf, lambda one: bool(wanted) and (one.id.startswith(wanted) or one.name == wanted)
    )
    if len(matching) != 1:
        what = f"asset {wanted}" if not matching else f"single asset {wanted}"
        raise _unknown(shelf, what, "grym project show")
    return matching[0]


def _unknown(shelf: Shelf, what: str, see: str) -> UnknownName:
    return UnknownName(
        f"forgetting {what}",
        f"project {shelf.project} has no {what}",
        f"See `{see} {shelf.project}`",
    )


def _findings_of(turns: Iterable[TurnRecord]) -> set[str]:
    return {finding for turn in turns for finding in turn.findings}


def _carry_out(
    shelf: Shelf,
    removal: Removal,
    what: str,
    assets: Sequence[AssetRef],
    beside: Sequence[Address] = (),
) -> Forgotten:
    shelf.store.write(removal.changed, [*removal.gone, *beside])
    shelf.store.scrub()
    names = [text for asset in assets for text in (asset.id, asset.name)]
    texts = [text for turn in removal.told for text in (turn.request, turn.answer)]
    return Forgotten(
        says=f"forgot {what}: {removal.summary()}",
        names=frozenset(filter(None, names)),
        texts=frozenset(filter(None, texts)) - {BLANK},
        assets=tuple(assets),
    )
