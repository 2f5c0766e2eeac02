"""What a repair does is settled when the measurement is there: conditions are judged, faults cured.

A plan is made before anything is measured, so it holds two operations that no recipe knows:
``when`` (go on only if a measured value meets a condition) and ``mend`` (put right what is found).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.judging.criteria import meets
from agents.planning.criteria import DC_LEFT, of_operations
from agents.wording import aspect_text, listed, value_text
from audio.aspects import is_number
from audio.assets import AssetRef
from memory.context import Criterion, Finding, Operation, ProjectContext, Task

UNSETTLED = ("when", "mend")
"""Operations that are replaced before a task is sent."""
FOUND = "found: "
"""How the reason of a repair begins."""


@dataclass(frozen=True)
class Fault:
    """A measured number that a recipe can put right."""

    aspect: str
    over: float
    """Values above this are a fault, in the aspect's unit."""
    cure: str
    """The recipe."""


FAULTS = (
    Fault("dc_offset", DC_LEFT, "remove_dc"),
    Fault("hum.hz", 0.0, "dehum"),
    Fault("silence.start_seconds", 0.5, "trim_silence"),
    Fault("silence.end_seconds", 3.0, "trim_silence"),
)
"""The limits of silence are those of the advice that gama gives."""

_PARAMETERS: Mapping[str, dict[str, JsonValue]] = {
    "dehum": {"hum_hz": 0.0},
    "trim_silence": {"threshold_dbfs": -60.0},
}

Values = dict[str, dict[str, Finding]]
"""Newest measured finding by asset id and aspect."""


def settle(
    tasks: tuple[Task, ...], context: ProjectContext, findings: Sequence[Finding]
) -> tuple[Task, ...]:
    """Replace ``when`` and ``mend`` in the planned tasks whose measurements are done.

    Args:
        tasks: the turn's tasks.
        context: what the project knew before.
        findings: what the turn has found.
    """
    done = {task.id for task in tasks if task.status == "done"}
    values = _measured((*context.findings, *findings))
    return tuple(
        _settled(task, context, values)
        if task.status == "planned" and done.issuperset(task.needs) and _is_open(task)
        else task
        for task in tasks
    )


def changed_nothing(task: Task) -> bool:
    """Whether a task ended because its condition did not hold or nothing was to be repaired."""
    return task.status == "done" and _is_open(task)


def _is_open(task: Task) -> bool:
    return any(operation.name in UNSETTLED for operation in task.operations)


def _measured(findings: Sequence[Finding]) -> Values:
    values: Values = {}
    for finding in findings:
        if finding.evidence == "measured" and finding.subject.start is None:
            values.setdefault(finding.subject.id, {})[finding.aspect] = finding
    return values


def _settled(task: Task, context: ProjectContext, values: Values) -> Task:
    conditions = [_condition(one) for one in task.operations if one.name == "when"]
    kept = tuple(
        id_ for id_ in task.inputs if all(_holds(one, values.get(id_, {})) for one in conditions)
    )
    if not kept:
        found = [_told(conditions[0].aspect, values.get(id_, {})) for id_ in task.inputs]
        why = f"The condition does not hold ({listed(found)}), so nothing was changed."
        return task.model_copy(update={"status": "done", "why": why, "criteria": ()})
    task = task.model_copy(update={"inputs": kept})
    if any(one.name == "mend" for one in task.operations):
        return _mended(task, context, values)
    return task.model_copy(update={"operations": _settled_part(task)})


def _settled_part(task: Task) -> tuple[Operation, ...]:
    return tuple(one for one in task.operations if one.name not in UNSETTLED)


def _condition(operation: Operation) -> Criterion:
    return Criterion.model_validate(operation.parameters)


def _holds(condition: Criterion, values: dict[str, Finding]) -> bool:
    finding = values.get(condition.aspect)
    return finding is not None and meets(condition, finding)


def _told(aspect: str, values: dict[str, Finding]) -> str:
    finding = values.get(aspect)
    value = value_text(finding.value, finding.unit) if finding is not None else "not measured"
    name = aspect_text(aspect)
    return f"{name[0].lower()}{name[1:]}: {value}"


def _mended(task: Task, context: ProjectContext, values: Values) -> Task:
    """The task with a recipe for each fault that was measured, and how it is verified."""
    known = [values.get(id_, {}) for id_ in task.inputs]
    faults = [(fault, finding) for one in known for fault, finding in _faults(one)]
    if not faults:
        why = (
            "Nothing that was measured calls for a repair that a recipe can do; "
            "say what disturbs you, such as harsh, muddy or too quiet."
        )
        return task.model_copy(update={"status": "done", "why": why})
    operations = (*_settled_part(task), *_cures(faults, single=len(task.inputs) == 1))
    inputs = tuple(asset for asset in context.assets if asset.id in task.inputs)
    found = [_said(finding) for _, finding in faults]
    return task.model_copy(
        update={
            "operations": operations,
            "criteria": _criteria(task, operations, inputs),
            "reason": f"{FOUND}{listed(list(dict.fromkeys(found)))}",
        }
    )


def _faults(values: dict[str, Finding]) -> Iterator[tuple[Fault, Finding]]:
    for fault in FAULTS:
        finding = values.get(fault.aspect)
        value = None if finding is None else finding.value
        if finding is not None and is_number(value) and abs(value) > fault.over:
            yield fault, finding


def _cures(faults: list[tuple[Fault, Finding]], single: bool) -> Iterator[Operation]:
    """One call per recipe; the frequency of hum is given where there is just one file."""
    for cure, finding in {fault.cure: finding for fault, finding in faults}.items():
        parameters = dict(_PARAMETERS.get(cure, {}))
        if cure == "dehum" and single:
            parameters["hum_hz"] = finding.value
        yield Operation(name=cure, parameters=parameters)


def _criteria(
    task: Task, operations: tuple[Operation, ...], inputs: tuple[AssetRef, ...]
) -> tuple[Criterion, ...]:
    made = {(one.aspect, one.op): one for one in of_operations(operations, inputs, ())}
    held = {(one.aspect, one.op) for one in task.criteria}
    return (*task.criteria, *(one for key, one in made.items() if key not in held))


def _said(finding: Finding) -> str:
    name = aspect_text(finding.aspect)
    lower = name if name.isupper() or name[:2].isupper() else name[0].lower() + name[1:]
    return f"{lower} {value_text(finding.value, finding.unit)}"
