"""Groundedness: does every claim of an answer have a finding?

Labelled sentences are put into the mouth of a model in the supervisor's chair, one answer each; the
product's checks decide what is sent. Then the request is answered (by the model that plays, or by
the instruments), and the answer is traced number by number.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from agents.answering.answer import answer
from agents.answering.closing import flags_of
from agents.boss.answering import prose
from agents.boss.boss import Boss
from agents.boss.facts import file_names
from agents.wording import value_text
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
from memory.context import Finding, Flag, Plan, ProjectContext, ProjectSetting, Word
from models.base import ChatModel
from models.script import Line as ScriptLine
from models.script import Script
from models.scripted import ScriptedChat

_MEANING = re.compile(r"“[^”]*” means [^:\n]*:")
"""What the glossary says of a word: no claim about a file."""


class _Sentence(Word):
    text: str
    grounded: bool = False
    cites: bool = True
    """Whether it names the facts that it rests on; where it does, all of the item's."""


class _Line(Line):
    """A request, what was found for it, and sentences that an answer might hold."""

    request: str
    findings: tuple[Fact, ...]
    settings: tuple[ProjectSetting, ...] = ()
    tells: tuple[str, ...] = ()
    """Aspects whose values the answer must tell."""
    sentences: tuple[_Sentence, ...] = ()


def _read(path: Path | None) -> list[Item]:
    lines = read_lines(path or DATASETS / "grounding.jsonl", _Line)
    return [
        Item(one.id, {**one.inputs, "sentences": [_said(each) for each in line.sentences]},
             {**one.wanted, "sentences": [each.model_dump() for each in line.sentences]})
        for one, line in zip(items_of(lines, ("tells",)), lines, strict=True)
    ]  # fmt: skip


def _said(one: _Sentence) -> JsonValue:
    return {"text": one.text, "cites": one.cites}


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    model = chairs.chat("supervisor")

    def target(inputs: Json) -> dict[str, JsonValue]:
        line = _Line.model_validate(inputs)
        context = context_of(line.findings, line.request)
        context = context.model_copy(update={"settings": line.settings})
        findings = findings_of(line.findings)
        passed: list[JsonValue] = [
            bool(_sent(_saying(one, len(findings)), context, findings)) for one in line.sentences
        ]
        own = ""
        if model is not None:
            boss = Boss(model, chairs.settings.model_seconds)
            own = _sent(boss, context, findings)
            chairs.meter.judge(boss.degraded)
        plan = Plan(request=line.request)
        return {
            "passed": passed,
            "answer": answer(context, plan, (), findings, prose=own),
            "own": own,
            "asked": model is not None,
        }

    yield target


def _saying(one: _Sentence, facts: int) -> Boss:
    """A boss that says one sentence, whatever it is asked."""
    handles: list[JsonValue] = [f"f{number}" for number in range(1, facts + 1)] if one.cites else []
    said: JsonValue = {"sentences": [{"text": one.text, "findings": handles}]}
    model: ChatModel = ScriptedChat("scripted:one", Script([ScriptLine(answer=said, times=0)]))
    return Boss(model)


def _sent(boss: Boss, context: ProjectContext, findings: Sequence[Finding]) -> str:
    """What of a boss's answer the product sends."""

    def flags(text: str) -> tuple[Flag, ...]:
        today = datetime.now(UTC).date()
        plan = Plan(request=context.request)
        return flags_of(text, context, plan, (), findings, (), (), (), today)

    return prose(
        boss, context, tasks=(), findings=findings, advice=(), conflicts=(),
        names=file_names(context), flags=flags,
    )  # fmt: skip


def grounded(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """How many labelled sentences are sent or held back rightly."""
    return judged(reference_outputs, outputs, "grounded")


def traceable(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether every number of the answer has a finding, and what must be told is told."""
    line, said = _Line.model_validate(inputs), str(outputs.get("answer", ""))
    known = [*line.findings, *(Fact(aspect="", value=one.value) for one in line.settings)]
    invented = untraceable(_MEANING.sub("", said), known)
    wanted = [one for one in line.findings if one.aspect in _names(reference_outputs["tells"])]
    untold = [
        one.aspect
        for one in wanted
        if isinstance(one.value, int | float | str)
        and value_text(one.value, one.unit, one.aspect).casefold() not in said.casefold()
    ]
    own = str(outputs.get("own", ""))
    lines = max(len([one for one in said.splitlines() if one.strip()]), 1)
    return marks(
        Mark("traceable", lines - min(len(invented), lines), lines,
             f"{', '.join(invented)} in: {said}" if invented else ""),
        Mark("told", len(wanted) - len(untold), len(wanted),
             f"does not tell {', '.join(untold)}: {said}" if untold else ""),
        Mark("in_own_words", bool(own), bool(outputs.get("asked"))),
    )  # fmt: skip


def _names(told: JsonValue) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else []


GROUNDING = EvalSet(
    name="grounding",
    about="Answers: every claim has a finding, what has none is not sent, what was asked is told",
    headline="judged",
    read=_read,
    opened=_opened,
    evaluators=(grounded, traceable),
    roles=("supervisor",),
)
