"""One task of a decision: what it takes over from the draft, and what it says itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from agents.boss.conditions import Demands
from agents.boss.files import Files
from agents.boss.forms import TaskForm
from agents.boss.steps import steps_of
from agents.boss.verdict import Verdict
from agents.boss.workflows import order_of
from agents.gama import LISTEN, MEASURE
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import (
    AgentName,
    Operation,
    Plan,
    ProjectContext,
    Task,
)

_LONGEST = 400
"""Characters of an objective or a reason."""


@dataclass(frozen=True)
class Draft:
    """The tasks of the instruments' plan, with what they rest on."""

    tasks: tuple[Task, ...]
    places: Mapping[str, int]
    """Number of each task, from 1, by its id."""
    demands: Demands
    attached: tuple[AssetRef, ...]

    @classmethod
    def of(cls, plan: Plan, context: ProjectContext) -> "Draft":
        """The draft in a context."""
        return cls(
            plan.tasks,
            {task.id: number for number, task in enumerate(plan.tasks, 1)},
            Demands.of(plan, context),
            tuple(one for one in context.assets if one.id in context.attached),
        )

    def task(self, number: int) -> Task | None:
        """The task of a number; None for 0 and where there is none."""
        return self.tasks[number - 1] if 1 <= number <= len(self.tasks) else None


@dataclass(frozen=True)
class Planned:
    """A task in the making; its needs are not settled yet."""

    task: Task
    draft: int = 0
    """Number of the draft's task that it is; 0 for none."""
    on_drafts: tuple[int, ...] = ()
    """Numbers of the draft's tasks that it needs."""
    needs: tuple[int, ...] = ()
    """Places in the decision's list, from 1, of the tasks that it needs."""
    numbers: tuple[int, ...] = ()
    """Its own places in the decision's list; none for what was restored."""

    def does_the_same(self, other: "Planned") -> bool:
        """Whether another task is the same work on the same files."""
        mine, its = self.task, other.task
        return bool(mine.operations) and (mine.agent, mine.operations, set(mine.inputs)) == (
            its.agent, its.operations, set(its.inputs)
        ) and (self.needs, self.on_drafts) == (other.needs, other.on_drafts)  # fmt: skip

    def merged(self, other: "Planned") -> "Planned":
        """This task with what another one of the same work wants besides."""
        held = {(one.aspect, one.op) for one in self.task.criteria}
        more = [one for one in other.task.criteria if (one.aspect, one.op) not in held]
        task = self.task.model_copy(update={"criteria": (*self.task.criteria, *more)})
        numbers = (*self.numbers, *other.numbers)
        return replace(self, task=task, numbers=numbers, draft=self.draft or other.draft)


def planned_task(
    form: TaskForm, number: int, draft: Draft, files: Files, verdict: Verdict
) -> Planned:
    """What a decision's task means.

    Args:
        form: the task as it was written.
        number: its place in the decision's list, from 1.
        draft: the instruments' plan.
        files: the files that it may name.
        verdict: takes what is wrong with it.
    """
    where = f"task {number}"
    base = draft.task(form.draft)
    if form.draft and (base is None or base.agent != form.agent):
        verdict.repair(where, f"the draft has no such task {form.draft}, so it is a new one")
        base = None
    order = order_of(form.agent, form.steps, base, verdict, where)
    operations = () if order is not None else _operations(form, base, verdict, where)
    inputs = _inputs(form, operations, draft, files, base, verdict, where)
    if order is not None and order.workflow in ("compose", "build") and base is None:
        inputs = ()
    task = Task(
        id="",
        agent=form.agent,
        objective=_words(
            form.objective, base.objective if base else "", "objective", verdict, where
        ),
        inputs=tuple(one.id for one in inputs),
        places=base.places if base else (),
        priority=form.priority,
        reason=_words(form.reason, base.reason if base else "", "reason", verdict, where),
        operations=operations,
        order=order,
    )
    criteria = draft.demands.criteria(form.criteria, task, base, inputs, verdict, where)
    return Planned(
        task.model_copy(update={"criteria": criteria}),
        form.draft if base is not None else 0,
        needs=form.needs,
        numbers=(number,),
    )


def _operations(
    form: TaskForm, base: Task | None, verdict: Verdict, where: str
) -> tuple[Operation, ...]:
    """What a task does with its agent's instruments."""
    said = steps_of(form.agent, form.steps, verdict, where)
    return _with_drafted(said, base) or _usual(form.agent)


def wanted_kind(agent: AgentName, operations: Sequence[Operation]) -> AssetKind:
    """The kind of file that a task works on."""
    reads = agent == "qwen_vl" and any(one.name == "inspect_picture" for one in operations)
    return "image" if reads else "audio"


def _with_drafted(said: tuple[Operation, ...], base: Task | None) -> tuple[Operation, ...]:
    """The steps of a task that takes one over: a look or a measurement loses nothing by that."""
    if base is None or not said:
        return base.operations if base is not None else said
    if base.agent == "coder":
        return said
    if base.agent == "qwen_vl":
        return (*base.operations, *(one for one in said if one not in base.operations))
    both = [one for one in (*base.operations, *said) if one.name == MEASURE]
    lists = [one.parameters.get("aspects") for one in both]
    names = [one for held in lists if isinstance(held, list) for one in held]
    aspects: list[JsonValue] = [*dict.fromkeys(map(str, names))] if all(lists) else []
    again = {"again": True} if any("again" in one.parameters for one in said) else {}
    measures = Operation(name=MEASURE, parameters={"aspects": aspects, **again})
    return (measures, *(one for one in said if one.name == LISTEN))


def _usual(agent: AgentName) -> tuple[Operation, ...]:
    """What an agent does where nothing is said: gama measures everything."""
    return (Operation(name=MEASURE, parameters={"aspects": []}),) if agent == "gama" else ()


def _words(said: str, drafted: str, what: str, verdict: Verdict, where: str) -> str:
    text = " ".join(said.split())[:_LONGEST] or drafted
    if not text:
        verdict.fault(where, f"it has no {what}")
    return text


def _inputs(
    form: TaskForm, operations: Sequence[Operation], draft: Draft, files: Files,
    base: Task | None, verdict: Verdict, where: str,
) -> tuple[AssetRef, ...]:  # fmt: skip
    """The files of a task: those that it names, else those of the draft, else what was attached."""
    kind, found = wanted_kind(form.agent, operations), list[AssetRef]()
    for said in form.inputs:
        id_ = files.find(said)
        if id_ is None:
            known = (f"{handle} ({files.known[one].name})" for one, handle in files.handles.items())
            verdict.fault(where, f"there is no file {said!r}", known)
        else:
            found.append(files.known[id_])
    fitting = [one for one in found if one.kind == kind or len(_kinds(form.agent, operations)) > 1]
    if found and not fitting:
        verdict.fault(where, f"{form.agent} can't do that with {found[0].kind}: {found[0].name}")
    if form.inputs or form.needs:
        return tuple(dict.fromkeys(fitting))
    if base is not None:
        return tuple(files.known[id_] for id_ in base.inputs if id_ in files.known)
    return tuple(one for one in draft.attached if one.kind == kind)


def _kinds(agent: AgentName, operations: Sequence[Operation]) -> set[str]:
    """The kinds of files that a task's steps work on: a look at both is possible."""
    if agent != "qwen_vl":
        return {"audio"}
    return {"image" if one.name == "inspect_picture" else "audio" for one in operations}
