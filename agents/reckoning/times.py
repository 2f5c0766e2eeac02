"""Questions about musical time: how long bars last, where they lie, which bar a time is in."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from agents.planning.quantities import Quantity
from agents.reckoning.clock import Clock
from agents.reckoning.lengths import USUAL, Length, lengths_in, note_value
from audio.musical_time import Position, Span, read_position, sample_at
from grym_synth.errors import BadInput
from memory.context import Section
from memory.filing.names import says
from memory.hierarchy.spans import span_of

_DELAY = re.compile(
    r"\bdelay[\s-]*times?\b|\b(?:pre-?delay|delay|echo|lfo)\b.*\b(?:ms|milli)", re.I
)
_HOW_LONG = re.compile(
    r"\bhow (?:long|many (?:milli)?seconds|many ms|many samples|much time)\b|"
    r"\bwie lang\w*\b|\bcu[aá]nto dura\w*\b|\bcombien de (?:temps|secondes)\b|"
    r"\b(?:length|duration) of\b|\bin (?:ms|milliseconds|seconds|samples)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:where|when|(?:what|which) (?:second|time|point|sample)|how far in|"
    r"in (?:seconds|samples))\b",
    re.IGNORECASE,
)
_WHICH_BAR = re.compile(r"\b(?:what|which) (?:bar|measure|beat)\b|\bin bars\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many (?:bars|measures|beats)\b", re.IGNORECASE)
_BAR = re.compile(
    r"\bbar\s*(?P<bar>\d{1,5})(?!\s*(?:-|to\b)\s*\d)(?:\s*,?\s*beat\s*(?P<beat>\d+(?:\.\d+)?))?",
    re.I,
)
_BARS = re.compile(
    r"\bbars?\s*(?P<first>\d{1,5})\s*(?:-|to|through|until)\s*(?P<last>\d{1,5})\b", re.I
)
_SAMPLES = re.compile(r"\bsamples?\b(?!\s*rate)", re.IGNORECASE)
_USUAL_RATE_HZ = 48000
_TEMPO_ASKED = (
    "No tempo is known to reckon with. Say it in the question (“how long is a bar at 120 bpm?”), "
    "state it for the project (“the tempo is 120 bpm”), or attach a file and have it measured."
)


def time_answer(
    words: str, quantities: Sequence[Quantity], sections: Sequence[Section], clock: Clock | None
) -> str:
    """What a question about musical time comes to; empty where it is none.

    Args:
        words: the question, without quoted words and file names.
        quantities: its numbers.
        sections: the parts of the piece that are known.
        clock: what it is reckoned in; None where no tempo is known.
    """
    named = [one for one in sections if says(words, one.name)]
    asked = _asked(words, quantities, bool(named))
    if not asked:
        return ""
    if named:
        return " ".join(_section(one, clock) for one in named)
    if clock is None:
        return _TEMPO_ASKED
    lines = {
        "delay": _delays, "bars": _span, "long": _long, "where": _where, "which": _which,
        "many": _many,
    }[asked](words, quantities, clock)  # fmt: skip
    return f"{lines[0].upper()}{lines[1:]} ({clock.says})." if lines else ""


def _asked(words: str, quantities: Sequence[Quantity], section: bool) -> str:
    """Which question it is."""
    timed = any(one.unit == "seconds" for one in quantities)
    if section and (_HOW_LONG.search(words) or _HOW_MANY.search(words) or _WHERE.search(words)):
        return "section"
    if _DELAY.search(words):
        return "delay"
    if _BARS.search(words) and (_HOW_LONG.search(words) or _WHERE.search(words)):
        return "bars"
    if _BAR.search(words) and _WHERE.search(words):
        return "where"
    if timed and _HOW_MANY.search(words):
        return "many"
    if timed and _WHICH_BAR.search(words):
        return "which"
    return "long" if _HOW_LONG.search(words) and lengths_in(words) else ""


def _delays(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    lengths = lengths_in(words) or [note_value(name) for name in USUAL]
    return "; ".join(f"{one.name} is {_lasting(one, clock, words)}" for one in lengths)


def _long(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    lengths = lengths_in(words)
    lasts = (f"{one.name} {'last' if one.many > 1 and one.unit != 'whole' else 'lasts'} "
             f"{_lasting(one, clock, words)}" for one in lengths)  # fmt: skip
    return "; ".join(lasts)


def _lasting(length: Length, clock: Clock, words: str) -> str:
    seconds = length.seconds(clock.steady)
    return seconds_text(seconds) + _samples(seconds, clock, words)


def _span(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    found = _BARS.search(words)
    assert found is not None
    first, last = sorted((int(found["first"]), int(found["last"])))
    span = Span(*(clock.played.seconds_at(Position(bar)) for bar in (first, last + 1)))
    return f"Bars {first}–{last} run from {span_text(span)}"


def _where(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    found = _BAR.search(words)
    assert found is not None
    position = _position(f"bar {found['bar']} beat {found['beat'] or 1}")
    if position is None:
        return ""
    seconds = clock.played.seconds_at(position)
    if seconds < 0:
        return f"{str(position).capitalize()} lies before the start"
    beyond = ""
    if clock.file is not None and clock.file.seconds and seconds > clock.file.seconds:
        beyond = f", beyond the end of {clock.file.name}"
    at = seconds_text(Fraction(seconds).limit_denominator(10**6))
    more = _samples(Fraction(seconds).limit_denominator(10**9), clock, words)
    return f"{str(position).capitalize()} is at {at}{more}{beyond}"


def _which(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    times = [one.value for one in quantities if one.unit == "seconds"]
    said = (f"{one:g} s is in {_rounded(clock.played.position_at(one))}" for one in times)
    return "; ".join(said)


def _many(words: str, quantities: Sequence[Quantity], clock: Clock) -> str:
    seconds = next(one.value for one in quantities if one.unit == "seconds")
    unit, each = "bars", clock.steady.bar_seconds
    if re.search(r"\bhow many beats\b", words, re.IGNORECASE):
        unit, each = "beats", clock.steady.beat_seconds
    return f"{seconds:g} s are {float(Fraction(repr(seconds)) / each):.5g} {unit}"


def _section(section: Section, clock: Clock | None) -> str:
    """Where a part of the piece lies and how long it is, in bars and in seconds."""
    parts = list(_bars_of(section))
    span = span_of(section, clock.steady if clock is not None else None)
    if span is not None:
        counted = section.start is None and clock is not None
        source = f" ({clock.says})" if counted and clock is not None else ""
        parts.append(f"from {span_text(span)}{source}")
        if section.start is not None and clock is not None:
            bars = float(Fraction(span.end - span.start) / clock.steady.bar_seconds)
            parts.append(f"{bars:.4g} bars at {clock.says}")
    elif section.start is not None:
        parts.append(f"from {seconds_text(Fraction(repr(section.start)))} on")
    told = ", ".join(parts)
    return (
        f"{section.name}: {told}." if told else f"{section.name}: “{section.text}” tells no span."
    )


def _bars_of(section: Section) -> Iterator[str]:
    if section.first_bar is not None:
        last = section.last_bar or section.first_bar
        many = last - section.first_bar + 1
        which = f"bars {section.first_bar}–{last}" if many > 1 else f"bar {last}"
        yield f"{which} ({many} bar{'s' if many > 1 else ''})"


def _samples(seconds: Fraction, clock: Clock, words: str) -> str:
    """The same in samples, where the question speaks of them."""
    if not _SAMPLES.search(words):
        return ""
    own = clock.file.sample_rate_hz if clock.file is not None else None
    rate = own or _USUAL_RATE_HZ
    return f", {sample_at(seconds, rate)} samples at {rate} Hz"


def _position(text: str) -> Position | None:
    try:
        return read_position(text)
    except BadInput:
        return None


def _rounded(position: Position) -> str:
    return str(
        Position(position.bar, Fraction(round(float(position.beat), 2)).limit_denominator(100))
    )


def span_text(span: Span) -> str:
    """Such as ``60 s to 120 s (60 s long)``."""
    start, end = (round(one, 3) for one in span)
    return f"{start:g} s to {end:g} s ({end - start:.6g} s long)"


def seconds_text(seconds: Fraction) -> str:
    """Seconds, or milliseconds below one; clock time beside them from a minute on."""
    value = float(seconds)
    if abs(value) < 1:
        return f"{value * 1000:.5g} ms"
    if value < 60:
        return f"{value:.6g} s"
    minutes, rest = divmod(value, 60)
    return f"{value:.6g} s ({int(minutes)}:{rest:06.3f})"
