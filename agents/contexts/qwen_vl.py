"""Qwen VL's context: pictures, their axes, what they must show, and the sound behind them."""

from typing import TypedDict

from agents.base import files_for
from agents.contexts.adapter import Adapter
from agents.contexts.gama import CHAT, CODE
from agents.contexts.telling import Names
from audio.aspects import SHOWS
from audio.assets import AssetRef
from memory.context import ContextPackage, Finding, ProjectContext, Task
from memory.filing.records import Record

SHOWN_ASPECTS = (
    "duration.seconds", "sample_rate.hz", "spectrum.cutoff_hz", "hum.hz", "clipping.samples",
    "clipping.spans", "dropouts", "structure.sections", "silence.start_seconds",
    "silence.end_seconds", "loudness.integrated_lufs", "key", "tempo.bpm", "meter", "downbeats",
    "picture.kind", "picture.axes",
)  # fmt: skip
"""Facts that a picture of the sound shows, the most telling first."""

_LONGEST_LIST = 12
_LONGEST_REQUEST = 500
"""In characters."""


def _refuses(record: Record, names: Names) -> str:
    if record.kind in CODE:
        return "code"
    return "chat" if record.kind in CHAT else ""


QWEN_VL = Adapter(agent="qwen_vl", refuses=_refuses)


class QwenVlSlice(TypedDict):
    """What qwen_vl sees of one task; the sound itself is drawn by instruments, never shown."""

    task: Task
    assets: tuple[AssetRef, ...]
    """Sound files to draw, notes to engrave and pictures to read."""
    ties: tuple[Finding, ...]
    """Which picture shows which sound, by its id: instruments measure it and draw it anew."""
    relations: tuple[Finding, ...]
    """Audio facts that the pictures show, long lists cut."""
    request: str
    """What the user asks, to be put to a model that sees."""
    package: ContextPackage
    """What a model reads beside the pictures."""


def qwen_vl_slice(
    task: Task,
    context: ProjectContext,
    findings: tuple[Finding, ...],
    package: ContextPackage | None = None,
) -> QwenVlSlice:
    """Cut the slice of a task: its files, and what is known that a picture of them shows.

    Args:
        task: the task.
        context: the complete context.
        findings: what this turn has found so far.
        package: what was cut from the project memory; by default from the context alone.
    """
    assets = files_for(task, context, "audio", "image", "midi", "score")
    known = (*context.findings, *findings)
    files = {asset.id for asset in assets}
    ties = tuple(one for one in known if one.aspect == SHOWS and one.subject.id in files)
    ids = files | {one.value for one in ties}
    latest = {
        (one.subject.id, one.aspect, one.subject.start): one
        for one in known
        if one.subject.id in ids and one.aspect in SHOWN_ASPECTS and one.value is not None
    }
    ranked = sorted(latest.values(), key=lambda one: SHOWN_ASPECTS.index(one.aspect))
    return QwenVlSlice(
        task=task,
        assets=assets,
        ties=ties,
        relations=tuple(map(_shortened, ranked)),
        request=context.request[:_LONGEST_REQUEST],
        package=package or QWEN_VL.alone(task, context, findings),
    )


def _shortened(finding: Finding) -> Finding:
    """The finding with a long list cut, which its method then says."""
    value = finding.value
    if not isinstance(value, list) or len(value) <= _LONGEST_LIST:
        return finding
    method = f"{finding.method}; the first {_LONGEST_LIST} of {len(value)}"
    return finding.model_copy(update={"value": value[:_LONGEST_LIST], "method": method})
