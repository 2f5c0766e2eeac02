"""Routing: do exactly the right specialists work, and is asked back where it must be?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

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
from memory.context import AGENTS


class _Line(Line, Labelled):
    """One request with its labels."""


def _read(path: Path | None) -> list[Item]:
    return items_of(
        read_lines(path or DATASETS / "routing_unseen.jsonl", _Line), ("agents", "asks")
    )


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    plan = planner(chairs)

    def target(inputs: Json) -> dict[str, JsonValue]:
        made = plan(context_of(Labelled.model_validate(inputs)))
        agents: list[JsonValue] = [*sorted({task.agent for task in made.tasks})]
        return {"agents": agents, "asks": bool(made.asks)}

    yield target


def right(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether the set of agents and the asking back are the labelled ones, and each alone."""
    wanted, got = set(_names(reference_outputs)), set(_names(outputs))
    agents, asks = wanted == got, outputs.get("asks") == reference_outputs["asks"]
    why = f"wanted {_told(reference_outputs)}, got {_told(outputs)}: {inputs['request']}"
    each = [
        Mark(agent, (agent in got) == (agent in wanted), agent in got or agent in wanted)
        for agent in AGENTS
    ]
    return marks(
        Mark("both", agents and asks, why="" if agents and asks else why),
        Mark("agents", agents),
        Mark("asks", asks),
        *each,
    )


def _names(told: Json) -> list[str]:
    held = told.get("agents")
    return [str(one) for one in held] if isinstance(held, list) else []


def _told(told: Json) -> str:
    return f"[{', '.join(sorted(_names(told)))}{'?' if told.get('asks') else ''}]"


ROUTING = EvalSet(
    name="routing",
    about="Requests: exactly the right specialists work, and what is missing is asked for",
    headline="both",
    read=_read,
    opened=_opened,
    evaluators=(right,),
    roles=("supervisor",),
)
