"""The answer of a turn: results with their evidence, what was verified, and what was not done."""

from collections.abc import Collection, Iterator, Sequence

from agents.answering.disputes import disputes
from agents.answering.noted import claims_told, noted
from agents.answering.plain_words import in_their_words
from agents.answering.results import asked_of, measured
from agents.answering.small_talk import small_talk
from agents.answering.unused import unused
from agents.answering.verdicts import spoken, told_aspects, verdicts
from agents.coding.places import unsaved
from agents.hearing.differences import DIFFERS
from agents.judging.mending import FOUND, changed_nothing
from agents.planning.chain import NO_RECIPE
from agents.planning.judgements import Judgement, judgement_of
from agents.planning.languages import language_of, read_request
from agents.planning.measures import aspects_of
from agents.planning.text import read_text
from agents.remembering.looking_back import changes
from agents.remembering.recollection import recalled, recollect
from agents.wording import (
    criterion_text,
    listed,
    operation_text,
)
from audio.aspects import SHOWS
from memory.context import (
    Artifact,
    Conflict,
    Degraded,
    Finding,
    Plan,
    ProjectContext,
    Recommendation,
    Task,
)  # fmt: skip
from memory.glossary.glossary import Glossary

MAX_ADVICE = 6
"""Most recommendations that are written out."""

_IN_ENGLISH = {
    "de": "Ohne Sprachmodell antworten die Instrumente auf Englisch.",
    "es": "Sin un modelo de lenguaje, los instrumentos responden en inglés.",
    "fr": "Sans modèle de langage, les instruments répondent en anglais.",
}


