"""The answer of a turn: results with their evidence, what was verified, and what was not done."""

import re
from collections.abc import Iterator, Sequence

from agents.answering.disputes import disputes
from agents.answering.noted import claims_told, noted
from agents.answering.plain_words import in_their_words
from agents.judging.mending import FOUND, changed_nothing
from agents.planning.chain import NO_RECIPE
from agents.planning.languages import language_of, read_request
from agents.planning.text import read_text
from agents.remembering.looking_back import changes
from agents.remembering.recollection import UNNAMED, recalled, recollect
from agents.remembering.remembering import about_words
from agents.wording import (
    criterion_text,
    finding_text,
    listed,
    operation_text,
)
from audio.aspects import ASPECTS, SHOWS
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
from memory.filing.junk import is_junk
from memory.glossary.glossary import Glossary

FIRST = (
    "duration.seconds", "tempo.bpm", "meter", "key", "loudness.integrated_lufs",
    "loudness.true_peak_dbtp", "loudness.range_lu", "dynamics.crest_db", "clipping.samples",
    "stereo.correlation", "hum.hz", "structure.sections", "heard.description", "voice.words",
    "seen.description", "seen.writing",
)  # fmt: skip
"""What a producer wants to know first of a full profile; the rest is counted."""
MAX_FINDINGS = 14
"""Most findings per file of which none is left out."""
MAX_SEEN = 8
"""Most places in pictures that are written out."""
MAX_ADVICE = 6
"""Most recommendations that are written out."""

HELP = (
    "I measure sound files (tempo, key, chords, loudness, true peak, spectrum, stereo, hum, "
    "structure …), draw them (spectrogram, waveform, loudness curve, chromagram, self-similarity), "
    "and build scripts and changed files that are measured afterwards (master, normalise, filter, "
    "trim, fade, resample, convert, time-stretch, pitch-shift, click track …). Attach a file and "
    "say what you want; goals, style, constraints, deadlines, sections and elements of the project "
    "are remembered."
)
_GREETING = "Hello. Attach a sound file or a picture and say what you want to know or have done."
_QUESTION = re.compile(
    r"\?|^\W*(?:who|whom|whose|what|when|where|which|why|how|tell|wer|was|wann|wo|welche\w*|warum|wie|"
    r"qui[eé]n|qu[eé]|cu[aá]ndo|d[oó]nde|cu[aá]l|qui|quand|quel\w*|où|pourquoi|comment)\b",
    re.IGNORECASE,
)
_THANKS = "You're welcome."
_ALL_RIGHT = "All right."
_NOT_UNDERSTOOD = (
    "{what} Ask for a measurement (“what key is this?”), a picture (“show "
    "me the spectrogram”), a change (“master it to -14 LUFS”), or what was found before."
)
_SHOWN_WORDS = 80
"""Most characters of a request that are repeated to the user."""
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
    parts = [
        _rejections(rejected),
        "\n".join(forgotten),
        _questions(plan),
        prose,
        "\n".join(plan.answers),
        noted(plan),
        recollect(then or context, plan, names),
        changes(context, then, plan, names) if then is not None else "",
        *_measured(_asked(fresh, tasks), names),
        "" if prose else _plainly(context, fresh, names),
        claims_told(fresh, (*context.findings, *findings), names),
        *summaries,
        *(_task(task) for task in tasks if task.agent == "coder" or _went_wrong(task)),
        _files(artifacts),
        _advice(recommendations),
        disputes(_told(context, conflicts, findings), (*context.findings, *findings), names),
        _assumptions(tasks),
        "\n".join(_notes(plan, tasks)),
        _less(degraded, context) if tasks else "",
    ]
    said = [part for part in parts if part]
    if not said:
        said = [_small_talk(context)]
    language = "" if prose else _IN_ENGLISH.get(language_of(read_text(context.request)))
    return "\n\n".join([*([language] if language else []), *said])


def _made(context: ProjectContext, artifacts: Sequence[Artifact]) -> set[str]:
    """The files made in this turn, with those of earlier rounds that they took the place of."""
    kept = {artifact.name for artifact in artifacts}
    replaced = {asset.id for asset in context.assets if asset.name in kept}
    return replaced | {artifact.id for artifact in artifacts}


