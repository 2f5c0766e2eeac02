"""Planning: do a plan's criteria, needs and order say what the request says?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from audio.agreement import agree
from evals.routing import Labelled, context_of
from evals.sets.chairs import Chairs
from evals.sets.items import (
    DATASETS,
    EvalSet,
    Item,
    Json,
    Line,
    Mark,
    Target,
    items_of,
    marks,
    read_lines,
)
from evals.sets.planned import planner
from memory.context import AgentName, Op, Plan, Task, Word

_LABELS = ("criteria", "needs", "before", "never")


class _Wanted(Word):
    """A condition that the request states."""

    aspect: str
    op: Op
    value: float | str
    within: float | None = None
    """How far off is still right; by default as two measurements agree."""


class _Line(Line):
    """One request, and what its plan must hold."""

    request: str
    audio: int = 0
    """Sound files attached, 180 s each."""
    image: int = 0
    criteria: tuple[_Wanted, ...] = ()
    needs: tuple[tuple[AgentName, AgentName], ...] = ()
    """Who works on the result of whom."""
    before: tuple[tuple[AgentName, AgentName], ...] = ()
    """Who must have worked when whom begins, or is more urgent."""
    never: tuple[str, ...] = ()
    """Aspects of which nothing was asked: a condition on them is invented."""


def _read(path: Path | None) -> list[Item]:
    return items_of(read_lines(path or DATASETS / "planning.jsonl", _Line), _LABELS)


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    plan = planner(chairs)

    def target(inputs: Json) -> dict[str, JsonValue]:
        return {"plan": plan(context_of(Labelled.model_validate(inputs))).model_dump(mode="json")}

    yield target


def criteria(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How many of the stated conditions are criteria of the plan, and none is invented."""
    wanted = _label(reference_outputs)
    got = [one for task in _plan(outputs).tasks for one in task.criteria]
    missing = [
        one
        for one in wanted.criteria
        if not any(
            one.aspect == other.aspect
            and one.op == other.op
            and _same(one, other.value, other.tolerance)
            for other in got
        )
    ]
    invented = {one.aspect for one in got} & set(wanted.never)
    count, request = len(wanted.criteria), inputs["request"]
    told = ", ".join(f"{one.aspect} {one.op} {one.value}" for one in missing)
    return marks(
        Mark("criteria", count - len(missing), count, f"no {told}: {request}" if missing else ""),
        Mark(
            "not_invented", not invented, bool(wanted.never),
            f"invented {', '.join(sorted(invented))}: {request}" if invented else "",
        ),
    )  # fmt: skip


def order(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How many of the stated needs and priorities the plan keeps."""
    wanted, tasks = _label(reference_outputs), _plan(outputs).tasks
    lost = [pair for pair in wanted.needs if not _needs(tasks, *pair)]
    late = [pair for pair in wanted.before if not _comes_first(tasks, *pair)]
    request = inputs["request"]
    return marks(
        Mark(
            "needs", len(wanted.needs) - len(lost), len(wanted.needs),
            "".join(f"{one} does not need {other}: {request}" for one, other in lost),
        ),
        Mark(
            "priorities", len(wanted.before) - len(late), len(wanted.before),
            "".join(f"{one} is not before {other}: {request}" for one, other in late),
        ),
    )  # fmt: skip


def whole(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether nothing of all this is missing."""
    parts = (one(inputs, outputs, reference_outputs) for one in (criteria, order))
    results = [result for part in parts for result in _results(part)]
    return marks(Mark("all", all(one["score"] in (1.0, None) for one in results)))


def _results(marked: Json) -> list[Mapping[str, JsonValue]]:
    held = marked["results"]
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _label(reference_outputs: Json) -> _Line:
    return _Line.model_validate({"request": "", **reference_outputs})


def _plan(outputs: Json) -> Plan:
    return Plan.model_validate(outputs.get("plan") or {})


def _same(wanted: _Wanted, value: JsonValue, tolerance: float | None) -> bool:
    """Whether a criterion says the wanted value, and asks for no less exactness than was stated."""
    if wanted.within is None:
        return agree(wanted.aspect, wanted.value, value)
    if not isinstance(value, int | float) or isinstance(wanted.value, str):
        return False
    exact = wanted.op != "==" or (tolerance is not None and tolerance <= wanted.within + 1e-9)
    return exact and abs(value - wanted.value) <= wanted.within


def _needs(tasks: Sequence[Task], later: str, earlier: str) -> bool:
    """Whether a task of one agent builds on one of the other."""
    by_id = {one.id: one for one in tasks}

    def reached(task: Task) -> bool:
        above = [by_id[id_] for id_ in task.needs if id_ in by_id]
        return any(one.agent == earlier or reached(one) for one in above)

    return any(one.agent == later and reached(one) for one in tasks)


def _comes_first(tasks: Sequence[Task], first: str, then: str) -> bool:
    ranks = {who: [one.priority for one in tasks if one.agent == who] for who in (first, then)}
    if not all(ranks.values()):
        return False
    return min(ranks[first]) < min(ranks[then]) or _needs(tasks, then, first)


PLANNING = EvalSet(
    name="planning",
    about="Plans hold the conditions, needs and order that a request states, and invent none",
    headline="all",
    read=_read,
    opened=_opened,
    evaluators=(criteria, order, whole),
    roles=("supervisor",),
)
