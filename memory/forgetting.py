"""Really remove what a project knows: entries, their words and vectors, and what hangs on them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.errors import UnknownName
from memory.context import TurnRecord
from memory.entries import Address, Value
from memory.recall import assets_of, says
from memory.shelf import Shelf

BLANK = "(forgotten)"
"""Stands in a turn's record for words about an asset that was forgotten."""


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
    """What it was, and how many entries it had."""
    names: frozenset[str]
    """Ids of assets that the project knows no more, and names that no other one has."""
    texts: frozenset[str]
    """Requests and answers that are gone."""


def forget_project(shelf: Shelf) -> Forgotten:
    """Remove everything that a project knows."""
    assets, turns = shelf.assets(), shelf.turns()
    gone = [entry.address for entry in shelf.store.entries(shelf.place())]
    gone.append(Address(("projects",), shelf.project))
    return _drop(shelf, f"project {shelf.project}", gone, assets, turns)


def forget_thread(shelf: Shelf, thread: str, own: Uses | None, elsewhere: Uses) -> Forgotten:
    """Remove a thread's turns, and the findings and assets that nothing uses any more.

    Args:
        shelf: the project.
        thread: the thread's name.
        own: what the thread's checkpoints use; None when it has none.
        elsewhere: what the checkpoints of the project's other threads use.

    Raises:
        UnknownName: the project has no such thread.
    """
    turns = shelf.turns(thread)
    if not turns and own is None:
        raise _unknown(shelf, f"thread {thread}", "grym project history")
    rest = [turn for turn in shelf.turns() if turn.thread != thread]
    used = {name for turn in rest for name in assets_of(turn)} | elsewhere.assets
    assets = _sought(shelf, lambda asset: asset.id not in used)
    unused = {asset.id for asset in assets}
    findings = _findings_of(turns) | (own or NOTHING).findings
    findings -= _findings_of(rest) | elsewhere.findings
    lost = [
        finding
        for finding in shelf.findings(superseded=True)
        if finding.id in findings or finding.subject.id in unused
    ]
    ids = {finding.id for finding in lost}
    gone = [entry.address for entry in shelf.store.entries(shelf.place("turns", thread))]
    gone += [Address(shelf.place("findings", one.subject.id), one.id) for one in lost]
    gone += _conflicts_about(shelf, ids)
    told = list(turns)
    for asset in assets:
        gone += _about(shelf, asset)
        told += _blank(shelf, asset, ids)
    return _drop(shelf, f"thread {thread} of project {shelf.project}", gone, assets, told)


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
    lost = {finding.id for finding in shelf.findings([asset.id], superseded=True)}
    gone = [*_about(shelf, asset), *_conflicts_about(shelf, lost)]
    told = _blank(shelf, asset, lost)
    made = ", ".join(dict.fromkeys(_made_from(asset, told)))
    what = f"{asset.name or asset.id[:12]} in project {shelf.project}"
    what += f" (what was made from it stays: {made})" if made else ""
    return _drop(shelf, what, gone, (asset,), told)


def _about(shelf: Shelf, asset: AssetRef) -> list[Address]:
    """Addresses of an asset, and of the settings, findings and conflicts that tell of it."""
    gone = [Address(shelf.place("assets"), asset.id)]
    for kind in ("settings", "findings", "conflicts"):
        entries = shelf.store.entries(shelf.place(kind))
        gone += [entry.address for entry in entries if _tells(entry.value, asset)]
    return gone


def _blank(shelf: Shelf, asset: AssetRef, lost: set[str]) -> list[TurnRecord]:
    """Take an asset out of the records of turns, and return those as they were."""
    told = [
        turn
        for turn in shelf.turns()
        if asset.id in assets_of(turn) or _tells(turn.model_dump(mode="json"), asset)
    ]
    for turn in told:
        shelf.put_turn(_without(turn, asset, lost))
    return told


def _made_from(asset: AssetRef, turns: Iterable[TurnRecord]) -> Iterator[str]:
    """Names of what tasks that worked on an asset have made."""
    for turn in turns:
        tasks = {task.id for task in turn.tasks if asset.id in task.inputs}
        yield from (one.name for one in turn.artifacts if one.task in tasks and one.id != asset.id)


def _without(turn: TurnRecord, asset: AssetRef, findings: set[str]) -> TurnRecord:
    return turn.model_copy(
        update={
            "request": BLANK,
            "answer": BLANK,
            "tasks": tuple(
                task for task in turn.tasks if not _tells(task.model_dump(mode="json"), asset)
            ),
            "artifacts": tuple(made for made in turn.artifacts if made.id != asset.id),
            "findings": tuple(name for name in turn.findings if name not in findings),
            "attached": tuple(name for name in turn.attached if name != asset.id),
        }
    )


def _tells(value: Value, asset: AssetRef) -> bool:
    """Whether any text in a value holds an asset's id or names it."""
    return any(asset.id[:12] in text or says(text, asset.name) for text in _texts(dict(value)))


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _conflicts_about(shelf: Shelf, findings: set[str]) -> list[Address]:
    conflicts = shelf.conflicts(superseded=True)
    return [at for at, word in conflicts.items() if findings & set(word.findings)]


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


def _drop(
    shelf: Shelf,
    what: str,
    gone: Sequence[Address],
    assets: Sequence[AssetRef],
    turns: Sequence[TurnRecord],
) -> Forgotten:
    gone = list(dict.fromkeys(gone))
    shelf.drop(gone)
    shelf.store.scrub()
    names = [text for asset in assets for text in (asset.id, asset.name)]
    texts = [text for turn in turns for text in (turn.request, turn.answer)]
    return Forgotten(
        says=f"forgot {what}: {len(gone)} memory entries",
        names=frozenset(filter(None, names)),
        texts=frozenset(filter(None, texts)) - {BLANK},
    )
