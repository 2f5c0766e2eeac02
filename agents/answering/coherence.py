"""The check at the end of a turn: does the answer agree with what was found and what is wanted?

It works on any answer's text, whoever wrote it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from agents.answering.contradictions import against_findings
from agents.answering.punctuality import late, timeline_of
from agents.answering.statements import done_claims, mentions_of, unknown_files
from agents.judging.criteria import meets
from agents.planning.requirements import Requirement, barred, requirements
from agents.wording import aspect_text, lower_first, value_text
from audio.agreement import agree, is_tempo_octave, relation
from audio.aspects import is_number
from memory.context import Deadline, Finding, Flag, ProjectSetting, Task

LEAST_CONFIDENCE = 0.3
"""Findings that are less sure contradict nothing."""
SURE_OF_MODE = 0.6
"""A key's relative (the same notes) contradicts the project's key only from this confidence on."""
_DELIVERED = ("loudness.", "sample_rate.", "duration.", "clipping.")
"""Aspects that a project demands of what is delivered, not of what comes in."""


def check(
    answer: str,
    findings: Sequence[Finding],
    settings: Sequence[ProjectSetting],
    today: date,
    *,
    names: Mapping[str, str] | None = None,
    about: Collection[str] | None = None,
    made: Sequence[str] | None = None,
    finished: Collection[str] | None = None,
    tasks: Sequence[Task] | None = None,
    deadlines: Sequence[Deadline] | None = None,
) -> tuple[Flag, ...]:
    """What in an answer contradicts the findings, the project's constraints or its deadline.

    Args:
        answer: the text.
        findings: what the turn and the project know of the files that it is about.
        settings: what the project wants.
        today: the day of the answer.
        names: file names by asset id; without them file names are not checked.
        about: ids of the files that the project's demands concern; by default all.
        made: ids of the files that the turn made; by default every file counts as a deliverable.
        finished: ids of those that are meant to be delivered as they are; by default all of them.
        tasks: the turn's tasks; without them "done" is not checked.
        deadlines: the project's timeline; by default read from the settings.
    """
    known = dict(names or {})
    wanted = requirements(settings)
    timeline = timeline_of(settings, today) if deadlines is None else deadlines
    delivers = bool(made) or (made is None and bool(done_claims(answer)))
    flags = [
        *_against_constraints(
            _about(findings, about), wanted, known, made if finished is None else finished
        ),
        *against_findings(answer, findings, wanted, known),
        *_against_bars(answer, settings),
        *late(answer, timeline, today, delivers),
        *(_against_work(answer, tasks) if tasks is not None else ()),
        *(_unknown(answer, known) if names is not None else ()),
    ]
    return tuple({flag.text: flag for flag in flags}.values())


def clashes(new: Sequence[ProjectSetting], old: Sequence[ProjectSetting]) -> tuple[Flag, ...]:
    """Settings that were just stated and can't hold beside an older one: the newer is followed."""
    before, flags = requirements([one for one in old if one not in new]), []
    for one in requirements(new):
        for other in before:
            if _is_clash(one, other):
                flags.append(
                    Flag(
                        kind="constraint",
                        aspect=one.criterion.aspect,
                        against=other.setting.value,
                        text=f"Against the project's {other.setting.field} "
                        f"“{other.setting.value}”: you now say “{one.setting.value}”. Which one "
                        f"holds? Until you say otherwise, both stay noted; “forget the "
                        f"{other.setting.field} {other.setting.value}” drops the older one.",
                    )
                )
    return tuple(flags)


def _is_clash(one: Requirement, other: Requirement) -> bool:
    left, right = one.criterion, other.criterion
    if left.aspect != right.aspect or left.op != "==" or right.op != "==":
        return False
    if left.aspect not in ("key", "tempo.bpm", "meter", "sample_rate.hz"):
        return False
    return not agree(left.aspect, left.value, right.value)


def _against_constraints(
    findings: Sequence[Finding],
    wanted: Sequence[Requirement],
    names: Mapping[str, str],
    finished: Collection[str] | None,
) -> Iterator[Flag]:
    """Measured values of whole files that miss what the project demands."""
    for finding in _newest(findings):
        is_finished = finished is None or finding.subject.id in finished
        if finding.aspect.startswith(_DELIVERED) and not is_finished:
            continue
        missed = _missed(finding, wanted)
        if missed is None:
            continue
        name = names.get(finding.subject.id, finding.subject.id[:12])
        value = value_text(finding.value, finding.unit, finding.aspect)
        tie = relation(finding.aspect, finding.value, missed.criterion.value)
        what = aspect_text(finding.aspect)
        yield Flag(
            kind="constraint",
            aspect=finding.aspect,
            against=missed.setting.value,
            findings=(finding.id,),
            text=f"Against the project's {missed.setting.field} “{missed.setting.value}”: "
            f"{name} has {lower_first(what)} {value}" + (f" ({tie})." if tie else "."),
        )


def _about(findings: Sequence[Finding], files: Collection[str] | None) -> list[Finding]:
    return [one for one in findings if files is None or one.subject.id in files]


def _newest(findings: Sequence[Finding]) -> Iterable[Finding]:
    """The newest sure measurement of each aspect of each whole file."""
    sure = (
        one
        for one in findings
        if one.evidence in ("measured", "executed")
        and one.subject.start is None
        and one.value is not None
        and one.confidence >= LEAST_CONFIDENCE
    )
    return {(one.subject.kind, one.subject.id, one.aspect): one for one in sure}.values()


def _missed(finding: Finding, wanted: Sequence[Requirement]) -> Requirement | None:
    """The demand that a finding misses; where several name one aspect, meeting one is enough."""
    about = [one for one in wanted if one.criterion.aspect == finding.aspect]
    missed = [one for one in about if not _holds(finding, one)]
    return missed[-1] if missed and len(missed) == len(about) else None


def _holds(finding: Finding, wanted: Requirement) -> bool:
    value, target = finding.value, wanted.criterion.value
    if meets(wanted.criterion, finding):
        return True
    if finding.aspect == "tempo.bpm" and is_number(value) and is_number(target):
        return is_tempo_octave(value, target)
    is_relative = relation(finding.aspect, value, target).startswith("relative")
    return is_relative and finding.confidence < SURE_OF_MODE


def _against_bars(answer: str, settings: Sequence[ProjectSetting]) -> Iterator[Flag]:
    for setting, thing in barred(settings):
        for sentence in mentions_of(thing, answer)[:1]:
            yield Flag(
                kind="constraint",
                against=setting.value,
                text=f"Against the project's {setting.field} “{setting.value}”: the answer says "
                f"“{_short(sentence)}”.",
            )


def _against_work(answer: str, tasks: Sequence[Task]) -> Iterator[Flag]:
    """Work that the answer calls done though no task of the turn is."""
    if any(task.status == "done" for task in tasks):
        return
    for sentence in done_claims(answer)[:1]:
        yield Flag(
            kind="work",
            text=f"Against this turn's work: the answer says “{_short(sentence)}”, and no task "
            "was done.",
        )


def _unknown(answer: str, names: Mapping[str, str]) -> Iterator[Flag]:
    for name in unknown_files(answer, names.values()):
        yield Flag(
            kind="file",
            against=name,
            text=f"Against the project's files: the answer names {name}, which it doesn't have.",
        )


def _short(sentence: str) -> str:
    plain = " ".join(sentence.replace("*", "").split()).rstrip(".")
    return plain if len(plain) <= 120 else plain[:119] + "…"
