"""The boss answers in prose: each sentence cites its facts, and all of it is checked before.

Sentences without facts, or with numbers that their facts don't hold, are left out. When what is
left contradicts the project, the answer of the instruments stands alone, and says so.
"""

from collections.abc import Callable, Mapping, Sequence

from agents.answering.results import FIRST
from agents.boss.boss import Boss, told
from agents.boss.facts import Facts
from agents.boss.forms import AnswerForm, PointForm
from memory.context import Conflict, Finding, Flag, ProjectContext, Recommendation, Task


def prose(
    boss: Boss,
    context: ProjectContext,
    *,
    tasks: Sequence[Task],
    findings: Sequence[Finding],
    advice: Sequence[Recommendation],
    conflicts: Sequence[Conflict],
    names: Mapping[str, str],
    flags: Callable[[str], Sequence[Flag]],
) -> str:
    """The request's answer in a few sentences; empty where none of them can be sent.

    Args:
        boss: who is asked.
        context: what the project knew before the turn.
        tasks: the tasks as they ended.
        findings: what the answer rests on.
        advice: what follows from it.
        conflicts: what could not all be true.
        names: file names by asset id.
        flags: what in a text contradicts the findings and the project.
    """
    facts = Facts.of(sorted(findings, key=_weight), names, tasks, advice)
    if not facts.lines:
        return ""
    messages = told(
        "answer",
        AnswerForm,
        request=context.request,
        facts=facts.text(),
        settings=[f"{one.field}: {one.value}" for one in context.settings],
        open_conflicts=[one.why for one in conflicts if one.status == "open"],
    )
    form = boss.ask("answer", AnswerForm, messages, think=False)
    if form is None:
        return ""
    text = " ".join(" ".join(one.text.split()) for one in form.sentences if not _fault(one, facts))
    faults = [fault for one in form.sentences if (fault := _fault(one, facts))]
    before = {flag.text for flag in flags("")}
    against = [flag.text for flag in flags(text) if flag.text not in before]
    if faults or against:
        boss.refuse("; ".join((*faults, *against)))
    if against or not text:
        boss.fail("its answer was not sent: " + "; ".join(against or faults or ["it was empty"]))
        return ""
    return text


def _fault(sentence: PointForm, facts: Facts) -> str:
    """Why a sentence can't be sent; empty when it can."""
    names = facts.cited(sentence.findings)
    if not sentence.text.strip():
        return "a sentence is empty"
    if not names:
        return f"{sentence.text.strip()!r} cites no fact"
    if numbers := facts.unsupported(sentence.text, names):
        return f"{sentence.text.strip()!r}: {', '.join(numbers)} is not in what it cites"
    return ""


def _weight(finding: Finding) -> tuple[bool, int]:
    """What is known and matters most comes first."""
    order = FIRST.index(finding.aspect) if finding.aspect in FIRST else len(FIRST)
    return finding.value is None, order
