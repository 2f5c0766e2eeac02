"""From what was understood to the typed plan: tasks with their needs, questions, recalls."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.planning.chain import Chain
from agents.planning.claims import claims_of
from agents.planning.criteria import of_operations, of_quantities
from agents.planning.languages import Understood
from agents.planning.measures import MEANT, aspects_of
from agents.planning.operations import build_chain
from agents.planning.quantities import Quantity
from agents.planning.settings import settings_of
from agents.planning.subjects import files_of
from audio.assets import AssetRef
from memory.context import (
    AgentName,
    Ask,
    Criterion,
    Operation,
    Plan,
    ProjectContext,
    Task,
    content_id,
)  # fmt: skip

_TIMED = ("fade", "trim", "click", "silence", "number")
"""Steps whose seconds are their own parameters."""


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


def assemble(context: ProjectContext, understood: Understood, limit: int) -> Plan:
    """Make the plan of a turn.

    Args:
        context: the request, its attachments and what the project knows.
        understood: what was read from the request.
        limit: most tasks.
    """
    reading = understood.reading
    audio = files_of(context, understood.text, "audio")
    image = files_of(context, understood.text, "image")
    _complete(understood, context)
    seconds = audio[0].seconds if len(audio) == 1 else None
    chain = build_chain(reading, understood.quantities, seconds, _last_build(context))
    recalls = _recalled(context, understood, audio)
    if recalls:
        reading.measures = False
    drafts = _drafts(context, understood, chain, audio, image)
    asks = () if recalls and not drafts else _asks(understood, chain, drafts, context)
    return Plan(
        tasks=_tasks(context, drafts[:limit]),
        asks=asks,
        recalls=recalls,
        settings=settings_of(understood),
        claims=claims_of(understood),
        notes=tuple(_notes(understood, chain, drafts, limit)),
    )


def _last_build(context: ProjectContext) -> Task | None:
    built = [task for turn in context.history for task in turn.tasks if task.agent == "coder"]
    return next((task for task in reversed(built) if task.operations), None)


def _complete(understood: Understood, context: ProjectContext) -> None:
    """Draw the conclusions that need the whole request and its attachments."""
    reading = understood.reading
    kinds = [asset.kind for asset in context.assets if asset.id in context.attached]
    audio, image = kinds.count("audio"), kinds.count("image")
    works = reading.builds or reading.pictures or reading.regions or reading.measures
    if reading.complaints and not works and not reading.reads_image:
        reading.measures = True
    if reading.mends and not reading.steps:
        reading.measures = True
    if image and not audio and reading.measures and not reading.mends:
        reading.measures, reading.reads_image = False, True
    quiet = reading.talk or reading.remembered or reading.recalls
    works = works or reading.measures or reading.reads_image
    if not works and not quiet:
        reading.measures, reading.reads_image = audio > 0, image > 0


def _recalled(
    context: ProjectContext, understood: Understood, audio: tuple[AssetRef, ...]
) -> tuple[str, ...]:
    """What memory answers: what was asked of it, and values that are known already."""
    reading = understood.reading
    if reading.recalls and audio and not reading.told and _unknown(context, reading.recalls, audio):
        reading.measures = True
        reading.aspects.extend(reading.recalls)
        return ()
    topics = [*reading.recalls, *(["history"] if reading.changed else [])]
    recalls = tuple(dict.fromkeys(one for name in topics for one in MEANT.get(name, (name,))))
    names = aspects_of(reading.aspects)
    if recalls or not reading.questions or context.attached or not (reading.measures and names):
        return recalls
    if reading.builds or reading.complaints or len(audio) != 1:
        return recalls
    known = {
        finding.aspect
        for finding in context.findings
        if finding.subject.id == audio[0].id and finding.evidence == "measured"
    }
    return names if known.issuperset(names) else recalls


def _unknown(context: ProjectContext, names: Sequence[str], audio: tuple[AssetRef, ...]) -> bool:
    """Whether memory lacks a value that a question about the past asks for."""
    ids = {asset.id for asset in audio}
    known = {finding.aspect for finding in context.findings if finding.subject.id in ids}
    return all(name in MEANT for name in names) and not known.issuperset(aspects_of(names))


def _drafts(
    context: ProjectContext, understood: Understood, chain: Chain,
    audio: tuple[AssetRef, ...], image: tuple[AssetRef, ...],
) -> list[Draft]:  # fmt: skip
    reading, drafts = understood.reading, list[Draft]()
    if reading.measures:
        drafts.append(_listening(understood, audio))
    if reading.reads_image:
        drafts.append(_looking(image))
    if reading.pictures or reading.regions:
        drafts.append(_drawing(understood, audio))
    if reading.builds:
        depends = reading.mends or reading.conditional or bool(chain.unknown)
        needs: tuple[int, ...] = (0,) if reading.measures and depends else ()
        needs += tuple(i for i, one in enumerate(drafts) if one.objective.startswith("Read "))
        drafts.append(_building(context, understood, chain, audio, needs))
        if reading.again and reading.pictures:
            drafts.append(_drawing(understood, audio, (len(drafts) - 1,)))
    return drafts


def _listening(understood: Understood, audio: tuple[AssetRef, ...]) -> Draft:
    reading = understood.reading
    names = () if reading.mends or reading.complaints else aspects_of(reading.aspects)
    what = _listed(list(dict.fromkeys(reading.aspects))) if names else "the full profile"
    reason = "the request asks for it" if names else "a full profile shows what is there"
    if reading.complaints:
        reason = f"to find what makes it {_listed(list(dict.fromkeys(reading.complaints)))}"
    elif reading.mends:
        reason = "what is to be put right must be found first"
    return Draft(
        "gama",
        f"Measure {what} of {_files(audio)}",
        reason,
        audio,
        (Operation(name="measure", parameters={"aspects": list(names)}),),
    )


def _looking(image: tuple[AssetRef, ...]) -> Draft:
    return Draft(
        "qwen_vl",
        f"Read what {_files(image, 'the picture')} shows",
        "the request speaks of a picture",
        image,
        (Operation(name="inspect_picture"),),
    )


def _drawing(
    understood: Understood, audio: tuple[AssetRef, ...], needs: tuple[int, ...] = ()
) -> Draft:
    reading = understood.reading
    names = list(dict.fromkeys(reading.pictures))
    scale: dict[str, JsonValue] = {"scale": _scale(understood)}
    calls = [
        Operation(name=name, parameters=scale if name == "spectrogram" else {}) for name in names
    ]
    if reading.regions:
        calls.append(Operation(name="read_regions"))
        names.append("places of faults")
    which = "the result" if needs else _files(audio)
    what = _listed([name.replace("_", " ") for name in names])
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
    alone = understood.reading.code and not chain.operations
    makes = _makes(chain.operations)
    inputs = () if makes or (alone and not context.attached) else audio
    ids = {asset.id for asset in inputs}
    findings = [one for one in context.findings if one.subject.id in ids]
    stated = of_quantities(_wishes(understood), understood.text.words)
    criteria = list(of_operations(chain.operations, inputs, findings))
    held = {one.aspect for one in criteria}
    held |= {"meter"} if chain.has("click_track") else set()
    criteria += [one for one in stated if one.aspect not in held]
    steps = _listed([one.name.replace("_", " ") for one in chain.operations])
    objective = f"Apply {steps} to {_files(inputs)}" if inputs else f"Make a {steps}"
    if not steps:
        with_what = f" with {_files(inputs)}" if inputs else ""
        objective = f"Build what the request asks for{with_what}"
    reason = "; ".join(dict.fromkeys(chain.reasons)) or "the request asks for it"
    return Draft(
        "coder", objective, reason, inputs, tuple(chain.operations), tuple(_unique(criteria)), needs
    )


def _wishes(understood: Understood) -> list[Quantity]:
    """Numbers that a result must meet: no claims, and no places or lengths of a cut or a fade."""
    claims = understood.reading.claims
    cuts = [step.segment for step in understood.reading.steps if step.name.startswith(_TIMED)]
    return [
        one
        for one in understood.quantities
        if not any(part.covers(one.start, one.end) for part in claims)
        and not (one.unit == "seconds" and any(cut.covers(one.start, one.end) for cut in cuts))
    ]


def _unique(criteria: list[Criterion]) -> list[Criterion]:
    return list({(one.aspect, one.op): one for one in reversed(criteria)}.values())[::-1]


def _asks(
    understood: Understood, chain: Chain, drafts: list[Draft], context: ProjectContext
) -> tuple[Ask, ...]:
    reading, asks = understood.reading, list[Ask]()
    silent = [one for one in drafts if _needs_audio(one, understood) and not one.inputs]
    blind = [one for one in drafts if _reads(one) and not one.inputs]
    if silent and not reading.earlier:
        what = silent[0].objective[0].lower() + silent[0].objective[1:]
        asks.append(Ask(question=f"Which audio file shall I use to {what}?", missing="audio"))
    if blind and not reading.earlier:
        asks.append(Ask(question="Which picture do you mean? Please attach it.", missing="image"))
    if chain.ask:
        asks.append(Ask(question=chain.ask, missing="target"))
    return tuple(asks)


def _needs_audio(draft: Draft, understood: Understood) -> bool:
    if draft.agent == "coder":
        return not _makes(draft.operations) and not (
            understood.reading.code and not draft.operations
        )
    return not _reads(draft)


def _makes(operations: Sequence[Operation]) -> bool:
    """Whether the recipes make their sound themselves."""
    return bool(operations) and all(
        one.name == "click_track" and "bpm" in one.parameters for one in operations
    )


def _reads(draft: Draft) -> bool:
    return any(one.name == "inspect_picture" for one in draft.operations)


def _tasks(context: ProjectContext, drafts: list[Draft]) -> tuple[Task, ...]:
    ids = [
        content_id(
            "t", context.project, context.thread, context.turn, index, one.agent, one.objective
        )
        for index, one in enumerate(drafts)
    ]
    return tuple(
        Task(
            id=ids[index],
            agent=one.agent,
            objective=one.objective,
            inputs=tuple(asset.id for asset in one.inputs),
            needs=tuple(ids[need] for need in one.needs if need < len(ids)),
            priority=1 + _depth(drafts, index),
            reason=one.reason,
            criteria=one.criteria,
            operations=one.operations,
        )
        for index, one in enumerate(drafts)
    )


def _depth(drafts: list[Draft], index: int) -> int:
    """How many tasks must end, one after another, before this one."""
    return max((1 + _depth(drafts, need) for need in drafts[index].needs), default=0)


def _notes(understood: Understood, chain: Chain, drafts: list[Draft], limit: int) -> list[str]:
    reading, notes = understood.reading, list[str]()
    if chain.unknown:
        words = _listed([name.replace("_", " ") for name in dict.fromkeys(chain.unknown)])
        notes.append(f"No recipe does this yet: {words}.")
    if reading.earlier and any(not one.inputs for one in drafts):
        notes.append("You speak of an earlier file; this project's memory holds none. Attach it.")
    if len(drafts) > limit:
        notes.append(f"Only the first {limit} of {len(drafts)} tasks are planned in one turn.")
    if understood.text.cut:
        notes.append("The request is very long; only its first part was read.")
    return notes


def _files(assets: tuple[AssetRef, ...], otherwise: str = "the sound") -> str:
    return _listed([asset.name for asset in assets]) or otherwise


def _listed(names: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
