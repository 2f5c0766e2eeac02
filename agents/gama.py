"""GAMA, the one that listens: on instruments it measures sound and gives advice."""

from agents.advice import advise
from agents.base import finding_of
from agents.contexts.gama import GamaSlice
from agents.hearing import comparison
from audio.assets import AssetRef, AssetStore
from audio.measure import measure, select
from grym_synth.errors import BadInput, GrymError
from memory.context import (
    Failure,
    Finding,
    Operation,
    Recommendation,
    Report,
    Subject,
    Task,
)
from memory.packages import seen, slice_report


class Gama:
    """Measures sound with instruments."""

    def __init__(self, assets: AssetStore) -> None:
        self._assets = assets

    def work(self, slice_: GamaSlice) -> Report:
        """Measure what the task asks of each file, and advise; faults are reported."""
        task, assets = slice_["task"], slice_["assets"]
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
        return Report(
            task=task.id,
            agent="gama",
            findings=tuple(finding for held in heard.values() for finding in held),
            recommendations=tuple(advice),
            slice=slice_report(slice_["package"]),
            saw=seen(slice_["package"]),
            failure=Failure(kind="failed", why="; ".join(faults)) if faults else None,
            summary=_summary(assets, heard),
        )

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
            known |= {one.aspect: finding_of("gama", asset, one) for one in measure(path, missing)}
        return [known[aspect] for aspect in wanted]


def _wanted(task: Task) -> tuple[str, ...]:
    """The aspects that a task's operations and criteria name; all of them when none does.

    Raises:
        BadInput: an operation is not gama's, or an aspect is unknown.
    """
    asked: list[str] = []
    for operation in task.operations:
        if operation.name != "measure":
            raise BadInput(
                f"listening: {operation.name}", "gama has no such instrument", "Ask for measure"
            )
        names = _aspects_of(operation)
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
