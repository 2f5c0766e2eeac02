"""Workflows in the boss's plans: a task whose one step is the workflow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.boss.forms import StepForm
from agents.boss.verdict import Verdict
from agents.workflows.ordering import OWNERS
from memory.context import AgentName, Operation, Order, Task, WorkflowName


@dataclass(frozen=True)
class _Known:
    """What the boss may order."""

    workflow: WorkflowName
    says: str
    parameter: str = ""
    """The one that it may give; its other parameters come from the draft."""
    is_list: bool = False


_WORKFLOWS: Mapping[str, _Known] = {
    "compose": _Known(
        "compose",
        "composes a song from words and gives MIDI, score, DAW session, stems and mix",
        "brief",
    ),
    "mix_and_master": _Known(
        "master",
        "mixes stems, or takes a mix, and masters it; targets are streaming, broadcast, club or "
        '"LUFS,dBTP"',
        "targets",
        is_list=True,
    ),
    "unpack": _Known(
        "unpack", "takes a recording apart into stems, notes, lead sheet and DAW session"
    ),
    "build": _Known(
        "build", "builds an audio tool from its specification, tested and measured", "spec"
    ),
}
"""By the step's name; ``master`` alone is a recipe for one file."""


def workflows_text() -> str:
    """What can be ordered, a line each."""
    return "\n".join(
        f"- {OWNERS[one.workflow]}: {name}({one.parameter}): {one.says}"
        for name, one in _WORKFLOWS.items()
    )


def step_of(order: Order) -> Operation:
    """An order as the step that the boss would write."""
    name = next(name for name, one in _WORKFLOWS.items() if one.workflow == order.workflow)
    return Operation(name=name, parameters=order.parameters)


def names_workflow(forms: Sequence[StepForm]) -> bool:
    """Whether a task's steps are a workflow."""
    return any(one.name in _WORKFLOWS for one in forms)


def order_of(
    agent: AgentName, forms: Sequence[StepForm], base: Task | None, verdict: Verdict, where: str
) -> Order | None:
    """The workflow that a task is: the one that its step names, else the draft's.

    Args:
        agent: who shall do the task.
        forms: its steps.
        base: the draft's task that it takes over.
        verdict: takes what is wrong with it.
        where: what the task is called in faults.
    """
    drafted = base.order if base is not None else None
    if not names_workflow(forms):
        return drafted if not forms else None
    name = next(one for one in _WORKFLOWS if any(form.name == one for form in forms))
    if len(forms) > 1:
        verdict.fault(where, f"{name} is a whole workflow: it is the only step of its task")
    workflow = _WORKFLOWS[name].workflow
    if agent != OWNERS[workflow]:
        verdict.fault(where, f"{name} belongs to {OWNERS[workflow]}")
    said = next(one for one in forms if one.name == name).parameters
    held = dict(drafted.parameters) if drafted and drafted.workflow == workflow else {}
    return Order(workflow=workflow, parameters=held | _given(name, said, held, verdict, where))


def _given(
    name: str,
    said: Mapping[str, object],
    held: Mapping[str, JsonValue],
    verdict: Verdict,
    where: str,
) -> dict[str, JsonValue]:
    """The parameter that the boss gives, as the workflow takes it."""
    known = _WORKFLOWS[name]
    if more := sorted(set(said) - {known.parameter, *held}):
        verdict.fault(where, f"{name} takes no {', '.join(more)}", filter(None, [known.parameter]))
    if not known.parameter:
        return {}
    read: Callable[[object], JsonValue] = _list if known.is_list else _text
    value = read(said.get(known.parameter))
    if not value and known.parameter not in held:
        verdict.fault(where, f"{name} needs its {known.parameter}")
    return {known.parameter: value} if value else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[JsonValue]:
    return [str(one) for one in value] if isinstance(value, list) else []
