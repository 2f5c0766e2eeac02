"""Retrieval: are the turns that answer a question found again in a long conversation?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import JsonValue

from evals.retrieval import ask, load
from evals.sets.chairs import Chairs
from evals.sets.items import EvalSet, Item, Json, Mark, Target, marks
from grym_synth.errors import BadInput

K = 10
"""Entries that are looked at."""


def _read(path: Path | None) -> list[Item]:
    if path is None:
        raise BadInput("reading conversations", "no file is named", "Give one with --dataset FILE")
    return [
        Item(
            f"{one.sample_id}/{number}",
            {"conversation": one.sample_id, "number": number, "question": asked.question},
            {"evidence": [*(asked.evidence_clean or ())]},
        )
        for one in load(path)
        for number, asked in enumerate(one.asked())
    ]


@contextmanager
def _opened(chairs: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
    wanted = {str(one.inputs["conversation"]) for one in items}
    with TemporaryDirectory(prefix="grym-eval-") as home:
        found = {
            one.sample_id: ask(one, Path(home) / one.sample_id.replace("/", "-"), K)
            for one in load(path or Path())
            if one.sample_id in wanted
        }

    def target(inputs: Json) -> dict[str, JsonValue]:
        one = found[str(inputs["conversation"])][int(str(inputs["number"]))]
        return dict(one.recall)

    yield target


def recalled(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """The share of a question's evidence that is found, by the product and by plain ways."""
    grym = outputs["grym"]
    missed = f"found {grym:.0%} for: {inputs['question']}" if isinstance(grym, float) else ""
    return marks(
        *(
            Mark(way, value, why=missed if way == "grym" and value < 1 else "")
            for way, value in outputs.items()
            if isinstance(value, int | float)
        )
    )


RETRIEVAL = EvalSet(
    name="retrieval",
    about="Long conversations: the turns that answer a question are among the ten found",
    headline="grym",
    read=_read,
    opened=_opened,
    evaluators=(recalled,),
    quick=False,
    needs_dataset="a file of conversations in LoCoMo's form",
)
