"""Drafts of tasks: what each specialist shall do, with which instruments, to which end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from agents.planning.chain import Chain
from agents.planning.criteria import EXISTS, kept_crest, of_operations, of_quantities
from agents.planning.languages import Understood
from agents.planning.measures import aspects_of
from agents.planning.punch import keeps_punch
from agents.planning.quantities import Quantity
from agents.planning.segments import Segment
from audio.assets import AssetRef
from memory.context import AgentName, Criterion, Op, Operation, Order, ProjectContext

_TIMED = ("fade", "trim", "click", "silence", "number")
"""Steps whose seconds are their own parameters."""
_OTHER_SIDE: dict[str, Op] = {">=": "<=", "<=": ">="}
_FILTERS = ("highpass", "lowpass", "bandpass", "low_shelf", "high_shelf", "peak_eq")
"""Recipes whose frequencies are no sample rates, though "8k" could be one."""
_SAID = 300
"""Characters of a request that a task repeats where no recipe names what it is."""
_VERSIONS = frozenset({"versions", "versionen", "fassungen", "versiones"})


@dataclass
class Draft:
    """A task before its id is known."""

    agent: AgentName
    objective: str
    reason: str
    inputs: tuple[AssetRef, ...]
    operations: tuple[Operation, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    needs: tuple[int, ...] = ()
    """Places, in the list of drafts, of the tasks that come before it."""
    order: Order | None = None
    """The workflow that it is."""


def drafts_of(
    context: ProjectContext, understood: Understood, chain: Chain,
    audio: tuple[AssetRef, ...], image: tuple[AssetRef, ...],
) -> list[Draft]:  # fmt: skip
    """The tasks of a plan, in an order in which each comes after what it needs.

    Args:
        context: what the project knows.
        understood: what was read from the request.
        chain: the recipe calls that it asks for.
        audio: the sound files that it is about.
        image: the pictures that it is about.
    """
    reading, drafts = understood.reading, list[Draft]()
    if reading.measures:
        drafts.append(_listening(understood, audio))
    if reading.reads_image:
        drafts.append(_looking(image))
    if reading.pictures or reading.regions:
        drafts.append(drawing(understood, audio))
    if reading.builds:
        depends = reading.mends or reading.conditional or bool(chain.unknown)
        needs: tuple[int, ...] = (0,) if reading.measures and depends else ()
        needs += tuple(i for i, one in enumerate(drafts) if reads_picture(one))
        built = _building(context, understood, chain, audio, needs)
        drafts.extend(_versions(built, understood))
    results = tuple(i for i, one in enumerate(drafts) if one.agent == "coder")
    if results and reading.result_pictures:
        drafts.append(drawing(understood, audio, results))
    if results and reading.result_measures:
        drafts.append(_measuring_result(understood, audio, results))
    return drafts


def reads_picture(draft: Draft) -> bool:
    """Whether the task is to read a picture of the user's."""
    return any(one.name == "inspect_picture" for one in draft.operations)


def makes_sound(operations: Sequence[Operation]) -> bool:
    """Whether the recipes make their sound themselves."""
    return bool(operations) and all(
        one.name == "click_track" and "bpm" in one.parameters for one in operations
    )


def _listening(understood: Understood, audio: tuple[AssetRef, ...]) -> Draft:
    reading = understood.reading
    names = () if reading.mends or reading.complaints else aspects_of(reading.aspects)
    heard = [name.replace("_", " ") for name in dict.fromkeys(reading.aspects)]
    what = listed(heard) if names else "the full profile"
    reason = "the request asks for it" if names else "a full profile shows what is there"
    if reading.complaints:
        reason = f"to find what makes it {listed(list(dict.fromkeys(reading.complaints)))}"
    elif reading.mends:
        reason = "what is to be put right must be found first"
    criteria = checked(understood)
    names = names and tuple(dict.fromkeys((*names, *(one.aspect for one in criteria))))
    return Draft(
        "gama",
        f"Measure {what} of {_files(audio)}",
        reason,
        audio,
        (Operation(name="measure", parameters={"aspects": list(names)}),),
        criteria,
    )


