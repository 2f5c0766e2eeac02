"""How keys lie to one another, for finding sounds that fit: relatives, neighbours, notes."""

from functools import cache

from audio.aspects import NOTE_CLASSES, parse_key
from audio.pitch_names import FLATS

_MAJORS = tuple({"Gb": "F#"}.get(name, name) for name in FLATS)
_MINORS = tuple({"Db": "C#", "Gb": "F#", "Ab": "G#"}.get(name, name) for name in FLATS)
"""The usual names of the keys: those with fewer signs."""
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


def key_name(tonic: int, mode: str) -> str:
    """The usual name of a key: pitch class 0..11 and ``major`` or ``minor``."""
    names = _MINORS if mode == "minor" else _MAJORS
    return f"{names[tonic % 12]} {mode}"


@cache
def same_key(one: str, other: str) -> bool:
    """Whether two names mean one key; a note alone means either mode."""
    if tonic_of(one) != tonic_of(other):
        return False
    return " " not in one or " " not in other or parse_key(one) == parse_key(other)


@cache
def tonic_of(key: str) -> int | None:
    """The pitch class of a key's tonic, or of a note with or without its octave."""
    return NOTE_CLASSES.get(key.split()[0].rstrip("-0123456789")) if key.split() else None


def relative(key: str) -> str | None:
    """The key of the other mode with the same notes: A flat major for F minor."""
    parsed = parse_key(key) if " " in key else None
    if parsed is None:
        return None
    tonic, mode = parsed
    return key_name(tonic + 3, "major") if mode == "minor" else key_name(tonic - 3, "minor")


def neighbours(key: str) -> tuple[str, ...]:
    """The keys a fifth above and below: all but one of their notes are the key's own."""
    parsed = parse_key(key) if " " in key else None
    if parsed is None:
        return ()
    tonic, mode = parsed
    return key_name(tonic + 7, mode), key_name(tonic + 5, mode)


def in_scale(note: int, key: str) -> bool:
    """Whether a pitch class belongs to a key (natural minor)."""
    return note in _scale(key)


@cache
def _scale(key: str) -> frozenset[int | None]:
    parsed = parse_key(key) if " " in key else None
    if parsed is None:
        return frozenset((tonic_of(key),))
    tonic, mode = parsed
    return frozenset((tonic + step) % 12 for step in _SCALES[mode])


def camelot(code: str) -> str | None:
    """The key of a Camelot code such as ``8A`` (A minor) or ``8B`` (C major).

    The codes number the circle of fifths clockwise, with C major and A minor at 8.
    """
    number, side = code[:-1], code[-1:].upper()
    if not number.isdigit() or not 1 <= int(number) <= 12 or side not in ("A", "B"):
        return None
    steps = int(number) - 8
    return key_name(9 + 7 * steps, "minor") if side == "A" else key_name(7 * steps, "major")
