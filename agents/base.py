"""What all specialists share: their slices' files and sizes, and how they name what they made."""

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

from audio.assets import AssetKind, AssetRef
from audio.measurement import Measurement
from memory.context import AgentName, Finding, ProjectContext, SliceReport, Subject, Task

_LONGEST_STEM = 160
"""In bytes: a file system takes 255, and there must be room for what follows."""


def files_for(task: Task, context: ProjectContext, *kinds: AssetKind) -> tuple[AssetRef, ...]:
    """The files of some kinds that a task is about: its inputs, else what came with the request."""
    wanted = task.inputs or context.attached
    return tuple(one for one in context.assets if one.id in wanted and one.kind in kinds)


def estimate_tokens(*words: BaseModel) -> int:
    """Tokens of context entries, estimated as one per three characters of their JSON.

    English prose has about four characters a token and JSON with numbers about three, so this
    estimate errs on the high side.
    """
    return sum(-(-len(word.model_dump_json()) // 3) for word in words)


def size_of(agent: str, kept: list[BaseModel], dropped: int) -> SliceReport:
    """Report how much context an adapter handed over and how many entries it left out."""
    return SliceReport(agent=agent, tokens=estimate_tokens(*kept), kept=len(kept), dropped=dropped)


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
