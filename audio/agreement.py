"""When two values of an aspect can both be true: each aspect's own notion of agreement.

Numbers agree within the aspect's tolerance, keys and chords however they are spelt, lists by what
they have in common. ``relation`` names what ties two values that don't agree, such as an octave.
"""

import re
from collections.abc import Callable, Sequence

from pydantic import JsonValue

from audio.aspects import ASPECTS, NOTE_CLASSES, is_number, parse_key
from audio.pitch_names import midi_of_note
from grym_synth.errors import BadInput

EVENT_SECONDS = 0.07
"""Two events are one within this: the window of the MIREX beat evaluation."""
BOUNDARY_SECONDS = 0.5
"""Two boundaries of form are one within this: the finer window of MIREX structure evaluation."""
SPAN_SECONDS = 0.1
"""Spans agree when their ends lie so close: one hop of the long spectrogram."""
COMMON_EVENTS = 0.9
"""Least F-measure of two lists of events that agree."""
COMMON_FORM = 0.75
"""Least F-measure of two lists of boundaries that agree."""
COMMON_TIME = 0.75
"""Least share of the time in which two chord lists that agree name the same chord."""
SAME_QUARTERS = 0.02
"""Lengths of written notes are one within so many quarters: thirds are told with two digits."""
COMMON_COLOUR = 0.5
"""Least share of a picture in which two palettes that agree name the same colour."""

_TOLD_FREELY = (
    "heard.description", "voice.spans", "voice.words", "seen.description", "seen.writing",
    "seen.controls", "seen.places",
)  # fmt: skip
"""Aspects in a listener's or onlooker's own words: two that differ both stand, side by side."""

_CHORD = re.compile(r"^([A-Ga-g])(##|#|♯|bb|b|♭)?\s*(.*)$")
_QUALITIES = {
    "": "", "maj": "", "major": "", "M": "", ":maj": "", "m": "m", "min": "m", "minor": "m",
    "-": "m", ":min": "m", "dim": "dim", "°": "dim", "o": "dim", ":dim": "dim", "aug": "aug",
    "+": "aug", ":aug": "aug",
}  # fmt: skip
"""One name for each spelling of a quality; others keep their own (``7``, ``maj7``, ``sus4``)."""
_NO_CHORD = {"n", "n.c.", "nc", "none", "x"}
_ACCIDENTALS = {"#": 1, "♯": 1, "##": 2, "b": -1, "♭": -1, "bb": -2}


