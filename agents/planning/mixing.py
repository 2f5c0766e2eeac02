"""Requests of which recipes do some steps and a coding model the others, in the order said."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from agents.planning.chain import Chain
from agents.planning.criteria import of_operations
from agents.planning.drafts import Draft, listed
from agents.planning.languages import Understood
from agents.planning.reading import Reading, Step
from memory.context import Operation

ONE_STEP = "Write code for this step alone"
"""How the objective of code begins whose results other steps go on with."""
_JOINT = re.compile(
    r"^(?:(?:and|then|also|und|dann|danach|y|luego|después|et|puis|ensuite)\b\W*)+", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """Steps that follow each other and are done in one way."""

    operations: tuple[Operation, ...]
    """Recipe calls; none where code is to be written."""
    words: str
    """The request's own words for them."""


def shares_of(understood: Understood, build: Callable[[Reading], Chain]) -> list[Part]:
    """The parts of a request; empty where all its steps are done in one way.

    Args:
        understood: the request; where one clause of it holds steps of both kinds, whose numbers
            can't be told apart, all of it is one part that code is written for.
        build: makes the recipe calls of a reading.
    """
    reading = understood.reading
    each = [(step, _is_free(build(replace(reading, steps=[step])))) for step in reading.steps]
    if len({free for _, free in each}) < 2:
        return []
    if _is_tangled(each):
        return [Part((), " ".join(understood.text.raw.split()))]
    runs = [([one for one, _ in run], free) for free, run in groupby(each, lambda one: one[1])]
    return [
        Part(
            () if free else tuple(build(replace(reading, steps=steps)).operations),
            _words(steps, understood.text.raw),
        )
        for steps, free in runs
    ]


def mixed(drafts: Sequence[Draft], parts: Sequence[Part], chain: Chain) -> list[Draft]:
    """The tasks with the build's in as many parts, each working on what the one before made.

    Args:
        drafts: the plan's tasks, one of which builds all that recipes can.
        parts: what is built, part by part.
        chain: what recipes can do; nothing of it is unknown where code is written for the rest.
    """
    built = [place for place, one in enumerate(drafts) if one.agent == "coder"]
    if not parts or len(built) != 1:
        return list(drafts)
    chain.unknown.clear()
    (place,) = built
    whole, added = drafts[place], len(parts) - 1
    series = [_draft(whole, parts, number, place) for number in range(len(parts))]
    after = [
        replace(one, needs=tuple(need + added * (need >= place) for need in one.needs))
        for one in drafts[place + 1 :]
    ]
    return [*drafts[:place], *series, *after]


def _draft(whole: Draft, parts: Sequence[Part], number: int, place: int) -> Draft:
    part, last = parts[number], number == len(parts) - 1
    names = ", ".join(one.name for one in whole.inputs)
    source = names if number == 0 else "the result of the step before"
    if part.operations:
        steps = listed([one.name.replace("_", " ") for one in part.operations])
        objective, reason = f"Apply {steps} to {source}", whole.reason
        criteria = whole.criteria if last else tuple(of_operations(part.operations, (), ()))
    elif len(parts) == 1:
        return replace(whole, objective=f"Write code on {source}: {part.words}", operations=())
    else:
        objective = f"{ONE_STEP}, on {source}: {part.words}"
        reason, criteria = "no recipe does it; the steps beside it are done by recipes", ()
    needs = (place + number - 1,) if number else whole.needs
    return replace(
        whole, objective=objective, reason=reason, operations=part.operations, criteria=criteria,
        needs=needs,
    )  # fmt: skip


def _is_tangled(each: Sequence[tuple[Step, bool]]) -> bool:
    """Whether a clause holds steps of both kinds."""
    kinds: dict[int, set[bool]] = {}
    for step, free in each:
        kinds.setdefault(step.segment.tokens[0].start, set()).add(free)
    return any(len(held) > 1 for held in kinds.values())


def _is_free(chain: Chain) -> bool:
    return bool(chain.unknown) and not chain.operations


def _words(steps: Sequence[Step], raw: str) -> str:
    segments = {one.segment.tokens[0].start: one.segment for one in steps}
    parts = (raw[start : one.tokens[-1].end].strip(" ,") for start, one in segments.items())
    return _JOINT.sub("", ", ".join(parts))
