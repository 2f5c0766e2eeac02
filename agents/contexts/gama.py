"""Gama's context: sound, what is wanted of it, and what was heard and measured before."""

from typing import TypedDict

from agents.base import files_for
from agents.contexts.adapter import Adapter
from agents.contexts.telling import Names
from audio.aspects import PROFILE
from audio.assets import AssetRef
from memory.context import ContextPackage, Finding, ProjectContext, ProjectSetting, Task
from memory.filing.records import Record

GUIDING = ("style", "goal", "constraint")
"""Fields of the project settings that guide listening."""

CODE = frozenset(("api", "architecture", "performance"))
CHAT = frozenset(("turn", "interaction", "report", "summary"))


def _refuses(record: Record, names: Names) -> str:
    if record.kind in CODE:
        return "code"
    if record.kind in CHAT:
        return "chat"
    if record.kind == "design":
        return "text of a user interface"
    word = record.word
    subject = word.subject.id if isinstance(word, Finding) else ""
    asset = word if isinstance(word, AssetRef) else names.assets.get(subject)
    if asset is not None and asset.kind == "image":
        return "a picture"
    return ""


GAMA = Adapter(agent="gama", refuses=_refuses)


class GamaSlice(TypedDict):
    """What gama sees of one task."""

    task: Task
    assets: tuple[AssetRef, ...]
    """Sound files to listen to."""
    guidelines: tuple[str, ...]
    """Style guidelines, goals and constraints of the project, as the user wrote them."""
    earlier: tuple[Finding, ...]
    """What is known of these files already, oldest first."""
    package: ContextPackage
    """What a model reads beside the sound."""


def gama_slice(
    task: Task,
    context: ProjectContext,
    findings: tuple[Finding, ...],
    package: ContextPackage | None = None,
) -> GamaSlice:
    """Cut the slice of a task: its sound files, what is known of them, and what is wanted.

    Args:
        task: the task.
        context: the complete context.
        findings: what this turn has found so far.
        package: what was cut from the project memory; by default from the context alone.
    """
    assets = files_for(task, context, "audio")
    ids = {asset.id for asset in assets}
    newest = {
        (one.subject.id, one.subject.start, one.aspect, one.evidence): one
        for one in (*context.findings, *findings)
        if one.subject.kind == "asset" and one.subject.id in ids and one.aspect in PROFILE
    }
    return GamaSlice(
        task=task,
        assets=assets,
        guidelines=tuple(_guideline(one) for one in context.settings if one.field in GUIDING),
        earlier=tuple(newest.values()),
        package=package or GAMA.alone(task, context, findings),
    )


def _guideline(setting: ProjectSetting) -> str:
    return setting.value if setting.field == "style" else f"{setting.field}: {setting.value}"