def agree(name: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether two values of an aspect can both be true.

    Args:
        name: the aspect; one that is not in the list agrees only with itself.
        one: a value in the aspect's unit.
        other: another one.
    """
    if name in _TOLD_FREELY:
        return True
    if isinstance(one, list) and isinstance(other, list):
        compare = _LISTS.get(name)
        return compare(one, other) if compare is not None else _equal(one, other)
    return _equal(one, other, name)


def relation(name: str, one: JsonValue, other: JsonValue) -> str:
    """What ties two values that don't agree, such as ``one is an octave of the other``."""
    if name == "tempo.bpm" and is_number(one) and is_number(other):
        return "one is an octave of the other" if is_tempo_octave(one, other) else ""
    if name == "key" and isinstance(one, str) and isinstance(other, str):
        return _key_relation(one, other)
    return ""


def is_tempo_octave(one: float, other: float) -> bool:
    """Whether two tempos differ by a factor of 2, 3 or their inverses (within 4 %)."""
    if not one or not other:
        return False
    return any(abs(one * factor / other - 1) <= 0.04 for factor in (2, 0.5, 3, 1 / 3))


def chord_of(label: str) -> tuple[int, str] | None:
    """A chord's pitch class and quality, the same for every spelling: ``Gbm`` is ``F# minor``.

    Returns:
        None when it is no chord; pitch class -1 where it names silence (``N``).
    """
    text = label.strip()
    if text.casefold() in _NO_CHORD:
        return -1, ""
    found = _CHORD.match(text)
    if found is None:
        return None
    letter, accidental, rest = found.groups()
    root = (NOTE_CLASSES[letter.upper()] + _ACCIDENTALS.get(accidental or "", 0)) % 12
    return root, _QUALITIES.get(rest.strip(), rest.strip().lstrip(":"))


def _equal(one: JsonValue, other: JsonValue, name: str = "") -> bool:
    if is_number(one) and is_number(other):
        aspect = ASPECTS.get(name)
        within = aspect.tolerance(max(abs(one), abs(other))) if aspect is not None else 0.0
        return abs(one - other) <= within
    if isinstance(one, str) and isinstance(other, str):
        keys = (parse_key(one), parse_key(other)) if name == "key" else (None, None)
        if None not in keys:
            return keys[0] == keys[1]
        return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
    return one == other


def _key_relation(one: str, other: str) -> str:
    keys = parse_key(one), parse_key(other)
    if keys[0] is None or keys[1] is None or keys[0] == keys[1]:
        return ""
    (tonic, mode), (other_tonic, other_mode) = keys[0], keys[1]
    if mode == other_mode:
        return "a fifth apart" if (tonic - other_tonic) % 12 in (5, 7) else ""
    if tonic == other_tonic:
        return "parallel keys: the same tonic"
    minor, major = (tonic, other_tonic) if mode == "minor" else (other_tonic, tonic)
    return "relative keys: the same notes" if (minor + 3) % 12 == major else ""


def _numbers(items: Sequence[JsonValue]) -> list[float]:
    return [float(item) for item in items if is_number(item)]


def _spans(items: Sequence[JsonValue]) -> list[tuple[float, float, str]]:
    """Start, end and label of each well-formed span."""
    found = []
    for item in items:
        if isinstance(item, list) and len(item) > 1 and is_number(item[0]) and is_number(item[1]):
            label = str(item[2]) if len(item) > 2 else ""
            found.append((float(item[0]), float(item[1]), label))
    return found


def _f_measure(one: list[float], other: list[float], window: float) -> float:
    """Harmonic mean of precision and recall of two lists of times, each matched at most once."""
    if not one and not other:
        return 1.0
    left, right, hits = sorted(one), sorted(other), 0
    i = j = 0
    while i < len(left) and j < len(right):
        if abs(left[i] - right[j]) <= window:
            hits, i, j = hits + 1, i + 1, j + 1
        elif left[i] < right[j]:
            i += 1
        else:
            j += 1
    return 2 * hits / (len(left) + len(right))


def _same_events(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    return _f_measure(_numbers(one), _numbers(other), EVENT_SECONDS) >= COMMON_EVENTS


def _same_form(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    """Labels such as A and B are arbitrary: only the boundaries count."""
    ends = [[start for start, _, _ in _spans(items)][1:] for items in (one, other)]
    return _f_measure(ends[0], ends[1], BOUNDARY_SECONDS) >= COMMON_FORM


def _same_melody(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    pitched = [
        {pitch: [s for s, _, p in _spans(items) if p == pitch] for _, _, pitch in _spans(items)}
        for items in (one, other)
    ]
    hits = sum(
        _f_measure(times, pitched[1].get(pitch, []), EVENT_SECONDS)
        * (len(times) + len(pitched[1].get(pitch, [])))
        for pitch, times in pitched[0].items()
    )
    total = sum(len(times) for by_pitch in pitched for times in by_pitch.values())
    return total == 0 or hits / total >= COMMON_EVENTS


def _same_notes(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    """Notes of a score contradict each other only in bars that both tell of."""
    left, right = _bars(one), _bars(other)
    return all(
        len(left[bar]) == len(right[bar]) and all(map(_same_note, left[bar], right[bar]))
        for bar in left.keys() & right.keys()
    )


def _bars(items: Sequence[JsonValue]) -> dict[int, list[list[JsonValue]]]:
    bars: dict[int, list[list[JsonValue]]] = {}
    for item in items:
        if isinstance(item, list) and len(item) > 1 and isinstance(item[0], int):
            bars.setdefault(item[0], []).append(item[1:])
    return bars


def _same_note(one: list[JsonValue], other: list[JsonValue]) -> bool:
    """Whether pitches agree, and lengths where both have one."""
    try:
        if midi_of_note(str(one[0])) != midi_of_note(str(other[0])):
            return False
    except BadInput:
        return one == other
    lengths = [note[1] for note in (one, other) if len(note) > 1 and is_number(note[1])]
    return len(lengths) < 2 or abs(lengths[0] - lengths[1]) <= SAME_QUARTERS


def _same_spans(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    left, right = sorted(_spans(one)), sorted(_spans(other))
    return len(left) == len(right) and all(
        abs(a[0] - b[0]) <= SPAN_SECONDS and abs(a[1] - b[1]) <= SPAN_SECONDS
        for a, b in zip(left, right, strict=True)
    )


def _same_hertz(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    left, right = _numbers(one), _numbers(other)
    pairs = zip(left, right, strict=False)
    return len(left) == len(right) and all(_equal(a, b, "tone.hz") for a, b in pairs)


def _same_chords(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    left, right = _spans(one), _spans(other)
    begin = max((min(s for s, _, _ in spans) for spans in (left, right) if spans), default=0.0)
    finish = min((max(e for _, e, _ in spans) for spans in (left, right) if spans), default=0.0)
    if not left or not right or finish <= begin:
        return not left and not right
    shared, i, j = 0.0, 0, 0
    left, right = sorted(left), sorted(right)
    while i < len(left) and j < len(right):
        overlap = min(left[i][1], right[j][1]) - max(left[i][0], right[j][0])
        if overlap > 0 and chord_of(left[i][2]) == chord_of(right[j][2]):
            shared += overlap
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return shared / (finish - begin) >= COMMON_TIME


def _share_one(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    """Lists of what is possible contradict each other only when nothing is possible in both."""
    left, right = _numbers(one), _numbers(other)
    return not left or not right or any(_equal(a, b, "tempo.bpm") for a in left for b in right)


def _same_colours(one: Sequence[JsonValue], other: Sequence[JsonValue]) -> bool:
    shares = [_shares(items) for items in (one, other)]
    common = sum(min(share, shares[1].get(name, 0.0)) for name, share in shares[0].items())
    whole = min(sum(shares[0].values()), sum(shares[1].values()))
    return whole == 0 or common / whole >= COMMON_COLOUR


def _shares(items: Sequence[JsonValue]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for item in items:
        if isinstance(item, dict):
            name, share = str(item.get("name", "")), item.get("share")
            shares[name] = shares.get(name, 0.0) + (float(share) if is_number(share) else 0.0)
    return shares


_LISTS: dict[str, Callable[[Sequence[JsonValue], Sequence[JsonValue]], bool]] = {
    "tempo.alternatives_bpm": _share_one,
    "beats": _same_events,
    "downbeats": _same_events,
    "chords": _same_chords,
    "structure.sections": _same_form,
    "melody.notes": _same_melody,
    "score.notes": _same_notes,
    "dropouts": _same_spans,
    "clipping.spans": _same_spans,
    "clicks": _same_spans,
    "sweep.hz": _same_hertz,
    "picture.palette": _same_colours,
}
