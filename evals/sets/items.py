"""What a set is made of: items with labels, marks of evaluators, and lines of a data set's file."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from agents.roles.models import Role
from evals.sets.chairs import Chairs
from grym_synth.errors import BadInput
from grym_synth.misfits import misfits

DATASETS = Path(__file__).parents[1] / "datasets"

Json = Mapping[str, JsonValue]

Target = Callable[[Json], dict[str, JsonValue]]
"""Does the work of one item: from its inputs to its outputs."""

Evaluator = Callable[[Json, Json, Json], dict[str, JsonValue]]
"""A LangSmith evaluator: takes ``inputs``, ``outputs`` and ``reference_outputs``, gives
``results``. Made by ``marks``."""


class Line(BaseModel):
    """Base of the lines of a data set."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str = ""
    """A name for reports; by default the line's number."""


LineT = TypeVar("LineT", bound=Line)


@dataclass(frozen=True)
class Item:
    """One thing to do, and what is right."""

    id: str
    inputs: Json
    wanted: Json
    """The labels; only evaluators see them."""


@dataclass(frozen=True)
class EvalSet:
    """One set: what is done, and how it is scored."""

    name: str
    about: str
    """What is scored, in one sentence."""
    headline: str
    """The figure that stands for the set."""
    read: Callable[[Path | None], list[Item]]
    """Reads a file or folder in the set's form, or its own data; ``BadInput`` where it can't."""
    opened: Callable[[Chairs, Sequence[Item], Path | None], AbstractContextManager[Target]]
    """Makes ready what the items need, of the data set that was read (None: its own)."""
    evaluators: tuple[Evaluator, ...]
    roles: tuple[Role, ...] = ()
    """Whose models take part; without them the instruments alone are scored."""
    quick: bool = True
    """It takes seconds, not minutes."""
    needs_dataset: str = ""
    """What must be named with ``--dataset``; empty where the set has data of its own."""


@dataclass(frozen=True)
class Mark:
    """What an evaluator counts in one item: ``hits`` of ``of``."""

    name: str
    hits: float
    of: float = 1.0
    """0 where the item has nothing to count."""
    why: str = ""
    """What is wrong; empty where nothing is."""


def marks(*given: Mark) -> dict[str, JsonValue]:
    """The marks of one item as LangSmith takes them."""
    return {
        "results": [
            {
                "key": one.name,
                "score": one.hits / one.of if one.of else None,
                "metadata": {"hits": one.hits, "of": one.of},
                "comment": one.why or None,
            }
            for one in given
        ]
    }


def read_lines(path: Path, form: type[LineT]) -> list[LineT]:
    """Read JSON Lines of one form.

    Raises:
        BadInput: the file can't be read, holds nothing, or a line has another form.
    """
    tried = f"reading the data set {path}"
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(tried, str(fault), "Give a file of JSON Lines") from fault
    lines: list[LineT] = []
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            lines.append(form.model_validate_json(text))
        except ValidationError as fault:
            happened = f"line {number} has another form: {misfits(fault, 'all of it')}"
            raise BadInput(tried, happened, "docs/evals.md tells the form of each set") from fault
    if not lines:
        raise BadInput(tried, "it holds no item", "Give a file with one JSON object a line")
    return lines


def items_of(lines: Sequence[Line], wanted: Collection[str]) -> list[Item]:
    """Lines as items.

    Args:
        lines: what was read.
        wanted: names of the keys that are labels; the others are inputs.
    """
    items = []
    for number, line in enumerate(lines, 1):
        told = line.model_dump(mode="json", exclude={"id"})
        labels = {name: told.pop(name) for name in wanted}
        items.append(Item(line.id or str(number), told, labels))
    return items


def digest_of(items: Sequence[Item]) -> str:
    """A short mark of a set's content: figures are only compared where it is the same."""
    told = json.dumps([[one.id, one.inputs, one.wanted] for one in items], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