def checked(understood: Understood) -> tuple[Criterion, ...]:
    """What the file is held against; two values for one aspect only ask which it is."""
    checks = understood.reading.checks
    numbers = [
        one
        for one in understood.quantities
        if any(part.covers(one.start, one.end) for part in checks)
    ]
    stated = list(of_quantities(numbers, understood.text.words))
    equal = [one.aspect for one in stated if one.op == "=="]
    return tuple(one for one in stated if one.op != "==" or equal.count(one.aspect) == 1)


def _measuring_result(
    understood: Understood, audio: tuple[AssetRef, ...], needs: tuple[int, ...]
) -> Draft:
    names = list(dict.fromkeys(understood.reading.result_aspects))
    what = listed([name.replace("_", " ") for name in names]) or "the full profile"
    aspects: list[JsonValue] = [*aspects_of(names)]
    call = Operation(name="measure", parameters={"aspects": aspects})
    reason = "the request wants the result measured"
    return Draft("gama", f"Measure {what} of the result", reason, audio, (call,), (), needs)


def _looking(image: tuple[AssetRef, ...]) -> Draft:
    return Draft(
        "qwen_vl",
        f"Read what {_files(image, 'the picture')} shows",
        "the request speaks of a picture",
        image,
        (Operation(name="inspect_picture"),),
    )


def drawing(
    understood: Understood, audio: tuple[AssetRef, ...], needs: tuple[int, ...] = ()
) -> Draft:
    """The pictures that a request wants: of the files, or of what other tasks make.

    Args:
        understood: what was read from the request.
        audio: the files.
        needs: places of the tasks whose results are drawn; none: the files are.
    """
    reading = understood.reading
    wanted = (reading.result_pictures or reading.pictures) if needs else reading.pictures
    names = list(dict.fromkeys(wanted))
    scale: dict[str, JsonValue] = {"scale": _scale(understood)}
    calls = [
        Operation(name=name, parameters=scale if name == "spectrogram" else {}) for name in names
    ]
    if reading.regions and not needs:
        calls.append(Operation(name="read_regions"))
        names.append("places of faults")
    which = "the result" if needs else _files(audio)
    what = listed([name.replace("_", " ") for name in names])
    return Draft(
        "qwen_vl",
        f"Draw {what} of {which}",
        "the request wants to see it",
        audio,
        tuple(calls),
        (),
        needs,
    )


def _scale(understood: Understood) -> str:
    words = {token.text for token in understood.text.tokens}
    return "log" if words & {"log", "logarithmic", "logarithmisch"} else "mel"


def _building(
    context: ProjectContext, understood: Understood, chain: Chain,
    audio: tuple[AssetRef, ...], needs: tuple[int, ...],
) -> Draft:  # fmt: skip
    alone = understood.reading.code and not chain.operations and not context.attached
    from_nothing = chain.generates or makes_sound(chain.operations)
    inputs = () if alone or from_nothing else audio
    steps = listed([one.name.replace("_", " ") for one in chain.operations])
    listens = any(need < len(needs) for need in needs) and understood.reading.measures
    operations = tuple(chain.operations)
    if listens and understood.reading.mends and not (steps or chain.unknown):
        operations = (Operation(name="mend"),)
        objective = f"Put right what is wrong with {_files(inputs)}"
    elif not steps:
        with_what = f" with {_files(inputs)}" if inputs else ""
        said = " ".join(understood.text.raw.split())[:_SAID]
        objective = f"Build what the request asks for{with_what}: {said}"
    else:
        objective = f"Apply {steps} to {_files(inputs)}" if inputs else f"Make a {steps}"
    return Draft(
        "coder",
        objective,
        "; ".join(dict.fromkeys(chain.reasons)) or "the request asks for it",
        inputs,
        (*_conditions(understood), *operations) if listens else operations,
        _criteria(context, understood, chain, inputs),
        needs,
    )


def _conditions(understood: Understood) -> list[Operation]:
    """What must be measured before the work goes on; only where there is just one step."""
    reading = understood.reading
    if len(reading.steps) != 1:
        return []
    return [
        Operation(name="when", parameters=one.model_dump(include={"aspect", "op", "value"}))
        for part in reading.conditions
        if not part.has("grammar", "negation")
        for one in _stated_conditions(understood, part)
    ]


