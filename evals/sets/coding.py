"""Coding: audio-programming tasks against hidden tests, by recipes or by a model in the coder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from agents.sandbox.choose import open_runner
from evals.coding.by_model import solved_by
from evals.coding.by_recipes import solved_by_recipes
from evals.coding.tasks import DATASET, load
from evals.sets.chairs import Chairs
from evals.sets.items import EvalSet, Item, Json, Mark, Target, marks


def _read(path: Path | None) -> list[Item]:
    return [
        Item(
            one.id,
            {"task": one.id, "prompt": one.prompt, "kind": one.kind},
            {"category": one.category, "test": one.test},
        )
        for one in load(path or DATASET)
    ]


@contextmanager
def _opened(chairs: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
    wanted = {one.id for one in items}
    tasks = {one.id: one for one in load(path or DATASET) if one.id in wanted}
    model, runner = chairs.chat("coder"), open_runner()
    verdicts = {} if model is not None else solved_by_recipes([*tasks.values()], runner)

    def target(inputs: Json) -> dict[str, JsonValue]:
        id_ = str(inputs["task"])
        if model is None:
            verdict = verdicts.get(id_)
            return {
                "right": verdict is not None and verdict.passed,
                "claimed": verdict is not None,
                "wrong": verdict.fault if verdict is not None else "no recipe does it",
            }
        (solved,) = solved_by(model, [tasks[id_]], runner, chairs.settings)
        return {
            "right": solved.last.passed,
            "first": solved.first.passed,
            "claimed": solved.believed,
            "wrong": solved.last.fault,
        }

    yield target


def solved(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether the answer passes the hidden test: in the end, at first, and of what was claimed."""
    right, claimed = bool(outputs.get("right")), bool(outputs.get("claimed"))
    return marks(
        Mark("right", right, why=str(outputs.get("wrong") or "")),
        Mark("right_of_claimed", right and claimed, claimed),
        Mark("right_at_first", bool(outputs.get("first")), "first" in outputs),
    )


CODING = EvalSet(
    name="coding",
    about="Audio code: answers pass hidden tests that measure what they do",
    headline="right",
    read=_read,
    opened=_opened,
    evaluators=(solved,),
    roles=("coder",),
    quick=False,
)
