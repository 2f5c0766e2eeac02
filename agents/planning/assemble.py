"""From what was understood to the typed plan: tasks with their needs, questions, recalls."""

from collections.abc import Sequence

from agents.judging.targets import services_in
from agents.library.asking import sought_in_library
from agents.planning.chain import NO_RECIPE, Chain
from agents.planning.claims import claims_of, intent_of, kept_of
from agents.planning.code_notes import asked_of_code, told_of_code
from agents.planning.drafts import Draft, drafts_of, listed, makes_sound, reads_picture
from agents.planning.ending import nothing_ended
from agents.planning.following import following_of
from agents.planning.forgetting import forgets_of
from agents.planning.holding import holding_of
from agents.planning.judgements import compared, judgement_of, take_in
from agents.planning.languages import Understood, read_request
from agents.planning.lookback import look_back_of, topics_of
from agents.planning.measures import MEANT, aspects_of
from agents.planning.memory_questions import PROJECTS, asks_for_projects, memory_topics
from agents.planning.mixing import mixed, shares_of
from agents.planning.operations import build_chain
from agents.planning.own_words import own_words_of
from agents.planning.places import places_of, section_times
from agents.planning.reading import Reading
from agents.planning.renaming import renaming_of
from agents.planning.replies import replies_of
from agents.planning.requirements import demands_of
from agents.planning.scoring import score_of
from agents.planning.settings import notes_of, replaced_by, settings_of, statement_of
from agents.planning.shown import reads_alone, shown_of
from agents.planning.subjects import files_of, parts_of
from agents.planning.taking_back import takes_back
from agents.planning.turns import place_in_line
from agents.planning.workflows import flows_of
from agents.planning.zooming import zoomed
from agents.reckoning.questions import reckoned
from audio.aspects import ASPECTS
from audio.assets import AssetRef
from memory.context import Ask, Note, Plan, ProjectContext, ProjectSetting, Task, content_id


