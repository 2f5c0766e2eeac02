"""Requests that speak of the team's own advice: "do what you recommended"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from agents.planning.criteria import criterion, of_operations, targets
from agents.planning.drafts import Draft, listed
from agents.planning.languages import Understood
from agents.planning.measures import MEANT
from agents.planning.operations import ORDER
from agents.planning.requirements import requirements
from agents.planning.subjects import files_of
from audio.aspects import is_number
from audio.assets import AssetRef
from memory.context import Criterion, Note, Operation, ProjectContext

TRUE_PEAK_DBTP = -1.0
"""What the advice about true peaks asks for, where no guideline does."""
_MARGIN_DB = 0.1
"""How far below a limit a level is set, for rounding."""
_ADVICE = re.compile(
    r"\byou(?:'ve|'d)?\s+(?:have\s+|had\s+|just\s+)*(?:recommended|suggested|advised|proposed)\b|"
    r"\bwhat (?:do|would) you (?:recommend|suggest|advise|propose)\s*(?:now|then|here)?\W*$|"
    r"\bdid you (?:just )?(?:recommend|suggest|advise|propose)\b|"
    r"\b(?:your|those|these|the)\s+(?:\w+\s+)?(?:recommendations?|suggestions?|advice|proposals?)\b|"
    r"\bwhat you (?:recommend|suggest|advise|propose)\b|"
    r"\bas (?:recommended|suggested|advised|proposed)\b|"
    r"\b(?:du|ihr)\s+(?:\w+\s+){0,2}?(?:empfohlen|vorgeschlagen|geraten)\b|"
    r"\b(?:deine|eure|die)n?\s+(?:empfehlung(?:en)?|vorschl[aä]ge?|rat(?:schl[aä]ge)?)\b|"
    r"\b(?:recomendaste|recomendasteis|sugeriste|sugeristeis|aconsejaste)\b|"
    r"\b(?:tus|vuestras|las|tu)\s+(?:recomendaci[oó]n(?:es)?|sugerencias?|consejos?)\b|"
    r"\b(?:as|avez)\s+(?:recommandé|conseillé|suggéré|proposé)\b|"
    r"\b(?:tes|vos|ta|votre|ton)\s+(?:recommandations?|conseils?|suggestions?)\b",
    re.IGNORECASE,
)
_DO = re.compile(
    r"\b(?:do|apply|follow|implement|carry|make|use|take|go with|mach\w*|setz\w*|wende\w*|"
    r"befolg\w*|haz|aplica\w*|sigue|fais|faites|applique\w*|suis)\b",
    re.IGNORECASE,
)
_TELL = re.compile(
    r"\b(?:tell|show|list|repeat|remind|sag\w*|zeig\w*|dime|muestra\w*|dis|montre\w*)\b", re.I
)
_OTHERS = re.compile(
    r"\b(?:they|he|she|client|label|engineer|friend|kunde|cliente)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"“([^”]*)”")
_CURES: Mapping[str, Operation] = {
    "dc_offset": Operation(name="remove_dc"),
    "hum.hz": Operation(name="dehum", parameters={"hum_hz": 0.0}),
    "silence.start_seconds": Operation(name="trim_silence", parameters={"threshold_dbfs": -60.0}),
    "silence.end_seconds": Operation(name="trim_silence", parameters={"threshold_dbfs": -60.0}),
}
"""What does the general advice about an aspect, where a recipe can."""


class Followed(NamedTuple):
    """What following the advice comes to."""

    drafts: tuple[Draft, ...] = ()
    recalls: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def following_of(context: ProjectContext, understood: Understood) -> Followed | None:
    """What to do about the team's own advice; None where the request does not speak of it.

    Args:
        context: the files, what is known of them, and the advice that holds.
        understood: what was read from the request.
    """
    words = understood.text.words
    if not _ADVICE.search(words) or _OTHERS.search(words) or understood.reading.remembered:
        return None
    files = files_of(context, understood.text, "audio")
    ids = {one.id for one in files}
    wanted = {name for word in _aspects(understood) for name in MEANT.get(word, ())}
    advice = [
        note
        for note in context.notes
        if ids.intersection(note.assets) and (not wanted or note.aspect in wanted)
    ]
    if "?" in words or not _DO.search(words):
        asks = "?" in words or _TELL.search(words)
        return Followed(recalls=("recommendation",)) if asks and not context.attached else None
    if not advice:
        return Followed(notes=("Nothing was recommended about this yet; have it measured first.",))
    return _followed(context, files, advice)


def _aspects(understood: Understood) -> tuple[str, ...]:
    reading = understood.reading
    return (*reading.aspects, *(one for one in reading.recalls if one in MEANT))


def _followed(
    context: ProjectContext, files: tuple[AssetRef, ...], advice: Sequence[Note]
) -> Followed:
    operations: dict[str, Operation] = {}
    criteria: list[Criterion] = []
    undone = []
    for note in advice:
        steps = [*_operations(note, context)]
        operations |= {one.name: one for one in steps}
        criteria += _wanted(note) if steps else []
        undone += [] if steps else [note.text]
    criteria += _limits(context) if "normalise_loudness" in operations else []
    chain = tuple(sorted(_merged(operations, criteria), key=lambda one: ORDER.index(one.name)))
    notes = tuple(f"No recipe does this: {text}" for text in undone)
    if not chain:
        return Followed(notes=notes)
    ids = {one.id for one in files}
    known = [one for one in context.findings if one.subject.id in ids]
    made = of_operations(chain, files, known)
    held = {(one.aspect, one.op): one for one in (*criteria, *made)}
    draft = Draft(
        "coder",
        f"Do what was recommended for {listed([one.name for one in files])}",
        "the request asks for it",
        files,
        chain,
        tuple(held.values()),
    )
    return Followed(drafts=(draft,), notes=notes)


def _operations(note: Note, context: ProjectContext) -> Iterator[Operation]:
    """The recipe calls that do what one note recommends."""
    if note.aspect == "loudness.true_peak_dbtp":
        yield from _below(_wanted(note)[0].value, note, context)
    elif _QUOTED.search(note.text):
        yield from _reaching(_wanted(note))
    elif note.aspect in _CURES:
        yield _CURES[note.aspect]


def _below(limit: JsonValue, note: Note, context: ProjectContext) -> Iterator[Operation]:
    """Turn it down until its true peak keeps a limit."""
    peaks = [
        one.value
        for one in context.findings
        if one.aspect == note.aspect and one.subject.id in note.assets
    ]
    if peaks and is_number(limit) and is_number(peaks[-1]) and peaks[-1] > limit:
        down = round(limit - _MARGIN_DB - peaks[-1], 2)
        yield Operation(name="gain", parameters={"db": down})


def _reaching(wanted: Sequence[Criterion]) -> Iterator[Operation]:
    for one in wanted:
        match one.aspect:
            case "loudness.integrated_lufs":
                yield Operation(name="normalise_loudness", parameters={"target_lufs": one.value})
            case "sample_rate.hz":
                yield Operation(name="resample", parameters={"sample_rate_hz": one.value})
            case "tempo.bpm" if one.op == "==":
                yield Operation(name="time_stretch", parameters={"target_bpm": one.value})
            case "key":
                yield Operation(name="pitch_shift", parameters={"target_key": one.value})


def _wanted(note: Note) -> list[Criterion]:
    """What the result must meet, by the note's own words."""
    quoted = _QUOTED.search(note.text)
    stated = [one for one in targets(quoted[1]) if one.aspect == note.aspect] if quoted else []
    if note.aspect == "loudness.true_peak_dbtp" and not stated:
        return [criterion(note.aspect, "<=", TRUE_PEAK_DBTP)]
    return stated


def _limits(context: ProjectContext) -> list[Criterion]:
    """The true peak that the project allows."""
    limits = [
        one.criterion
        for one in requirements(context.settings)
        if one.criterion.aspect == "loudness.true_peak_dbtp" and one.criterion.op == "<="
    ]
    return limits[-1:]


def _merged(operations: Mapping[str, Operation], criteria: Sequence[Criterion]) -> list[Operation]:
    """A loudness under a true peak is reached by a master: a gain beside it would be undone."""
    held = dict(operations)
    limits = [one.value for one in criteria if one.aspect == "loudness.true_peak_dbtp"]
    if limits and "normalise_loudness" in held:
        target = held.pop("normalise_loudness").parameters["target_lufs"]
        held.pop("gain", None)
        parameters: dict[str, JsonValue] = {"target_lufs": target, "true_peak_dbtp": limits[-1]}
        held["master"] = Operation(name="master", parameters=parameters)
    return list(held.values())
