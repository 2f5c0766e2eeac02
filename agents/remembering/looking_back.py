"""What was believed at an earlier moment, and what of it has changed since."""

from collections.abc import Iterator

from agents.remembering.recollection import SETTINGS, UNNAMED, recalled
from agents.wording import aspect_text, listed, value_text
from audio.agreement import agree
from audio.aspects import ASPECTS
from grym_synth.errors import BadInput, UnknownName
from memory.context import Plan, ProjectContext
from memory.recall.beliefs import Beliefs, Wanted
from memory.repository import Repository

NEWEST = 200
"""Beliefs of each kind that are looked through, the newest before the moment."""


def as_believed(repository: Repository, context: ProjectContext, plan: Plan) -> ProjectContext:
    """The context as it stood at the moment that the plan looks back to; itself without one.

    Files that the request names stay in focus; without any, all that was known then counts.

    Raises:
        UnknownName: there is no such turn.
        BadInput: it is no time.
    """
    back = plan.looks_back
    if back is None:
        return context
    turn = (back.thread, back.turn) if back.turn else None
    said = context.request.casefold()
    named = tuple(one.id for one in context.assets if one.name.casefold() in said)
    asked = tuple(one for one in plan.recalls if one in ASPECTS)

    def believed(aspects: tuple[str, ...]) -> Beliefs:
        wanted = Wanted(aspects=aspects, assets=named, newest=NEWEST)
        return repository.as_of(context.project, turn=turn, at=back.at, wanted=wanted)

    beliefs = believed(())
    return context.model_copy(
        update={
            "settings": beliefs.settings,
            "findings": (believed(asked) if asked else beliefs).findings,
            "conflicts": beliefs.conflicts,
            "notes": tuple(one for one in beliefs.notes if one.kind == "recommendation"),
        }
    )


def excuse(fault: UnknownName | BadInput) -> str:
    """Why an earlier moment can't be told, for the answer."""
    return f"{fault.tried[0].upper()}{fault.tried[1:]}: {fault.happened}. {fault.do}."


def changes(now: ProjectContext, then: ProjectContext, plan: Plan, names: dict[str, str]) -> str:
    """What of the things asked about is believed otherwise now."""
    lines = [*_findings(now, then, plan, names), *_settings(now, then, plan)]
    return "Since then:\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _findings(
    now: ProjectContext, then: ProjectContext, plan: Plan, names: dict[str, str]
) -> Iterator[str]:
    today = {(one.subject, one.aspect): one for one in recalled(now, plan)}
    for before in recalled(then, plan):
        one = today.get((before.subject, before.aspect))
        if one is None or agree(one.aspect, before.value, one.value):
            continue
        name = names.get(one.subject.id, UNNAMED)
        value = value_text(one.value, one.unit, one.aspect)
        yield f"{name}: {aspect_text(one.aspect)} is now {value} ({one.evidence})"


def _settings(now: ProjectContext, then: ProjectContext, plan: Plan) -> Iterator[str]:
    for field in SETTINGS:
        if field not in plan.recalls:
            continue
        before = [one.value for one in then.settings if one.field == field]
        after = [one.value for one in now.settings if one.field == field]
        if set(before) != set(after):
            yield f"{field}: now {listed(after)}" if after else f"{field}: given up"
