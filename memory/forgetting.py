"""Really remove what a project knows: entries, their words and vectors, and what hangs on them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from audio.assets import AssetRef
from grym_synth.errors import UnknownName
from memory.context import TurnRecord
from memory.entries import Address
from memory.shelf import Shelf, conflict_key, turn_key


@dataclass(frozen=True)
class Forgotten:
    """What was removed from the memory."""

    says: str
    """One sentence for the user."""
    assets: tuple[AssetRef, ...]
    """Assets that no project knows any more: their files can go too."""


def forget_project(shelf: Shelf, others: Sequence[Shelf]) -> Forgotten:
    """Remove everything that a project knows."""
    assets = shelf.assets()
    gone = [entry.address for entry in shelf.store.entries(shelf.place())]
    gone.append(Address(("projects",), shelf.project))
    shelf.drop(gone)
    return _scrubbed(shelf, f"project {shelf.project}", len(gone), assets, others)


def forget_thread(shelf: Shelf, thread: str, others: Sequence[Shelf]) -> Forgotten:
    """Remove a thread's turns, and the findings and assets that no other turn uses.

    Raises:
        UnknownName: the project has no such thread.
    """
    turns = shelf.turns(thread)
    if not turns:
        raise _unknown(shelf, f"thread {thread}", "grym project history")
    rest = [turn for turn in shelf.turns() if turn.thread != thread]
    findings = _findings_of(turns) - _findings_of(rest)
    unused = _assets_of(turns) - _assets_of(rest)
    assets = tuple(asset for asset in shelf.assets() if asset.id in unused)
    gone = [Address(shelf.place("turns", thread), turn_key(turn)) for turn in turns]
    gone += _about(shelf, lambda finding, subject: finding in findings or subject in unused)
    gone += [Address(shelf.place("assets"), asset.id) for asset in assets]
    shelf.drop(gone)
    return _scrubbed(
        shelf, f"thread {thread} of project {shelf.project}", len(gone), assets, others
    )


def forget_asset(shelf: Shelf, wanted: str, others: Sequence[Shelf]) -> Forgotten:
    """Remove an asset and all findings about it, also from the records of turns.

    Args:
        shelf: the project.
        wanted: the asset's id, the start of it, or its name.
        others: the other projects, which may know the same asset.

    Raises:
        UnknownName: the project has no such asset, or more than one.
    """
    asset = _one_asset(shelf, wanted)
    lost = {finding.id for finding in shelf.findings([asset.id], superseded=True)}
    gone = _about(shelf, lambda finding, subject: subject == asset.id)
    gone.append(Address(shelf.place("assets"), asset.id))
    shelf.drop(gone)
    for turn in shelf.turns():
        kept = _without(turn, asset.id, lost)
        if kept != turn:
            shelf.put_turn(kept)
    return _scrubbed(shelf, f"{asset.name} in project {shelf.project}", len(gone), (asset,), others)


def _without(turn: TurnRecord, asset: str, findings: set[str]) -> TurnRecord:
    return turn.model_copy(
        update={
            "artifacts": tuple(made for made in turn.artifacts if made.id != asset),
            "findings": tuple(name for name in turn.findings if name not in findings),
        }
    )


def _about(shelf: Shelf, goes: Callable[[str, str], bool]) -> list[Address]:
    """Addresses of the findings that go, by id and subject, and of the conflicts about them."""
    findings = [
        finding
        for finding in shelf.findings(superseded=True)
        if goes(finding.id, finding.subject.id)
    ]
    ids = {finding.id for finding in findings}
    gone = [Address(shelf.place("findings", one.subject.id), one.id) for one in findings]
    conflicts = [word for word in shelf.conflicts() if ids & set(word.findings)]
    return gone + [Address(shelf.place("conflicts"), conflict_key(word)) for word in conflicts]


def _one_asset(shelf: Shelf, wanted: str) -> AssetRef:
    matching = [
        asset
        for asset in shelf.assets()
        if wanted and (asset.id.startswith(wanted) or asset.name == wanted)
    ]
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


def _assets_of(turns: Iterable[TurnRecord]) -> set[str]:
    inputs = {asset for turn in turns for task in turn.tasks for asset in task.inputs}
    return inputs | {artifact.id for turn in turns for artifact in turn.artifacts}


def _scrubbed(
    shelf: Shelf, what: str, entries: int, assets: Sequence[AssetRef], others: Sequence[Shelf]
) -> Forgotten:
    shelf.store.scrub()
    shared = {
        asset.id for other in others for asset in other.assets_of([asset.id for asset in assets])
    }
    gone = tuple(asset for asset in assets if asset.id not in shared)
    says = f"forgot {what}: {entries} memory entries and {len(gone)} files"
    return Forgotten(says=says, assets=gone)