def _plainly(context: ProjectContext, fresh: Sequence[Finding], names: dict[str, str]) -> str:
    return in_their_words(context.request, fresh, names, Glossary.load(context.terms))


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


def _asked(findings: Sequence[Finding], tasks: Sequence[Task]) -> list[Finding]:
    """What listening found, without what nobody asked for where only some aspects were asked."""
    listening = [task for task in tasks if task.agent == "gama"]
    wanted: set[str] = set()
    for task in listening:
        for operation in task.operations:
            names = operation.parameters.get("aspects")
            if not names or not isinstance(names, list):
                return [*findings]
            wanted.update(str(name) for name in names)
        wanted.update(one.aspect for one in task.criteria)
    if not wanted:
        return [*findings]
    return [one for one in findings if one.aspect in wanted or not one.source.startswith("gama/")]


def _measured(findings: Sequence[Finding], names: dict[str, str]) -> Iterator[str]:
    """One block per subject, in the aspects' order; claims of the user are in the disputes."""
    by_subject: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.evidence != "user":
            key = finding.subject.kind, finding.subject.id
            by_subject.setdefault(key, []).append(finding)
    for (kind, id_), held in by_subject.items():
        lines = _first(held)
        title = names.get(id_, UNNAMED) if kind == "asset" else f"{kind} {id_}"
        shown = [f"- {finding_text(one)}{_region(one)}" for one in lines]
        if len(lines) < len(held):
            shown.append(f"- and {len(held) - len(lines)} more values in the findings")
        yield f"**{title}**\n" + "\n".join(shown)


def _first(held: list[Finding]) -> list[Finding]:
    """All findings when they are few, known values first; else those that matter most."""
    order = {name: index for index, name in enumerate((*FIRST, *ASPECTS))}
    lines = sorted(held, key=lambda one: (one.value is None, order.get(one.aspect, len(order))))
    if len(lines) <= MAX_FINDINGS:
        return lines
    seen = [one for one in lines if not one.source.startswith("gama/")]
    told = (one for one in lines if one.aspect in FIRST and one.value is not None)
    return [one for one in told if one not in seen] + seen[:MAX_SEEN]


def _region(finding: Finding) -> str:
    start, end = finding.subject.start, finding.subject.end
    return f" at {start:.2f}–{end:.2f} s" if start is not None and end is not None else ""


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
    if task.order is not None:  # all of them are in the workflow's report
        criteria = tuple(one for one in criteria if one.met is not True)
        met = len(task.criteria) - len(criteria)
        head += f" {met} of {len(task.criteria)} checks are met."
    return "\n".join([head, *(f"- {criterion_text(one)}" for one in criteria)])


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
    context: ProjectContext, conflicts: Sequence[Conflict], findings: Sequence[Finding]
) -> list[Conflict]:
    """The turn's conflicts, and those that are open about what the answer tells."""
    told = {finding.id for finding in findings}
    held = (
        one for one in context.conflicts if one.status == "open" and told.intersection(one.findings)
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


def _small_talk(context: ProjectContext) -> str:
    talk = read_request(context).reading.talk
    if not {"cancel", "thanks", "greeting"}.intersection(talk):
        lines = about_words(context) if _QUESTION.search(context.request) else ()
        if lines:
            return "From memory:\n" + "\n".join(f"- {line}" for line in lines)
        if context.request.strip() and is_junk(context.request):
            return _ALL_RIGHT
    answers = {
        "cancel": "All right, nothing is done.",
        "meta": HELP,
        "general": "That is general knowledge; without a language model I only speak of files. "
        + HELP,
        "thanks": _THANKS,
        "greeting": _GREETING + " " + HELP,
    }
    request = " ".join(context.request.split())
    short = request[:_SHOWN_WORDS] + ("…" if len(request) > _SHOWN_WORDS else "")
    unclear = _NOT_UNDERSTOOD.format(
        what=f"I did not understand “{short}”." if short else "The message was empty."
    )
    return next((text for name, text in answers.items() if name in talk), unclear)
