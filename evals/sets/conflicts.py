"""Conflicts: are contradictions found, only real ones, and settled for the right side?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from agents.boss.arbitration import BossArbiter
from agents.boss.boss import Boss
from evals.sets.chairs import Chairs
from evals.sets.facts import Fact, context_of, findings_of
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
from memory.context import Word
from memory.distilling.conflicts import arbitrate, find_conflicts


class _Clash(Word):
    """Findings that can't all be true."""

    sides: tuple[int, ...]
    """Their places in the list, from 1."""
    keeps: int = 0
    """The one that is to be believed; 0 where it must stay open."""


class _Line(Line):
    """Findings of a project, and what of them contradicts."""

    about: str = ""
    findings: tuple[Fact, ...]
    conflicts: tuple[_Clash, ...] = ()


def _read(path: Path | None) -> list[Item]:
    return items_of(read_lines(path or DATASETS / "conflicts.jsonl", _Line), ("conflicts",))


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    model = chairs.chat("supervisor")

    def target(inputs: Json) -> dict[str, JsonValue]:
        line = _Line.model_validate(inputs)
        findings = findings_of(line.findings)
        places = {one.id: at for at, one in enumerate(findings, 1)}
        found = find_conflicts(findings)
        if model is not None:
            boss = Boss(model, chairs.settings.model_seconds)
            arbiter = BossArbiter(boss, context_of(line.findings, "Measure it"))
            found = arbitrate(found, findings, arbiter, "boss: decided now")
            chairs.meter.judge(boss.degraded)
        told: list[JsonValue] = [
            {
                "sides": [*sorted(places[id_] for id_ in one.findings)],
                "keeps": places[one.kept] if one.kept else 0,
            }
            for one in found
        ]
        return {"conflicts": told}

    yield target


def found(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether exactly the labelled contradictions are found, and how many settled as labelled."""
    wanted, got = _clashes(reference_outputs), _clashes(outputs)
    sides = {one.sides for one in wanted} == {one.sides for one in got}
    right = [one for one in wanted if one in got]
    why = f"{inputs['about']}: wanted {_told(wanted)}, got {_told(got)}"
    return marks(
        Mark("right", sides and len(right) == len(wanted), why=why if wanted != got else ""),
        Mark("found", sides),
        Mark("settled", len(right), len(wanted)),
    )


def _clashes(told: Json) -> list[_Clash]:
    held = told.get("conflicts")
    made = [_Clash.model_validate(one) for one in held] if isinstance(held, list) else []
    return sorted(made, key=lambda one: one.sides)


def _told(clashes: Sequence[_Clash]) -> str:
    each = (f"{'/'.join(map(str, one.sides))} keeps {one.keeps or 'none'}" for one in clashes)
    return ", ".join(each) or "no contradiction"


CONFLICTS = EvalSet(
    name="conflicts",
    about="Contradictions between findings: found, only real ones, settled for the right side",
    headline="right",
    read=_read,
    opened=_opened,
    evaluators=(found,),
    roles=("supervisor",),
)
