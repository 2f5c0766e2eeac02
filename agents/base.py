"""What all specialists share: their slices' files, and how they name what they made."""

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from audio.assets import AssetRef
from audio.measurement import Measurement
from audio.media import AssetKind
from memory.context import AgentName, Finding, ProjectContext, Subject, Task

_LONGEST_STEM = 160
"""In bytes: a file system takes 255, and there must be room for what follows."""


def files_for(task: Task, context: ProjectContext, *kinds: AssetKind) -> tuple[AssetRef, ...]:
    """The files of some kinds that a task is about: its inputs, else what came with the request."""
    wanted = task.inputs or context.attached
    return tuple(one for one in context.assets if one.id in wanted and one.kind in kinds)


@cache
def source_of(agent: AgentName, instrument: str) -> str:
    """Name an instrument of an agent, as findings and artifacts do."""
    return f"{agent}/{instrument}@{version('grym-synth')}"


def finding_of(agent: AgentName, asset: AssetRef, one: Measurement) -> Finding:
    """What an instrument measured of a file, as a finding of the agent that ran it."""
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        one.aspect,
        one.value,
        unit=one.unit,
        evidence="measured",
        source=source_of(agent, one.instrument),
        method=one.method,
        confidence=one.confidence,
        absent=one.absent,
    )


def file_stem(name: str) -> str:
    """A user's file name without its suffix, safe as the first part of a new file name."""
    stem = re.sub(r"[^\w .-]+", "_", Path(name).stem).strip(" ._-")
    return stem.encode()[:_LONGEST_STEM].decode(errors="ignore").rstrip(" .") or "sound"
