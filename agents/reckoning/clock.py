"""In which musical time a question reckons: the request's own, the project's, or a file's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.planning.quantities import Quantity
from agents.planning.requirements import requirements
from audio.aspects import is_number
from audio.assets import AssetRef
from audio.musical_time import COMMON_TIME, Meter, MusicalTime, SteadyTime, read_meter
from audio.played_time import PlayedTime
from grym_synth.errors import BadInput
from memory.context import Finding, ProjectContext
from memory.hierarchy.spans import time_of


@dataclass(frozen=True)
class Clock:
    """Musical time, and where it comes from."""

    steady: SteadyTime
    says: str
    """Such as ``128 BPM in 4/4, as the project wants it``."""
    played: MusicalTime
    """Along the beats that were measured, where they were; else the steady time."""
    file: AssetRef | None = None
    """The file at hand."""


def clock_of(
    context: ProjectContext, quantities: Sequence[Quantity], file: AssetRef | None
) -> Clock | None:
    """The musical time of a question; None where no tempo is known.

    Args:
        context: what the project wants and what is known of its files.
        quantities: the request's numbers; a tempo or meter among them counts first.
        file: the sound file at hand.
    """
    said = [one.value for one in quantities if one.unit == "bpm" and one.value > 0]
    meters = [one.text for one in quantities if one.unit == "meter" and one.text[:2] != "1/"]
    wanted = {
        one.criterion.aspect: one.criterion.value
        for one in requirements(context.settings)
        if one.criterion.op == "=="
    }
    told = _told(context.findings, file)
    meter = _meter([*meters, wanted.get("meter"), told.get("meter")])
    demanded = wanted.get("tempo.bpm")
    measured = time_of(_about(context.findings, file))
    if said:
        return _clock(SteadyTime(said[-1], meter), "", file)
    if is_number(demanded) and demanded > 0:
        steady = SteadyTime(demanded, meter, measured.offset_seconds if measured else 0)
        return _clock(steady, ", as the project wants it", file, told)
    if measured is None and (claimed := _claimed(context.findings, file)):
        source = f", as you say of {file.name}" if file is not None else ""
        return _clock(SteadyTime(claimed, meter), source, file)
    if measured is None or file is None:
        return None
    steady = SteadyTime(measured.bpm, meter, measured.offset_seconds)
    return _clock(steady, f", measured in {file.name}", file, told)


def _clock(
    steady: SteadyTime,
    source: str,
    file: AssetRef | None,
    told: Mapping[str, JsonValue] | None = None,
) -> Clock:
    says = f"{float(steady.bpm):g} BPM in {steady.meter.beats}/{steady.meter.unit}{source}"
    if steady.offset_seconds and file is not None:
        says += f"; bar 1 begins at {float(steady.offset_seconds):.4g} s of {file.name}"
    return Clock(steady, says, _played(told or {}, steady), file)


def _played(told: Mapping[str, JsonValue], steady: SteadyTime) -> MusicalTime:
    beats, downbeats = told.get("beats"), told.get("downbeats")
    if not isinstance(beats, list) or not isinstance(downbeats, list):
        return steady
    times = [float(one) for one in beats if is_number(one)]
    starts = [float(one) for one in downbeats if is_number(one)]
    try:
        return PlayedTime.of(times, starts, steady.meter.beats)
    except BadInput:
        return steady


def _told(findings: Iterable[Finding], file: AssetRef | None) -> dict[str, JsonValue]:
    return {one.aspect: one.value for one in _about(findings, file) if one.subject.start is None}


def _about(findings: Iterable[Finding], file: AssetRef | None) -> list[Finding]:
    """What was measured of a file."""
    return [
        one
        for one in findings
        if file is not None and one.subject.id == file.id and one.evidence == "measured"
    ]


def _claimed(findings: Iterable[Finding], file: AssetRef | None) -> float:
    """The tempo that the user last said of a file; 0 where none was said."""
    said = [
        one.value
        for one in findings
        if one.aspect == "tempo.bpm"
        and one.evidence == "user"
        and file is not None
        and one.subject.id == file.id
        and is_number(one.value)
    ]
    return next((value for value in reversed(said) if value > 0), 0.0)


def _meter(told: Sequence[JsonValue]) -> Meter:
    """The first meter that can be read; four quarters without any."""
    for one in told:
        try:
            if isinstance(one, str):
                return read_meter(one)
        except BadInput:
            continue
    return COMMON_TIME
