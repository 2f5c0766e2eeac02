"""The processing history, turn by turn, as lines for people and as JSON for scripts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from grym_synth.errors import UnknownName
from memory.context import AGENTS, Interaction, Report, TurnRecord
from memory.filing.wording import word_finding
from memory.repository import Repository


@dataclass(frozen=True)
class Past:
    """One turn with its steps."""

    turn: TurnRecord
    steps: tuple[Interaction, ...]
    """In the order in which they were done: the plan, then round by round, then the answer."""
    reports: tuple[Report, ...]
    """What the specialists reported; empty unless everything was asked for."""


def past_of(
    memory: Repository, project: str, thread: str | None, turn: int | None, full: bool
) -> list[Past]:
    """Turns with their steps, oldest first.

    Args:
        memory: the project memory.
        project: the project's name.
        thread: only this thread.
        turn: only the turn of this number.
        full: also what the specialists reported, and what models thought.

    Raises:
        UnknownName: there is no turn of that number.
    """
    turns = [one for one in memory.history(project, thread) if turn in (None, one.turn)]
    if turn is not None and not turns:
        raise UnknownName(
            f"looking back at turn {turn}",
            f"project {project} has no such turn" + (f" in thread {thread}" if thread else ""),
            f"See `grym project history {project}`",
        )
    steps: dict[tuple[str, int], list[Interaction]] = {}
    for step in memory.interactions(project, thread, turn):
        steps.setdefault((step.thread, step.turn), []).append(step)
    return [
        _past(memory, project, one, steps.get((one.thread, one.turn), []), full) for one in turns
    ]


def _past(
    memory: Repository, project: str, turn: TurnRecord, steps: list[Interaction], full: bool
) -> Past:
    tasks = dict.fromkeys(step.task for step in steps if step.task) if full else {}
    reports = [report for task in tasks for report in memory.reports(project, task)]
    if not full:
        steps = [step.model_copy(update={"thoughts": ()}) for step in steps]
    return Past(turn, tuple(steps), tuple(reports))


def turn_json(past: Past) -> dict[str, JsonValue]:
    """A turn's record with its steps and what they cost."""
    return {
        **past.turn.model_dump(mode="json"),
        "steps": [step.model_dump(mode="json") for step in past.steps],
        "reports": [report.model_dump(mode="json") for report in past.reports],
        "tokens_in": sum(step.tokens_in for step in past.steps),
        "tokens_out": sum(step.tokens_out for step in past.steps),
        "seconds": round(sum(step.seconds for step in past.steps), 3),
    }


def turn_lines(past: Past) -> Iterator[str]:
    """A turn for people: request, plan, rounds of work, cost, answer."""
    turn = past.turn
    yield f"**{turn.thread} {turn.turn}** ({turn.when}): {turn.request}"
    for step in past.steps:
        yield f"- {_step_line(step)}"
        reported = [one for one in past.reports if step.task and one.task == step.task]
        yield from _report_lines(step, reported)
        yield from _thought_lines(step)
    if past.steps:
        told = turn_json(past)
        yield (
            f"- cost: {told['seconds']} s, {told['tokens_in']} tokens read, "
            f"{told['tokens_out']} written{_by_role(past.steps)}"
        )
    yield turn.answer


def _by_role(steps: Iterable[Interaction]) -> str:
    """The tokens of each role; those of the supervisor's chair are of planning to answering."""
    read: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for step in steps:
        who = step.who.partition("/")[0]
        role = who if who in AGENTS else "supervisor"
        read[role] += step.tokens_in
        written[role] += step.tokens_out
    told = [f"{role} {read[role]} and {written[role]}" for role in read if read[role]]
    return f" ({'; '.join(told)})" if told else ""


def _step_line(step: Interaction) -> str:
    name, _, by = step.who.partition("/")
    when = f"round {step.round}, " if step.round else ""
    cost = [
        f"{step.seconds:g} s" if step.seconds else "",
        f"{step.tokens_in} tokens read" if step.tokens_in else "",
        f"{step.tokens_out} written" if step.tokens_out else "",
    ]
    told = ", ".join(filter(None, cost))
    outcome = step.outcome.replace("_", " ")
    return f"{when}{name} ({by}), {outcome}: {step.what}" + (f" [{told}]" if told else "")


def _thought_lines(step: Interaction) -> Iterator[str]:
    """What a model thought and said in a step, and why it was not used."""
    for thought in step.thoughts:
        if thought.thinking:
            yield f"    - thought ({thought.duty}): {' '.join(thought.thinking.split())}"
        if thought.said:
            yield f"    - said ({thought.duty}): {' '.join(thought.said.split())}"
        if thought.fault:
            yield f"    - not used ({thought.duty}): {thought.fault}"


def _report_lines(step: Interaction, reports: list[Report]) -> Iterator[str]:
    if not reports:
        return
    if step.saw:
        yield f"    - saw {', '.join(step.saw)}"
    for report in reports:
        for finding in report.findings:
            yield f"    - {word_finding(finding, finding.subject.id[:12])}"
        for advice in report.recommendations:
            yield f"    - advice: {advice.text}"
