"""The plan of the instruments in the boss's own form, so that it can copy, change and drop it."""

from agents.boss.files import Files
from agents.boss.forms import (
    MOST_INPUTS,
    AskForm,
    CriterionForm,
    PlanForm,
    StepForm,
    TaskForm,
    Value,
)
from agents.boss.workflows import step_of
from memory.context import Criterion, Operation, Plan, Task


def drafted(plan: Plan, files: Files) -> str:
    """A plan as JSON of the decision's form, its tasks numbered from 1."""
    numbers = {task.id: number for number, task in enumerate(plan.tasks, 1)}
    form = PlanForm(
        tasks=tuple(_task(task, numbers, files) for task in plan.tasks),
        asks=tuple(_ask(one.question, one.missing) for one in plan.asks),
        recalls=plan.recalls,
    )
    return form.model_dump_json(exclude={"look_up", "dropped", "why"}, exclude_defaults=True)


def _task(task: Task, numbers: dict[str, int], files: Files) -> TaskForm:
    return TaskForm(
        draft=numbers[task.id],
        agent=task.agent,
        objective=task.objective,
        inputs=_inputs(task, files),
        needs=tuple(numbers[need] for need in task.needs if need in numbers),
        priority=task.priority,
        reason=task.reason,
        criteria=tuple(map(_criterion, task.criteria)),
        steps=tuple(map(step_form, _steps(task))),
    )


def _inputs(task: Task, files: Files) -> tuple[str, ...]:
    """The handles of its files; none where they are too many to be listed: the draft's stay."""
    handles = tuple(files.handles[one] for one in task.inputs if one in files.handles)
    return handles if len(handles) <= MOST_INPUTS else ()


def _steps(task: Task) -> tuple[Operation, ...]:
    """A task's steps; a workflow is the only one of its own."""
    if task.order is None:
        return task.operations
    return (step_of(task.order),)


def _criterion(one: Criterion) -> CriterionForm:
    value = one.value if isinstance(one.value, int | float | str) else None
    return CriterionForm(aspect=one.aspect, op=one.op, value=value, tolerance=one.tolerance)


def step_form(operation: Operation) -> StepForm:
    """An operation as the boss writes it."""
    parameters: dict[str, Value] = {}
    for name, value in operation.parameters.items():
        if isinstance(value, list):
            parameters[name] = [str(one) for one in value]
        elif not isinstance(value, dict):
            parameters[name] = value
    return StepForm(name=operation.name, parameters=parameters)


def _ask(question: str, missing: str) -> AskForm:
    match missing:
        case "audio" | "image" | "target":
            return AskForm(question=question, missing=missing)
        case _:
            return AskForm(question=question, missing="choice")
