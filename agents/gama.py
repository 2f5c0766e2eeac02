"""GAMA, the one that listens: instruments measure sound, and a model describes it if there is one.

Instruments run first; what they say arrives whatever becomes of the model.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from agents.base import finding_of
from agents.contexts.gama import GamaSlice
from agents.hearing.differences import comparison
from agents.hearing.ear_questions import asked_of
from agents.hearing.heard_findings import DESCRIPTION
from agents.hearing.listening import Ear
from agents.library.asking import FIND
from agents.library.finding import find_sounds
from agents.turn.advice import advise
from audio.assets import AssetRef, AssetStore
from audio.measure import measure, select
from grym_synth.errors import BadInput, Cancelled, GrymError
from grym_synth.tracing.spans import instrument
from memory.context import (
    Failure,
    Finding,
    Operation,
    Recommendation,
    Report,
    Subject,
    Task,
)
from memory.packing.packages import seen, slice_report

LISTEN = "listen"
"""The operation that asks the model; its ``question`` may say what."""
MEASURE = "measure"


class Gama:
    """Measures sound with instruments, and asks a model about it."""

    def __init__(self, assets: AssetStore, library: Path | None = None) -> None:
        """Take what it works with.

        Args:
            assets: where attached files lie.
            library: the file of the user's sound library; None for none.
        """
        self._assets, self._library = assets, library

    def work(self, slice_: GamaSlice, ear: Ear | None = None) -> Report:
        """Measure what the task asks of each file, and advise; faults are reported.

        Args:
            slice_: the task and what it may see.
            ear: who listens beside the instruments; None for nobody.
        """
        task, assets = slice_["task"], slice_["assets"]
        if any(one.name == FIND for one in task.operations):
            return self._find(slice_)
        known = () if _again(task) else slice_["earlier"]
        heard: dict[str, list[Finding]] = {}
        faults: list[str] = []
        advice: list[Recommendation] = []
        try:
            wanted = _wanted(task)
        except GrymError as fault:
            faults, assets = [str(fault)], ()
        else:
            if not assets:
                faults = ["Listening: no sound file was handed over. Attach one"]
        for asset in assets:
            try:
                heard[asset.id] = self._listen(asset, wanted, known)
            except GrymError as fault:
                faults.append(str(fault))
                continue
            name = asset.name if len(assets) > 1 else ""
            advice += advise(heard[asset.id], slice_["guidelines"], name)
        described, unheard = self._by_ear(slice_, assets, heard, ear)
        faults += unheard
        return Report(
            task=task.id,
            agent="gama",
            findings=(*(one for held in heard.values() for one in held), *described),
            recommendations=tuple(advice),
            slice=slice_report(slice_["package"]),
            saw=seen(slice_["package"]),
            failure=Failure(kind="failed", why="; ".join(faults)) if faults else None,
            summary=_summary(assets, heard),
            tokens_out=ear.tokens_out if ear is not None else 0,
            degraded=ear.degraded if ear is not None else (),
        )

    def _find(self, slice_: GamaSlice) -> Report:
        """What the user's library holds of what the task seeks."""
        task, package = slice_["task"], slice_["package"]
        step = next(one for one in task.operations if one.name == FIND)
        like = tuple(one for one in slice_["assets"] if one.id in task.inputs)
        found, failure = "", None
        try:
            with instrument(FIND):
                found = find_sounds(self._library or Path(), step, self._assets, like)
        except GrymError as fault:
            failure = Failure(kind="failed", why=str(fault))
        return Report(
            task=task.id,
            agent="gama",
            slice=slice_report(package),
            saw=seen(package),
            failure=failure,
            summary=found,
        )

    def _by_ear(
        self,
        slice_: GamaSlice,
        assets: tuple[AssetRef, ...],
        measured: Mapping[str, Sequence[Finding]],
        ear: Ear | None,
    ) -> tuple[list[Finding], list[str]]:
        """What models hear in the files that could be measured, and what failed in words."""
        found, faults = list[Finding](), list[str]()
        task = slice_["task"]
        request = asked_of(task, LISTEN, slice_["guidelines"])
        for asset in assets if ear is not None and listens(task) else ():
            if asset.id in measured:
                try:
                    path = self._assets.path(asset)
                    found += ear.hear(asset, path, measured[asset.id], request) if ear else ()
                except Cancelled:
                    raise
                except GrymError as fault:
                    faults.append(str(fault))
        described = any(one.aspect == DESCRIPTION for one in found)
        if _is_asked(task) and measured and not described:
            why = "; ".join(one.why for one in ear.degraded) if ear is not None else ""
            faults.append(f"Listening: {why or 'no model that listens is there'}")
        return found, faults

    def _listen(
        self, asset: AssetRef, wanted: tuple[str, ...], earlier: tuple[Finding, ...]
    ) -> list[Finding]:
        """Findings of the wanted aspects, in their order; only what is not known is measured."""
        known = {
            finding.aspect: finding
            for finding in earlier
            if finding.subject == Subject(kind="asset", id=asset.id)
            and finding.evidence == "measured"
        }
        missing = [aspect for aspect in wanted if aspect not in known]
        if missing:
            path = self._assets.path(asset)
            with instrument(MEASURE, {"grym.aspects": len(missing)}):
                measured = measure(path, missing)
            known |= {one.aspect: finding_of("gama", asset, one) for one in measured}
        return [known[aspect] for aspect in wanted]


def listens(task: Task) -> bool:
    """Whether a task asks more than instruments can tell: for everything, or for a model's ear."""
    measured = [one for one in task.operations if one.name == MEASURE]
    return _is_asked(task) or not measured or any(not _aspects_of(one) for one in measured)


def _is_asked(task: Task) -> bool:
    return any(one.name == LISTEN for one in task.operations)


def _wanted(task: Task) -> tuple[str, ...]:
    """The aspects that a task's operations and criteria name; all of them when none does.

    Raises:
        BadInput: an operation is not gama's, or an aspect is unknown.
    """
    asked: list[str] = []
    for operation in task.operations:
        if operation.name not in (MEASURE, LISTEN):
            raise BadInput(
                f"listening: {operation.name}",
                "gama has no such instrument",
                f"Ask for {MEASURE} or {LISTEN}",
            )
        names = _aspects_of(operation) if operation.name == MEASURE else []
        if not names:
            return select(())
        asked += names
    if not asked:
        return select(())
    return select([*asked, *(criterion.aspect for criterion in task.criteria)])


def _again(task: Task) -> bool:
    """Whether the user wants a new measurement of what is known already."""
    return any(operation.parameters.get("again") is True for operation in task.operations)


def _aspects_of(operation: Operation) -> list[str]:
    names = operation.parameters.get("aspects") or []
    if not isinstance(names, list):
        raise BadInput(
            "listening", f"aspects is {names!r} where a list of names is needed", "Give a list"
        )
    return [str(name) for name in names]


def _summary(assets: tuple[AssetRef, ...], heard: dict[str, list[Finding]]) -> str:
    """How the second of two files differs from the first; a single file's findings say it all."""
    held = [(asset.name, heard[asset.id]) for asset in assets if asset.id in heard]
    return comparison(*held[0], *held[1]) if len(held) == 2 else ""
