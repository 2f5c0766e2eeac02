"""The end of a turn: what was to be forgotten goes, the answer is written and held against facts.

Then the turn is closed in the project's history, where what was forgotten is not said again.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from agents.answering.answer import answer, cited
from agents.answering.closing import flags_of, is_echo, with_flags
from agents.answering.harmless import harmless
from agents.boss.answering import prose
from agents.boss.boss import Boss, joined, signed
from agents.boss.facts import file_names
from agents.remembering.forgetting import carry_out
from agents.remembering.history import answered
from agents.remembering.inventory import widened
from agents.remembering.looking_back import as_believed, excuse
from agents.remembering.pictured import with_pixels
from audio.assets import AssetStore
from grym_synth.errors import BadInput, UnknownName
from memory.context import (
    Artifact,
    Conflict,
    Degraded,
    Finding,
    Flag,
    Plan,
    ProjectContext,
    Recommendation,
    Task,
    Thought,
    TurnRecord,
)
from memory.forgetting.blanking import BLANK
from memory.repository import Repository


@dataclass(frozen=True)
class Turn:
    """Everything that a turn came to."""

    context: ProjectContext
    """What the project knew before the turn."""
    plan: Plan
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[Artifact, ...]
    summaries: tuple[str, ...]
    """What specialists say beside their findings."""
    rejected: tuple[str, ...]
    """Attachments that could not be taken, in words."""
    degraded: tuple[Degraded, ...]
    thoughts: tuple[Thought, ...]
    """What models thought and said before the answer."""


@dataclass(frozen=True)
class Reply:
    """The answer, and what it rests on."""

    text: str
    """Markdown."""
    findings: tuple[Finding, ...]


def is_prose(plan: Plan) -> bool:
    """Whether a model may put the answer into words: not a question, and nothing of the past."""
    return not (plan.looks_back or plan.forgets or plan.asks)


def reply_to(turn: Turn, repository: Repository, assets: AssetStore, boss: Boss | None) -> Reply:
    """Answer a turn and close it; a turn that runs again after a crash writes nothing twice.

    Args:
        turn: what it came to.
        repository: the project memory.
        assets: the files; what no project knows any more is removed.
        boss: puts the answer into words; None for instruments.
    """
    began, context, plan = time.monotonic(), turn.context, turn.plan
    forgotten = carry_out(repository, assets, context.project, plan.forgets)
    try:
        then = as_believed(repository, context, plan)
    except (UnknownName, BadInput) as fault:
        then, plan = context, Plan(request=plan.request, notes=(excuse(fault),))
    context = widened(repository, context, plan)
    plan = with_pixels(plan, context, repository, assets)
    turn = replace(turn, context=context)
    closing = _Closing(turn, plan, cited(then, plan, turn.findings), repository)
    said = closing.prose(boss) if boss is not None else ""
    text = answer(
        context,
        plan,
        turn.tasks,
        closing.findings,
        turn.recommendations,
        turn.conflicts,
        turn.artifacts,
        joined((*turn.degraded, *(boss.degraded if boss is not None else ()))),
        turn.rejected,
        turn.summaries,
        forgotten,
        then if plan.looks_back else None,
        said,
    )
    flags = () if plan.looks_back or plan.forgets else closing.flags(text)
    text = harmless(with_flags(text, flags))
    step = answered(context, closing.findings, len(turn.artifacts), time.monotonic() - began)
    with repository.together():
        repository.add_interactions(context.project, (signed(step, boss),))
        repository.add_turn(context.project, closing.record(text, flags, boss))
    return Reply(text, closing.findings)


@dataclass(frozen=True)
class _Closing:
    """A turn with the findings that its answer rests on."""

    turn: Turn
    plan: Plan
    findings: tuple[Finding, ...]
    repository: Repository

    def prose(self, boss: Boss) -> str:
        """The answer in the boss's words; empty when none of them hold."""
        return prose(
            boss,
            self.turn.context,
            tasks=self.turn.tasks,
            findings=self.findings,
            advice=self.turn.recommendations,
            conflicts=self.turn.conflicts,
            names=file_names(self.turn.context),
            flags=self.flags,
        )

    def flags(self, text: str) -> tuple[Flag, ...]:
        """What contradicts an answer; files of the project that are not in focus are known too."""
        project = self.turn.context.project
        flags = flags_of(
            text,
            self.turn.context,
            self.plan,
            self.turn.tasks,
            self.findings,
            self.turn.artifacts,
            self.repository.timeline(project),
            self.repository.elements(project),
            datetime.now(UTC).date(),
        )
        if not any(flag.kind == "file" for flag in flags):
            return flags
        names = {asset.name for asset in self.repository.assets(project)}
        return tuple(flag for flag in flags if flag.kind != "file" or flag.against not in names)

    def record(self, text: str, flags: tuple[Flag, ...], boss: Boss | None) -> TurnRecord:
        """The turn for the project's history; what was to be forgotten is not repeated in it."""
        turn, forgets = self.turn, bool(self.plan.forgets)
        context = turn.context
        thoughts = (*turn.thoughts, *(boss.thoughts if boss is not None else ()))
        return TurnRecord(
            thread=context.thread,
            turn=context.turn,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            request=BLANK if forgets else context.request,
            answer=BLANK if forgets else text,
            tasks=turn.tasks,
            artifacts=turn.artifacts,
            findings=tuple(finding.id for finding in turn.findings),
            attached=context.attached,
            models=tuple(dict.fromkeys(one.model for one in thoughts)) or ("instruments",),
            flags=flags,
            searchable=not (forgets or is_echo(text, context, self.plan, turn.tasks)),
        )
