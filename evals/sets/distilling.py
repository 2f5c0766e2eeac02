"""Distillation: does what reports come to say what they say, and no more?

Labelled sentences are put through the check that stands between every distiller and the memory; a
distiller's own words (a model's, or those of the rules) are traced number by number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from agents.boss.boss import Boss
from agents.boss.distilling import BossDistiller
from evals.sets.chairs import Chairs
from evals.sets.facts import Fact, context_of, findings_of, untraceable
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
from evals.sets.sentences import judged
from memory.context import Note, ProjectContext, Recommendation, Report, Word
from memory.distilling.distill import Distilled, Distiller, Rules, checked


class _Advice(Word):
    text: str
    aspect: str


class _Sentence(Word):
    text: str
    faithful: bool = False


class _Line(Line):
    """A report, and sentences that somebody might distil from it."""

    findings: tuple[Fact, ...]
    advice: tuple[_Advice, ...] = ()
    summary: str = ""
    sentences: tuple[_Sentence, ...] = ()
    """Each with whether all that it says stands in the report."""


def _read(path: Path | None) -> list[Item]:
    lines = read_lines(path or DATASETS / "distilling.jsonl", _Line)
    items = items_of(lines, ("sentences",))
    return [
        Item(one.id, {**one.inputs, "texts": [said.text for said in line.sentences]}, one.wanted)
        for one, line in zip(items, lines, strict=True)
    ]


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    model = chairs.chat("supervisor")

    def target(inputs: Json) -> dict[str, JsonValue]:
        told = {name: value for name, value in inputs.items() if name != "texts"}
        line = _Line.model_validate(told)
        context, report = context_of(line.findings, "Measure everything"), _report(line)
        boss = Boss(model, chairs.settings.model_seconds) if model is not None else None
        distiller: Distiller = BossDistiller(boss) if boss is not None else Rules()
        made = checked(distiller.distill((report,), context), (report,), context)
        chairs.meter.judge(boss.degraded if boss is not None else ())
        texts = inputs["texts"]
        said = [str(one) for one in texts] if isinstance(texts, list) else []
        return {
            "passed": [_passes(one, report, context) for one in said],
            "texts": [
                *(one.text for one in made.recommendations), *made.summaries,
                *(one.text for one in made.notes),
            ],
            "aspects": [one.aspect for one in made.findings],
        }  # fmt: skip

    yield target


def _report(line: _Line) -> Report:
    findings = tuple(findings_of(line.findings))
    advice = tuple(
        Recommendation(text=one.text, findings=(findings[0].id,), aspect=one.aspect)
        for one in line.advice
    )
    return Report(
        task="t", agent="gama", findings=findings, recommendations=advice, summary=line.summary
    )


def _passes(text: str, report: Report, context: ProjectContext) -> bool:
    """Whether a sentence gets through the check whole."""
    distilled = Distilled(notes=(Note.make("note", text, evidence="inferred"),))
    notes = checked(distilled, (report,), context).notes
    return bool(notes) and notes[0].text == text


def faithful(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How many labelled sentences the check judges rightly."""
    return judged(reference_outputs, outputs, "faithful")


def traceable(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How many of the distiller's own sentences have no number of their own; what facts stay."""
    told = {name: value for name, value in inputs.items() if name != "texts"}
    line, texts = _Line.model_validate(told), outputs.get("texts")
    said = [str(one) for one in texts] if isinstance(texts, list) else []
    known = [*line.findings, *(Fact(aspect=one.aspect, value=one.text) for one in line.advice)]
    invented = {one: numbers for one in said if (numbers := untraceable(one, known))}
    wanted = {one.aspect for one in line.findings}
    kept = outputs.get("aspects")
    lost = wanted.difference(map(str, kept if isinstance(kept, list) else ()))
    return marks(
        Mark("traceable", len(said) - len(invented), len(said), str(invented or "")),
        Mark("kept", len(wanted) - len(lost), len(wanted), f"lost {lost}" if lost else ""),
    )


DISTILLING = EvalSet(
    name="distilling",
    about="What reports come to: sentences whose numbers and claims can be traced, no others",
    headline="judged",
    read=_read,
    opened=_opened,
    evaluators=(faithful, traceable),
    roles=("supervisor",),
)