def assemble(context: ProjectContext, understood: Understood, limit: int) -> Plan:
    """Make the plan of a turn.

    Args:
        context: the request, its attachments and what the project knows.
        understood: what was read from the request.
        limit: most tasks.
    """
    if replies := replies_of(context, understood):
        return Plan(claims=replies)
    if (sought := sought_in_library(context, understood)) is not None:
        return Plan(tasks=_tasks(context, [sought], understood))
    words, rest = own_words_of(understood)
    if words and rest:
        others = context.model_copy(update={"request": rest, "waiting": ""})
        plan = assemble(others, read_request(others), limit)
        return plan.model_copy(update={"terms": (*words, *plan.terms)})
    if words:
        return Plan(terms=words)
    if renamed := renaming_of(context, understood):
        return renamed
    if takes_back(understood):
        return Plan(undoes=True)
    if known := asked_of_code(context):
        return Plan(answers=(known,))
    if (code := told_of_code(context)).alone:
        return Plan(facts=code.notes)
    if answers := reckoned(context, understood):
        return Plan(answers=answers)
    if asks_for_projects(understood):
        return Plan(answers=(PROJECTS,))
    if topics := memory_topics(context, understood):
        return Plan(recalls=topics)
    if moment := look_back_of(context, understood):
        return Plan(recalls=topics_of(understood), looks_back=moment)
    if flows := flows_of(context, understood):
        return Plan(tasks=_tasks(context, flows, understood), asks=_files_for(flows[0]))
    reading, followed = understood.reading, following_of(context, understood)
    if followed is not None and not reading.steps:
        return Plan(
            tasks=_tasks(context, [*followed.drafts], understood),
            recalls=followed.recalls,
            notes=followed.notes,
        )
    audio = files_of(context, understood.text, "audio")
    if (judged := judgement_of(understood)) is not None:
        take_in(understood, judged)
        audio = compared(context, understood.text, audio) if judged.against else audio
    image = files_of(context, understood.text, "image")
    _complete(understood, context)
    seconds = audio[0].seconds if len(audio) == 1 else None
    aside = (*reading.conditions, *reading.claims)
    numbers = tuple(
        one
        for one in understood.quantities
        if not any(part.covers(one.start, one.end) for part in aside)
    )
    if any(step.name == "trim" for step in reading.steps):
        numbers = (*numbers, *section_times(context, understood.text.words))

    services = services_in(understood.text.words)

    def build(part: Reading) -> Chain:
        before, demands = _last_build(context), demands_of(context.settings)
        return build_chain(part, numbers, seconds, before, demands, services)

    chain = build(reading)
    parts = shares_of(understood, build) if context.writes_code and audio else []
    for draft in followed.drafts if followed is not None else ():
        chain.adopt(draft.operations)
    recalls = _recalled(context, understood, audio)
    if recalls:
        reading.measures = False
    drafts = mixed(drafts_of(context, understood, chain, audio, image), parts, chain)
    drafts = zoomed(drafts, understood, audio)
    if (score := score_of(context, understood)) is not None:
        drafts = [*(one for one in drafts if not reads_picture(one)), score]
    asks = () if recalls and not drafts else _asks(understood, chain, drafts, context)
    unwanted = forgets_of(context, understood)
    stated = (
        *settings_of(understood),
        *holding_of(context, understood),
        *_intent(context, understood, drafts),
    )
    plan = Plan(
        tasks=_tasks(context, drafts[:limit], understood),
        asks=(*(() if drafts else unwanted.asks), *asks),
        forgets=unwanted.forgets,
        recalls=recalls,
        settings=stated,
        replaced=replaced_by(stated, context.settings, understood),
        facts=(*code.notes, *_beside(code.notes, notes_of(understood))),
        claims=(*claims_of(understood), *shown_of(context, understood)),
        notes=(
            *unwanted.notes,
            *nothing_ended(context.settings, understood),
            *_whole(context, understood, drafts, recalls),
            *_notes(understood, chain, drafts, limit),
        ),
    )
    return plan if plan != Plan() else Plan(facts=statement_of(understood))


def _beside(told: Sequence[Note], notes: Sequence[Note]) -> tuple[Note, ...]:
    """The notes that say something else than those that were told already."""
    return tuple(one for one in notes if not any(one.text in other.text for other in told))


def _intent(
    context: ProjectContext, understood: Understood, drafts: Sequence[Draft]
) -> tuple[ProjectSetting, ...]:
    """What is said of the music before there is a file, and what shall stay: to be remembered."""
    if understood.text.files or drafts:
        return ()
    has_file = any(asset.kind == "audio" for asset in context.assets)
    return (*kept_of(understood), *(() if has_file else intent_of(understood)))


def _last_build(context: ProjectContext) -> Task | None:
    built = [task for turn in context.history for task in turn.tasks if task.agent == "coder"]
    return next((task for task in reversed(built) if task.operations), None)


def _complete(understood: Understood, context: ProjectContext) -> None:
    """Draw the conclusions that need the whole request and its attachments."""
    reading = understood.reading
    kinds = [asset.kind for asset in context.assets if asset.id in context.attached]
    audio, image = kinds.count("audio"), kinds.count("image")
    works = reading.builds or reading.pictures or reading.regions or reading.measures
    works = works or bool(reading.result_pictures or reading.result_measures)
    if reading.complaints and not (works or reading.reads_image or reading.talk):
        reading.measures = True
    if reading.mends and not reading.steps:
        reading.measures = True
    only_seen = image or (reading.reads_image and not (reading.aspects or reading.complaints))
    if only_seen and not audio and reading.measures and not reading.mends:
        reading.measures, reading.reads_image = False, True
    if image and reads_alone(context, understood):
        reading.reads_image = True
        reading.measures &= bool(reading.aspects or reading.complaints)
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
    if reading.changed:  # the melody file is a file, not a melody
        named = {part for asset in context.assets for part in parts_of(asset.name)}
        topics = [name for name in topics if name not in named]
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


