"""The coder's context: what to build, against which interfaces and limits, with which numbers."""

from collections.abc import Iterable
from typing import TypedDict

from agents.base import files_for
from agents.contexts.adapter import Adapter
from agents.contexts.gama import CHAT
from agents.contexts.telling import Names
from agents.contexts.touching import touched
from agents.recipes.binding import needed_facts
from audio.aspects import ASPECTS
from audio.assets import AssetRef
from grym_synth.errors import BadInput
from memory.context import ContextPackage, Criterion, Finding, ProjectContext, Task
from memory.filing.records import Record

_CODE_UNITS = frozenset(("", "s", "Hz", "BPM", "LUFS", "dBTP", "dB", "LU", "samples"))
"""Units that mean something in code."""


def _refuses(record: Record, names: Names) -> str:
    if record.kind in CHAT:
        return "chat"
    word = record.word
    if isinstance(word, Finding) and word.evidence in ("heard", "seen"):
        return "an impression that is no number for code"
    subject = word.subject.id if isinstance(word, Finding) else ""
    asset = word if isinstance(word, AssetRef) else names.assets.get(subject)
    if asset is not None and asset.kind == "image":
        return "a picture"
    return ""


CODER = Adapter(agent="coder", refuses=_refuses, narrow=touched)


class CoderSlice(TypedDict):
    """All that the coder is shown of a turn."""

    task: Task
    request: str
    """The user's words that the task comes from: free code is written after them."""
    assets: tuple[AssetRef, ...]
    """The sounds to work on."""
    facts: tuple[Finding, ...]
    """What was measured of them and can be a number in code."""
    requirements: tuple[str, ...]
    """Constraints of the project, and the technical parameters of the sounds."""
    misses: tuple[Criterion, ...]
    """Criteria that the result of the last round did not meet."""
    package: ContextPackage
    """What a model reads beside the files."""


def coder_slice(
    task: Task,
    context: ProjectContext,
    findings: tuple[Finding, ...],
    package: ContextPackage | None = None,
) -> CoderSlice:
    """Cut the coder's slice from the whole context: numbers and rules, no talk and no pictures.

    Args:
        task: the task to do.
        context: what the project knew before the turn.
        findings: what this turn has found so far.
        package: what was cut from the project memory; by default from the context alone.
    """
    assets = files_for(task, context, "audio")
    known = (*context.findings, *findings)
    rules = (one.value for one in context.settings if one.field == "constraint")
    return CoderSlice(
        task=task,
        request="\n".join(filter(None, (context.waiting, context.request))),
        assets=assets,
        facts=tuple(_useful(known, task, {asset.id for asset in assets})),
        requirements=(*rules, *map(_technical, assets)),
        misses=tuple(one for one in task.criteria if one.met is False),
        package=package or CODER.alone(task, context, findings),
    )


def _useful(known: Iterable[Finding], task: Task, assets: set[str]) -> list[Finding]:
    """The newest measured fact of each aspect: needed ones first, long lists only where needed."""
    try:
        needed = needed_facts(task.operations)
    except BadInput:
        needed = ()
    asked = (*needed, *(criterion.aspect for criterion in task.criteria))
    newest = {
        (one.subject.id, one.aspect): one
        for one in known
        if one.subject.id in assets
        and one.subject.start is None
        and one.evidence in ("measured", "executed")
        and one.value is not None
        and (one.aspect in asked or (_is_plain(one) and one.unit in _CODE_UNITS))
    }
    order = {aspect: place for place, aspect in enumerate(asked)}
    return sorted(newest.values(), key=lambda one: order.get(one.aspect, len(order)))


def _is_plain(finding: Finding) -> bool:
    known = ASPECTS.get(finding.aspect)
    return known is not None and known.kind in ("number", "count")


def _technical(asset: AssetRef) -> str:
    """A sound in a programmer's terms."""
    rate, seconds = asset.sample_rate_hz or 0, asset.seconds or 0.0
    frames = round(rate * seconds)
    return f"{asset.name}: {asset.suffix}, {rate} Hz, {asset.channels} channels, {frames} frames"
