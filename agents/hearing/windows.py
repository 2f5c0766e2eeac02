"""Where in a piece a model listens that hears only a few seconds at once.

Windows begin where the music begins anew: at section boundaries, within long sections at bars, and
where neither is known, one after the other.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from audio.aspects import is_number

LEAST_SECONDS = 1.0
"""Less is not worth a question."""
_SAME = 1e-6


class Window(NamedTuple):
    """A stretch to listen to."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    section: str
    """Label of its section, such as ``B``; empty where none is known."""
    why: str
    """Why it begins there."""


class _Span(NamedTuple):
    start: float
    end: float
    label: str


def windows(
    known: Mapping[str, JsonValue], seconds: float, longest: float, most: int
) -> tuple[Window, ...]:
    """Stretches to listen to, in the order of time.

    Where there are more than ``most``, each kind of section is heard first, then each section, and
    then what is left of the longest ones, spread evenly.

    Args:
        known: what was measured of the file, by aspect.
        seconds: its length.
        longest: what the model hears at once, in seconds.
        most: the most windows.
    """
    start = _number(known.get("silence.start_seconds"))
    end = seconds - _number(known.get("silence.end_seconds"))
    if end - start < LEAST_SECONDS:
        start, end = 0.0, seconds
    spans = _sections(known.get("structure.sections"), start, end)
    bars = [one for one in _numbers(known.get("downbeats")) if start <= one <= end]
    tiles = [_tiles(span, bars, longest) for span in spans]
    chosen = [
        window
        for held, count in zip(tiles, _shares(spans, tiles, most), strict=True)
        for window in _spread(held, count)
    ]
    return tuple(sorted(chosen))


def _sections(value: JsonValue, start: float, end: float) -> list[_Span]:
    """The sections within what sounds; all of it as one where none are known."""
    spans = []
    for one in value if isinstance(value, list) else []:
        if isinstance(one, list) and len(one) > 2 and is_number(one[0]) and is_number(one[1]):
            span = _Span(max(start, one[0]), min(end, one[1]), str(one[2]))
            if span.end - span.start >= LEAST_SECONDS:
                spans.append(span)
    return spans or [_Span(start, end, "")]


def _tiles(span: _Span, bars: Sequence[float], longest: float) -> list[Window]:
    """A section cut into windows of whole bars, each as long as can be heard at once."""
    at, why = span.start, f"section {span.label} begins" if span.label else "the sound begins"
    found: list[Window] = []
    while span.end - at >= LEAST_SECONDS:
        limit = at + longest
        if limit >= span.end - _SAME:
            found.append(Window(at, span.end, span.label, why))
            break
        ends = [bar for bar in bars if at + longest / 2 < bar <= limit + _SAME]
        upto = min(ends[-1], limit) if ends else limit
        found.append(Window(at, upto, span.label, why))
        at, why = upto, "a bar begins" if ends else "the window before ends"
    return found or [Window(span.start, span.end, span.label, why)]


def _shares(spans: Sequence[_Span], tiles: Sequence[list[Window]], most: int) -> list[int]:
    """How many windows each section gets."""
    labels = [span.label for span in spans]
    order = sorted(range(len(spans)), key=lambda at: labels[at] in labels[:at])
    shares = [0] * len(spans)
    for at in order[:most]:
        shares[at] = 1
    while sum(shares) < most:
        wanting = [at for at in range(len(spans)) if shares[at] < len(tiles[at])]
        if not wanting:
            break
        shares[max(wanting, key=lambda at: len(tiles[at]) / (shares[at] + 1))] += 1
    return shares


def _spread(held: list[Window], count: int) -> list[Window]:
    """So many of the windows, the first among them, with even gaps between."""
    return [held[at * len(held) // count] for at in range(count)]


def _number(value: JsonValue) -> float:
    return float(value) if is_number(value) else 0.0


def _numbers(value: JsonValue) -> list[float]:
    return [float(one) for one in value if is_number(one)] if isinstance(value, list) else []