def _asks(
    understood: Understood, chain: Chain, drafts: list[Draft], context: ProjectContext
) -> tuple[Ask, ...]:
    reading, asks = understood.reading, list[Ask]()
    silent = [one for one in drafts if _needs_audio(one, understood, chain) and not one.inputs]
    blind = [one for one in drafts if reads_picture(one) and not one.inputs]
    if silent and not reading.earlier:
        what = silent[0].objective[0].lower() + silent[0].objective[1:]
        asks.append(Ask(question=f"Which audio file shall I use to {what}?", missing="audio"))
    if blind and not reading.earlier:
        asks.append(Ask(question="Which picture do you mean? Please attach it.", missing="image"))
    if chain.ask:
        asks.append(Ask(question=chain.ask, missing="target"))
    return tuple(asks)


def _files_for(flow: Draft) -> tuple[Ask, ...]:
    """The question for the recording that a workflow works on, where there is none."""
    if flow.inputs or flow.order is None or flow.order.workflow in ("compose", "build"):
        return ()
    what = flow.order.workflow
    return (Ask(question=f"Which audio file shall I {what}? Please attach it.", missing="audio"),)


def _needs_audio(draft: Draft, understood: Understood, chain: Chain) -> bool:
    if draft.agent == "coder":
        is_program = understood.reading.code and not draft.operations
        from_picture = understood.reading.reads_image and chain.has("click_track")
        makes = chain.generates or makes_sound(draft.operations)
        return not (is_program or from_picture or makes)
    return not reads_picture(draft)


def _tasks(
    context: ProjectContext, drafts: list[Draft], understood: Understood
) -> tuple[Task, ...]:
    places = places_of(context, understood.text.words)
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
            places=places,
            needs=tuple(ids[need] for need in one.needs if need < len(ids)),
            priority=1 + _rank(drafts, index, understood.reading),
            reason=one.reason,
            criteria=one.criteria,
            operations=one.operations,
            order=one.order,
        )
        for index, one in enumerate(drafts)
    )


def _rank(drafts: list[Draft], index: int, reading: Reading) -> int:
    """How many tasks come, one after another, before this one: by need, or by the user's wish."""
    needed = (1 + _rank(drafts, need, reading) for need in drafts[index].needs)
    return max((place_in_line(reading, drafts[index].agent), *needed))


def _whole(
    context: ProjectContext, understood: Understood, drafts: list[Draft], recalls: Sequence[str]
) -> list[str]:
    """What to say where a section was named, but instruments take whole files."""
    calls = [(draft.agent, one.name) for draft in drafts for one in draft.operations]
    names = listed(
        [one.name for one in places_of(context, understood.text.words) if one.level == "section"]
    )
    changed = any(agent == "coder" for agent, _ in calls)
    told = bool(calls) or any(name in ASPECTS for name in recalls)
    if not (names and told) or ("coder", "trim") in calls:
        return []
    if changed:
        return [f"The whole file is changed, not {names} alone."]
    return [f"What is told is about the whole file, not about {names} alone."]


def _notes(understood: Understood, chain: Chain, drafts: list[Draft], limit: int) -> list[str]:
    reading, notes = understood.reading, list[str]()
    if chain.unknown:
        words = listed([name.replace("_", " ") for name in dict.fromkeys(chain.unknown)])
        notes.append(f"{NO_RECIPE} yet: {words}.")
    if reading.earlier and any(not one.inputs for one in drafts):
        notes.append("You speak of an earlier file; this project's memory holds none. Attach it.")
    if len(drafts) > limit:
        notes.append(f"Only the first {limit} of {len(drafts)} tasks are planned in one turn.")
    if understood.text.cut:
        notes.append("The request is very long; only its first part was read.")
    return notes
