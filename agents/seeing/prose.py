"""Hertz and seconds in a model's own words: what the picture can't show, and events to be checked.

Tempo, key and loudness in an answer are taken out of it elsewhere; what is said of places in a
picture is held against its axes here, and events that a sentence names become claims.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.planning.quantities import Quantity, find_quantities
from agents.planning.text import read_text
from agents.seeing.marks import Sighted
from agents.seeing.truth import same_hertz
from audio.axes import Axes
from audio.sight.events import EventKind, PictureEvent

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_DENIED = re.compile(
    r"\b(?:no|not|none|never|without|neither|nor|isn't|aren't|doesn't|kein\w*|nicht|ohne|sin|sans)\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    ("hum", re.compile(r"\bhums?\b|\bhumming\b|\bmains\b|\bbrumm\w*", re.IGNORECASE)),
    (
        "cutoff",
        re.compile(
            r"\bcut-?\s?offs?\b|\blow-?pass\w*|\broll(?:s|ed|ing)?[\s-]?off\b|\bfalls? off\b|"
            r"\bcuts? off\b|\bbrick-?\s?wall\w*",
            re.IGNORECASE,
        ),
    ),
    ("dropout", re.compile(r"\bdrop-?\s?outs?\b|\bdrops? out\b|\bgaps?\b", re.IGNORECASE)),
    ("click", re.compile(r"\bclicks?\b|\bklicks?\b", re.IGNORECASE)),
    ("sweep", re.compile(r"\bsweep\w*|\bchirps?\b|\bglid\w+|\bglissand\w+", re.IGNORECASE)),
    (
        "tone",
        re.compile(
            r"\b(?:tones?|whistl\w+|beeps?|sine\w*|(?:level|steady|horizontal|straight) lines?)\b",
            re.IGNORECASE,
        ),
    ),
)
"""Words for each kind of event, the narrowest first."""
_HERTZ_OF: dict[EventKind, int] = {
    "hum": 1, "cutoff": 1, "tone": 1, "sweep": 2, "dropout": 0, "click": 0,
}  # fmt: skip
"""So many frequencies a sentence must hold to name one event of a kind."""
_LENGTH = re.compile(
    r"\b(?:of|for|lasting|lasts|takes?)(?:\s+(?:about|around|roughly|some|only))?\s+$", re.I
)
"""Stands before a length of time, which is no place."""
_ROUNDED = 0.1
"""Frequencies in words are rounded so far."""
_SECONDS_SLACK = 0.25
_BEYOND = 1.02
"""What is told up to so much beyond the picture was rounded."""


@dataclass(frozen=True)
class Frame:
    """How far a picture goes."""

    start: float
    """Seconds."""
    end: float | None
    high_hz: float | None

    @classmethod
    def of(cls, axes: Axes | None, seconds: float | None, sample_rate_hz: int | None) -> "Frame":
        """The limits of a picture's axes, else of the sound that it shows."""
        start, end, high = 0.0, seconds, sample_rate_hz / 2 if sample_rate_hz else None
        if axes is not None and axes.x.quantity == "time":
            start, end = axes.x.low, axes.x.high
        if axes is not None and axes.y.quantity == "frequency":
            high = axes.y.high
        return cls(start, end, high)


@dataclass(frozen=True)
class Told:
    """A description, taken apart."""

    possible: str
    """The sentences that the picture can show."""
    impossible: tuple[str, ...]
    """The others, each with what is wrong with it."""
    events: tuple[PictureEvent, ...]
    """The events that sentences name, which last as long as the picture where no time is told."""


def told_in(text: str, frame: Frame) -> Told:
    """Take a description apart.

    Args:
        text: what a model said of a picture.
        frame: how far the picture goes.
    """
    possible: list[str] = []
    impossible: list[str] = []
    events: list[PictureEvent] = []
    for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
        found = find_quantities(read_text(sentence).words)
        why = _beyond(found, frame)
        if why:
            impossible.append(f"“{sentence}”: {why}")
            continue
        possible.append(sentence)
        events += _events(sentence, found, frame)
    return Told(" ".join(possible), tuple(impossible), tuple(events))


def placed(
    events: Iterable[PictureEvent], frame: Frame, known: Sequence[PictureEvent]
) -> list[Sighted]:
    """Events from words, at the time of the known one that they mean where they tell none."""
    return [_sighted(one, frame, known) for one in events]


def _sighted(event: PictureEvent, frame: Frame, known: Sequence[PictureEvent]) -> Sighted:
    timeless = (event.start, event.end) == (frame.start, frame.end)
    sighted = Sighted(event, _SECONDS_SLACK, _ROUNDED * (event.hertz or 0.0), "in words")
    if not timeless:
        return sighted
    meant = (one for one in known if one.kind == event.kind and same_hertz(sighted, one))
    other = next(meant, None)
    if other is None:
        return sighted
    moved = event.model_copy(update={"start": other.start, "end": other.end})
    return sighted._replace(event=moved)


def _beyond(found: Iterable[Quantity], frame: Frame) -> str:
    """What a sentence tells that lies outside the picture; empty where nothing does."""
    for one in found:
        if one.unit == "hz" and frame.high_hz and one.value > frame.high_hz * _BEYOND:
            return f"it ends at {frame.high_hz:g} Hz"
        late = frame.end is not None and one.value > frame.end * _BEYOND + _SECONDS_SLACK
        if one.unit == "seconds" and late:
            return f"it ends at {frame.end:g} s"
    return ""


def _events(sentence: str, found: Sequence[Quantity], frame: Frame) -> Iterator[PictureEvent]:
    """The event that a sentence names; nothing where it names several, or denies one."""
    if _DENIED.search(sentence) or frame.end is None:
        return
    kinds = [kind for kind, words in _KINDS if words.search(sentence)]
    hertz = [one.value for one in found if one.unit == "hz" and one.value > 0]
    times = [
        one.value
        for one in found
        if one.unit == "seconds" and one.value >= 0 and not _LENGTH.search(sentence[: one.start])
    ]
    if not kinds or len(hertz) != _HERTZ_OF[kinds[0]] or len(times) > 2:
        return
    kind = kinds[0]
    if kind in ("dropout", "click") and not times:
        return
    start, end = _stretch(kind, times, frame)
    if start > end:
        return
    yield PictureEvent(
        kind=kind,
        start=start,
        end=end,
        hertz=hertz[0] if hertz else None,
        end_hertz=hertz[1] if kind == "sweep" else None,
    )


def _stretch(kind: EventKind, times: Sequence[float], frame: Frame) -> tuple[float, float]:
    """When an event lasts, as far as its sentence tells."""
    end = frame.end if frame.end is not None else frame.start
    if len(times) == 2:
        return times[0], times[1]
    if len(times) == 1 and kind in ("dropout", "click"):
        return times[0], times[0]
    return frame.start, end