def cited(
    context: ProjectContext, plan: Plan, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """The findings that the answer rests on: this turn's, and those that it recalls."""
    held = {finding.id: finding for finding in (*recalled(context, plan), *findings)}
    return tuple(held.values())


def answer(
    context: ProjectContext,
    plan: Plan,
    tasks: Sequence[Task],
    findings: Sequence[Finding],
    recommendations: Sequence[Recommendation] = (),
    conflicts: Sequence[Conflict] = (),
    artifacts: Sequence[Artifact] = (),
    degraded: Sequence[Degraded] = (),
    rejected: Sequence[str] = (),
    summaries: Sequence[str] = (),
    forgotten: Sequence[str] = (),
    then: ProjectContext | None = None,
    prose: str = "",
) -> str:
    """Write the answer, as Markdown, from facts alone.

    Args:
        context: the project's context, with the request.
        plan: what was decided.
        tasks: the tasks as they ended.
        findings: what was found in this turn, or is recalled.
        recommendations: advice that follows from the findings.
        conflicts: findings that could not all be true.
        artifacts: files made in this turn.
        degraded: parts that ran on less than was wanted.
        rejected: attachments that could not be taken, in words.
        summaries: what specialists say beside their findings.
        forgotten: what was removed from memory, in sentences.
        then: the context at the earlier moment that the request asks about.
        prose: the answer in a model's words, which was checked; the evidence follows it.
    """
    memory = {finding.id for finding in recalled(context, plan)}
    made = _made(context, artifacts)
    fresh = [
        finding
        for finding in findings
        if finding.id not in memory
        and (finding.aspect != SHOWS or finding.evidence == "user")
        and not (finding.subject.id in made and finding.source.startswith("coder/"))
    ]
    names = _names(context, artifacts)
    understood = read_request(context)
    judged = judgement_of(understood)
    verdict = _verdict(context, judged, findings, artifacts, names)
    told = told_aspects(judged) if judged is not None and verdict else frozenset[str]()
    if judged is not None and verdict:
        asked = set(aspects_of(understood.reading.aspects))
        beside = set(aspects_of(judged.measured)) - asked - spoken(judged)
        fresh = [one for one in fresh if one.aspect not in beside]
        summaries = [one for one in summaries if not (judged.against and one.startswith(DIFFERS))]
    parts = [
        _rejections(rejected),
        "\n".join(forgotten),
        _questions(plan),
        verdict,
        prose,
        "\n".join(plan.answers),
        noted(plan),
        recollect(then or context, plan, names),
        changes(context, then, plan, names) if then is not None else "",
        *measured(asked_of(fresh, tasks), names),
        "" if prose else _plainly(context, fresh, names, told),
        claims_told(fresh, (*context.findings, *findings), names),
        *summaries,
        *(_task(task) for task in tasks if task.agent == "coder" or _went_wrong(task)),
        _files(artifacts),
        _unsaved(context, artifacts, summaries),
        _advice([one for one in recommendations if one.aspect not in told]),
        disputes(_told(context, plan, conflicts, findings), (*context.findings, *findings), names),
        _assumptions(tasks),
        "\n".join(_notes(plan, tasks)),
        _less(degraded, context) if tasks else "",
    ]
    said = [part for part in parts if part]
    if not said:
        said = [small_talk(context)]
    if left := unused(context, plan, tasks, findings):
        said.append(left)
    language = "" if prose else _IN_ENGLISH.get(language_of(read_text(context.request)))
    return "\n\n".join([*([language] if language else []), *said])


def _made(context: ProjectContext, artifacts: Sequence[Artifact]) -> set[str]:
    """The files made in this turn, with those of earlier rounds that they took the place of."""
    kept = {artifact.name for artifact in artifacts}
    replaced = {asset.id for asset in context.assets if asset.name in kept}
    return replaced | {artifact.id for artifact in artifacts}


def _plainly(
    context: ProjectContext, fresh: Sequence[Finding], names: dict[str, str], told: Collection[str]
) -> str:
    return in_their_words(context.request, fresh, names, Glossary.load(context.terms), told)


def _verdict(
    context: ProjectContext,
    judged: Judgement | None,
    findings: Sequence[Finding],
    artifacts: Sequence[Artifact],
    names: dict[str, str],
) -> str:
    """What the request wants judged: of what was made in this turn, else of what was measured."""
    if judged is None:
        return ""
    made = {one.id for one in artifacts if one.kind == "audio"}
    of_made = [one for one in findings if one.subject.id in made]
    text = read_text(context.request)
    return verdicts(judged, text, of_made or findings, names, context.settings)


def _names(context: ProjectContext, artifacts: Sequence[Artifact]) -> dict[str, str]:
    made = [artifact for turn in context.history for artifact in turn.artifacts]
    names = {artifact.id: artifact.name for artifact in (*made, *artifacts)}
    return names | {asset.id: asset.name for asset in context.assets}


def _rejections(rejected: Sequence[str]) -> str:
    return "\n".join(f"Not taken: {why}" for why in rejected)


def _notes(plan: Plan, tasks: Sequence[Task]) -> Iterator[str]:
    """What is to be said besides; not that no recipe does what a model wrote code for."""
    coded = any(one.agent == "coder" and one.status == "done" and not one.operations
                for one in tasks)  # fmt: skip
    yield from (one for one in plan.notes if not (coded and one.startswith(NO_RECIPE)))


def _questions(plan: Plan) -> str:
    return "\n".join(ask.question for ask in plan.asks)


def _went_wrong(task: Task) -> bool:
    return task.status in ("failed", "skipped", "not_met")


def _task(task: Task) -> str:
    """What became of a task, with what was verified."""
    verdicts = {
        "done": "Done",
        "not_met": "Not met",
        "failed": "Failed",
        "skipped": "Skipped",
        "waiting": "Waiting",
        "planned": "Planned, not run",
    }
    steps = listed([operation_text(operation) for operation in task.operations])
    what = steps if task.agent == "coder" and steps else task.objective
    head = f"**{verdicts[task.status]}**: {what}."
    if changed_nothing(task):
        return f"**Nothing changed**: {task.why}"
    if task.reason.startswith(FOUND):
        head += f" {task.reason[0].upper()}{task.reason[1:]}."
    if task.why:
        head += f" {task.why}"
    elif task.status == "done" and not task.criteria:
        head += " There is no measurement that could verify it."
    criteria = task.criteria
    if task.order is not None and criteria:  # all of them are in the workflow's report
        criteria = tuple(one for one in criteria if one.met is not True)
        met = len(task.criteria) - len(criteria)
        head += f" {met} of {len(task.criteria)} checks are met."
    return "\n".join([head, *(f"- {criterion_text(one)}" for one in criteria)])


def _unsaved(
    context: ProjectContext, artifacts: Sequence[Artifact], summaries: Sequence[str]
) -> str:
    """The places for results that the request names, and where nothing was put."""
    if not artifacts:
        return ""
    told = "\n".join((*summaries, *(one.name for one in artifacts)))
    return unsaved(context.request, [one.name for one in context.assets], told)


def _files(artifacts: Sequence[Artifact]) -> str:
    if not artifacts:
        return ""
    return "Files:\n" + "\n".join(
        f"- {artifact.name} ({artifact.kind}, by {artifact.made_by})" for artifact in artifacts
    )


def _advice(recommendations: Sequence[Recommendation]) -> str:
    if not recommendations:
        return ""
    lines = [f"- {one.text}" for one in recommendations[:MAX_ADVICE]]
    if len(recommendations) > MAX_ADVICE:
        lines.append(f"- and {len(recommendations) - MAX_ADVICE} more")
    return "Recommended:\n" + "\n".join(lines)


def _told(
    context: ProjectContext, plan: Plan, conflicts: Sequence[Conflict], findings: Sequence[Finding]
) -> list[Conflict]:
    """The turn's conflicts, and those that are open about what the answer tells, or asked for."""
    told, all_ = {finding.id for finding in findings}, "conflicts" in plan.recalls
    held = (
        one
        for one in context.conflicts
        if one.status == "open" and (all_ or told.intersection(one.findings))
    )
    asked = {(one.aspect, frozenset(one.findings)) for one in conflicts}
    return [
        *conflicts,
        *(one for one in held if (one.aspect, frozenset(one.findings)) not in asked),
    ]


def _assumptions(tasks: Sequence[Task]) -> str:
    reasons = [
        task.reason
        for task in tasks
        if task.agent == "coder"
        and "asks for it" not in task.reason
        and not task.reason.startswith(FOUND)
    ]
    return "Assumed: " + "; ".join(reasons) + "." if reasons else ""


def _less(degraded: Sequence[Degraded], context: ProjectContext) -> str:
    """One line on what ran without its model, by reason, and one for each other part.

    What the thread's latest answers told already is not told again.
    """
    by_reason: dict[str, list[str]] = {}
    for part in degraded:
        if part.used == "instruments":
            by_reason.setdefault(part.why, []).append(part.role)
    reasons = "; ".join(f"{why} ({', '.join(roles)})" for why, roles in by_reason.items())
    others = (
        f"{part.role}: {part.used} in place of {part.wanted} ({part.why})."
        for part in degraded
        if part.used != "instruments"
    )
    lines = (f"On instruments alone: {reasons}." if reasons else "", *others)
    said = [turn.answer for turn in context.history if turn.thread == context.thread]
    return "\n".join(line for line in lines if line and not any(line in one for one in said))
