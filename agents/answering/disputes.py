"""Contradictions that no rule settles: the question that would do so, and what the user decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.planning.criteria import targets
from agents.wording import aspect_text, value_text
from audio.agreement import agree, relation
from memory.context import Conflict, Finding, ProjectContext, ProjectSetting
from memory.distilling.conflicts import RANK, Ruling

_SIDES = 3
"""Most sides that a question names."""


@dataclass(frozen=True)
class Wishes:
    """What the user said in this turn: it settles what measurements leave open, and no more."""

    claims: Sequence[Finding]
    """What the user says of files."""
    settings: Sequence[ProjectSetting]
    """What the user wants of the project."""

    def decide(self, conflict: Conflict, sides: Sequence[Finding]) -> Ruling | None:
        """The one of the strongest sides that the user's words agree with."""
        equals = strongest(sides)
        files = {side.subject.id for side in sides}
        said = [
            one.value
            for one in self.claims
            if one.aspect == conflict.aspect and one.subject.id in files
        ]
        said += [
            one.value
            for setting in self.settings
            for one in targets(setting.value)
            if one.aspect == conflict.aspect and one.op == "=="
        ]
        for value in said:
            kept = [side for side in equals if agree(side.aspect, side.value, value)]
            if len(kept) == 1:
                told = value_text(value, kept[0].unit, conflict.aspect)
                return Ruling(kept[0].id, f"The user says {told}")
        return None


def strongest(sides: Sequence[Finding]) -> list[Finding]:
    """The sides whose evidence nothing outranks."""
    best = max((RANK[side.evidence] for side in sides), default=0)
    return [side for side in sides if RANK[side.evidence] == best]


def question_of(conflict: Conflict, findings: Iterable[Finding], names: Mapping[str, str]) -> str:
    """The one question whose answer settles an open conflict; empty where there is none to ask.

    Args:
        conflict: a conflict.
        findings: the facts that it is about.
        names: file names by asset id.
    """
    sides = sides_of(conflict, findings)
    if conflict.status != "open" or len(sides) < 2:
        return ""
    told = [value_text(side.value, side.unit, side.aspect) for side in sides[:_SIDES]]
    if len(set(told)) < len(told):
        return ""
    name = names.get(sides[0].subject.id, sides[0].subject.id)
    what = aspect_text(conflict.aspect)
    what = what if what[:2].isupper() else what[0].lower() + what[1:]
    return f"Which {what} holds for {name}: {', '.join(told[:-1])} or {told[-1]}?"


def sides_of(conflict: Conflict, findings: Iterable[Finding]) -> list[Finding]:
    """The strongest sides of a conflict, in its own order."""
    known = {finding.id: finding for finding in findings}
    return strongest([known[name] for name in conflict.findings if name in known])


def disputes(
    conflicts: Sequence[Conflict], findings: Iterable[Finding], names: Mapping[str, str]
) -> str:
    """The conflicts in words, and the question that would settle the first that is open."""
    known = {finding.id: finding for finding in findings}
    lines = [f"- {_dispute(conflict, known, names)}" for conflict in conflicts]
    questions = filter(None, (question_of(one, known.values(), names) for one in conflicts))
    question = next(questions, "")
    return "\n".join(filter(None, ("Contradictions:", *lines, question))) if lines else ""


def _dispute(conflict: Conflict, known: Mapping[str, Finding], names: Mapping[str, str]) -> str:
    """``Tempo of mix.wav: 128 BPM (measured) against 64 BPM (you): settled, …``."""
    sides = [known[id_] for id_ in conflict.findings if id_ in known]
    what = aspect_text(conflict.aspect)
    if not sides:
        return f"{what}: {conflict.status}."
    name = names.get(sides[0].subject.id, sides[0].subject.id)
    told = " against ".join(f"{_value(side)} ({_whose(side, sides)})" for side in sides)
    kept = known.get(conflict.kept or "")
    verdict = conflict.status if kept is None else f"settled, {_value(kept)} holds"
    reason = _reason(conflict)
    tie = relation(conflict.aspect, sides[0].value, sides[1].value) if sides[1:] else ""
    return f"{what} of {name}: {told}: {verdict}{reason}" + (f"; {tie}." if tie else ".")


def _value(side: Finding) -> str:
    return "none" if side.absent else value_text(side.value, side.unit, side.aspect)


def _whose(side: Finding, sides: Sequence[Finding]) -> str:
    """Whose word a side is; the instrument too, where several of one kind disagree."""
    if side.evidence == "user":
        return "user"
    kin = [one for one in sides if one.evidence == side.evidence]
    by = f" by {side.source.partition('@')[0].partition('/')[2]}" if len(kin) > 1 else ""
    return f"{side.evidence}{by}"


def _reason(conflict: Conflict) -> str:
    """Why one side holds, in a musician's words."""
    if conflict.status == "open":
        return ""
    by = conflict.rule.partition(":")[0]
    reasons = {
        "evidence": " because it is better proven",
        "confidence": " because it is surer",
        "recency": " because it is newer",
        "user": " as you decided",
        "boss": " as the supervisor decided",
    }
    return reasons.get(by, "")


def asked(context: ProjectContext, names: Mapping[str, str]) -> Conflict | None:
    """The open conflict about which this thread's last answer asked."""
    own = [turn for turn in context.history if turn.thread == context.thread]
    if not own:
        return None
    said = own[-1].answer
    for conflict in context.conflicts:
        question = question_of(conflict, context.findings, names)
        if question and question in said:
            return conflict
    return None
