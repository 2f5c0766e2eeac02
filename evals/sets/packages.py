"""Context packages: is what a specialist needs in its package, and how many tokens does it save?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from evals.sets.chairs import Chairs
from evals.sets.items import EvalSet, Item, Json, Mark, Target, marks
from evals.sharing import run
from evals.sharing_set import DATASETS as SHARING
from evals.sharing_set import load


def _read(path: Path | None) -> list[Item]:
    return [
        Item(
            f"{labelled.project.name}/{task.id}",
            {"project": labelled.project.name, "task": task.id, "objective": task.objective},
            {"agent": task.agent, "necessary": [one.id for one in task.necessary]},
        )
        for labelled in load(path or SHARING)
        for task in labelled.tasks
    ]


@contextmanager
def _opened(chairs: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
    packages = {
        (one.project, one.task.id): one for one in run(path or SHARING) if one.way == "package"
    }

    def target(inputs: Json) -> dict[str, JsonValue]:
        one = packages[str(inputs["project"]), str(inputs["task"])]
        return {"misses": [*one.misses], "share": one.share}

    yield target


def kept(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How much of what is necessary a package states, and what share of all tokens it saves."""
    necessary, misses, share = (
        reference_outputs["necessary"], outputs["misses"], outputs["share"],
    )  # fmt: skip
    assert isinstance(necessary, list) and isinstance(misses, list) and isinstance(share, float)
    recall = 1 - len(misses) / len(necessary)
    return marks(
        Mark("kept", recall, why=f"does not state {', '.join(map(str, misses))}" if misses else ""),
        Mark(f"kept_{reference_outputs['agent']}", recall),
        Mark("tokens_saved", 1 - share),
    )


PACKAGES = EvalSet(
    name="packages",
    about="Context packages: facts that a task needs are stated, and tokens are saved",
    headline="kept",
    read=_read,
    opened=_opened,
    evaluators=(kept,),
    quick=False,
)
