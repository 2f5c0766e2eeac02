"""Where sections lie in seconds: as stated, else by their bars and the tempo that is known."""

from collections.abc import Iterable

from audio.aspects import is_number
from audio.musical_time import COMMON_TIME, SteadyTime, read_meter, span_of_bars
from audio.musical_time import Span as Span
from grym_synth.errors import BadInput
from memory.context import Finding, Section

TIMING = ("tempo.bpm", "meter", "downbeats")
"""Aspects that turn bars into seconds; without a meter bars have four quarters."""


def span_of(section: Section, time: SteadyTime | None) -> Span | None:
    """Where a section lies; None when neither its words nor its bars tell.

    Args:
        section: as stated.
        time: what its bars are counted in; None when no tempo is known.
    """
    if section.start is not None and section.end is not None:
        return Span(section.start, section.end)
    if section.first_bar is None or time is None:
        return None
    return span_of_bars(time, section.first_bar, section.last_bar or section.first_bar)


def time_of(findings: Iterable[Finding]) -> SteadyTime | None:
    """The musical time that findings about one file tell; None without a tempo."""
    told = {one.aspect: one.value for one in findings if one.subject.start is None}
    bpm = told.get("tempo.bpm")
    if not is_number(bpm) or bpm <= 0:
        return None
    meter, downbeats = told.get("meter"), told.get("downbeats")
    first = downbeats[0] if isinstance(downbeats, list) and downbeats else 0
    try:
        counted = read_meter(meter) if isinstance(meter, str) else COMMON_TIME
    except BadInput:
        counted = COMMON_TIME
    return SteadyTime(bpm, counted, first if is_number(first) else 0)