def _stated_conditions(understood: Understood, part: Segment) -> list[Criterion]:
    numbers = [
        replace(one, unit="lufs")
        if one.unit == "bare" and one.signed and part.has("aspect", "loudness")
        else one
        for one in understood.quantities
        if part.covers(one.start, one.end)
    ]
    stated = list(of_quantities(numbers, understood.text.words))
    if numbers or part.has("vague", "whole"):
        return stated
    return [EXISTS[name] for name in part.names("aspect") if name in EXISTS]


def _criteria(
    context: ProjectContext, understood: Understood, chain: Chain, inputs: tuple[AssetRef, ...]
) -> tuple[Criterion, ...]:
    """What the recipes must bring about, and what the request states besides."""
    ids = {asset.id for asset in inputs}
    findings = [one for one in context.findings if one.subject.id in ids]
    stated = list(of_quantities(_wishes(understood), understood.text.words))
    own = {one.within for one in understood.quantities}
    tighter = {one.aspect: one.tolerance for one in stated if one.tolerance in own - {None}}
    criteria = [
        one.model_copy(update={"tolerance": tighter[one.aspect]})
        if one.op == "==" and one.aspect in tighter
        else one
        for one in of_operations(chain.operations, inputs, findings)
    ]
    if chain.has(*_FILTERS) and not chain.has("resample"):
        stated = [one for one in stated if one.aspect != "sample_rate.hz"]
    if chain.operations and inputs and keeps_punch(understood):
        criteria.append(kept_crest(inputs, findings))
    held = {one.aspect for one in criteria} | ({"meter"} if chain.has("click_track") else set())
    criteria += [one for one in stated if one.aspect not in held]
    newest = {(one.aspect, one.op): one for one in reversed(criteria)}
    return tuple(reversed(newest.values()))


def _versions(draft: Draft, understood: Understood) -> list[Draft]:
    """One task per loudness where the request wants several versions."""
    words = {token.text for token in understood.text.tokens}
    last = next((one for one in draft.operations if "target_lufs" in one.parameters), None)
    levels = [
        -abs(one.value)
        for one in understood.quantities
        if one.unit == "lufs" or (one.unit == "bare" and one.signed and -40 <= one.value <= -5)
    ]
    if last is None or len(set(levels)) < 2 or not words & _VERSIONS:
        return [draft]
    return [_at_level(draft, last, level) for level in dict.fromkeys(levels)]


def _at_level(draft: Draft, changed: Operation, level: float) -> Draft:
    call = Operation(name=changed.name, parameters={**changed.parameters, "target_lufs": level})
    return replace(
        draft,
        objective=f"{draft.objective} at {level:g} LUFS",
        operations=tuple(call if one is changed else one for one in draft.operations),
        criteria=tuple(
            one.model_copy(update={"value": level})
            if one.aspect == "loudness.integrated_lufs"
            else one
            for one in draft.criteria
        ),
    )


def _wishes(understood: Understood) -> list[Quantity]:
    """Numbers that a result must meet: no claims or conditions, no times of a cut or a fade."""
    claims = [*understood.reading.claims, *understood.reading.conditions]
    cuts = [step.segment for step in understood.reading.steps if step.name.startswith(_TIMED)]
    refused = [one for one in understood.reading.refused if not _holds(one)]
    return [
        replace(one, op=_OTHER_SIDE.get(one.op or "", one.op))
        if any(part.covers(one.start, one.end) for part in refused)
        else one
        for one in understood.quantities
        if not any(part.covers(one.start, one.end) for part in claims)
        and not (one.unit == "seconds" and any(cut.covers(one.start, one.end) for cut in cuts))
    ]


def _holds(part: Segment) -> bool:
    """Whether a limit in it is one to keep to as it is said: "but keep the peaks under -1 dBTP"."""
    return part.has("grammar", "keep", "preserve") and not part.has("grammar", "negation")


def _files(assets: tuple[AssetRef, ...], otherwise: str = "the sound") -> str:
    return listed([asset.name for asset in assets]) or otherwise


def listed(names: list[str]) -> str:
    """Join names as in ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
