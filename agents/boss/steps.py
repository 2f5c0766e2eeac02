"""The steps of a task: each an instrument of its agent, with parameters that it can work with."""

from collections.abc import Iterable

from pydantic import JsonValue, ValidationError

from agents.boss.aspects import aspects_named
from agents.boss.forms import StepForm
from agents.boss.verdict import Verdict
from agents.gama import LISTEN, MEASURE
from agents.judging.mending import UNSETTLED
from agents.recipes.binding import bind, chains_of
from agents.recipes.catalog import RECIPES, parameters_of
from agents.seeing.operations import CROP, LOOK, OPERATIONS, SCALES
from audio.aspects import PROFILE, is_number
from grym_synth.errors import BadInput
from memory.context import AgentName, Criterion, Operation

_LONGEST_QUESTION = 200
"""Characters of what a model that listens is asked."""

_TRIAL: dict[str, JsonValue] = {
    "tempo.bpm": 120.0,
    "key": "C major",
    "beats": [0.0, 0.5],
    "downbeats": [0.0],
}
"""Facts that a trial binds steps with; the real ones are measured when the task runs."""


def steps_of(
    agent: AgentName, forms: Iterable[StepForm], verdict: Verdict, where: str
) -> tuple[Operation, ...]:
    """What a task does, in order, with every name and parameter checked."""
    held = [one for form in forms for one in _step(agent, form, verdict, where)]
    steps = tuple(one for place, one in enumerate(held) if one not in held[:place])
    if agent == "coder":
        _try(tuple(one for one in steps if one.name not in UNSETTLED), verdict, where)
    return steps


def names_for(agent: AgentName) -> tuple[str, ...]:
    """The instruments of an agent."""
    match agent:
        case "gama":
            return (MEASURE, LISTEN)
        case "qwen_vl":
            return OPERATIONS
        case "coder":
            return (*RECIPES, *UNSETTLED)


def _step(agent: AgentName, form: StepForm, verdict: Verdict, where: str) -> list[Operation]:
    name = form.name.strip().casefold().replace(" ", "_").replace("-", "_")
    if name not in names_for(agent):
        verdict.fault(where, f"{agent} has no instrument {form.name!r}", names_for(agent))
        return []
    given: dict[str, JsonValue] = {}
    for key, value in form.parameters.items():
        given[key] = [*value] if isinstance(value, list) else value
    match agent:
        case "gama":
            return (_listen if name == LISTEN else _measure)(given, verdict, where)
        case "qwen_vl":
            return _look(name, given, verdict, where)
        case "coder":
            return _build(name, given, verdict, where)


def _measure(given: dict[str, JsonValue], verdict: Verdict, where: str) -> list[Operation]:
    said = given.get("aspects") or []
    names = [str(one) for one in said] if isinstance(said, list) else [str(said)]
    aspects: list[JsonValue] = []
    for name in names:
        found = [one for one in aspects_named(name) if one in PROFILE]
        if not found:
            verdict.fault(where, f"no instrument measures {name!r} of a sound", PROFILE)
        aspects += [one for one in found if one not in aspects]
    parameters: dict[str, JsonValue] = {"aspects": aspects}
    return [
        Operation(
            name=MEASURE,
            parameters={**parameters, "again": True} if given.get("again") is True else parameters,
        )
    ]


def _listen(given: dict[str, JsonValue], verdict: Verdict, where: str) -> list[Operation]:
    question = given.get("question", "")
    if not isinstance(question, str) or set(given) - {"question"}:
        verdict.fault(where, f"{LISTEN} takes nothing but a question in words")
        return []
    asked: dict[str, JsonValue] = {"question": " ".join(question.split())[:_LONGEST_QUESTION]}
    return [Operation(name=LISTEN, parameters=asked if asked["question"] else {})]


def _look(name: str, given: dict[str, JsonValue], verdict: Verdict, where: str) -> list[Operation]:
    if name not in ("spectrogram", LOOK):
        if given:
            verdict.repair(where, f"{name} takes no parameters")
        return [Operation(name=name)]
    scale = given.pop("scale", "mel")
    if scale not in SCALES:
        verdict.fault(where, f"a spectrogram has no scale {scale!r}", SCALES)
        return []
    if not _is_part(given):
        verdict.fault(where, f"{name} takes rising numbers of seconds and hertz", CROP)
        return []
    return [Operation(name=name, parameters=given if name == LOOK else {"scale": scale, **given})]


def _is_part(given: dict[str, JsonValue]) -> bool:
    """Whether numbers name a stretch and a band of a sound."""
    numbers = {key: one for key, one in given.items() if is_number(one) and one >= 0}
    rising = all(
        numbers[first] < numbers[last]
        for first, last in (CROP[:2], CROP[2:])
        if first in numbers and last in numbers
    )
    return rising and len(numbers) == len(given) and set(given) <= set(CROP)


def _build(name: str, given: dict[str, JsonValue], verdict: Verdict, where: str) -> list[Operation]:
    try:
        if name == "when":
            allowed = {"aspect", "op", "value"}
            condition = Criterion.model_validate(given)
            if set(given) != allowed or condition.aspect not in PROFILE:
                verdict.fault(where, "when needs a measured aspect, op and value")
                return []
        elif name != "mend":
            held = parameters_of(Operation(name=name, parameters=given))
            given = held.model_dump(mode="json", exclude_none=True)
    except BadInput as fault:
        verdict.fault(where, f"{name}: {fault.happened}. {fault.do}")
        return []
    except ValidationError:
        verdict.fault(where, "when needs a measured aspect, op and value")
        return []
    return [Operation(name=name, parameters={} if name == "mend" else given)]


def _try(steps: tuple[Operation, ...], verdict: Verdict, where: str) -> None:
    """See whether a script can do the steps one after another."""
    try:
        for chain in chains_of(steps):
            bind(chain, _TRIAL)
    except BadInput as fault:
        verdict.fault(where, f"{fault.happened}. {fault.do}")
