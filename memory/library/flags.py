"""Conditions as the command line gives them: ``--tempo 120..130 --key "F minor" --length ..4``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from audio.aspects import parse_key
from audio.library.sound import SoundKind
from audio.media import AUDIO_FORMATS
from grym_synth.errors import BadInput
from memory.library.fields import FIELDS
from memory.library.keys import camelot, key_name, tonic_of
from memory.library.names import words_of
from memory.library.query import Condition, Format, InKey, IsA, Named, OfKind, Range
from memory.library.wordbook import wordbook

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"\s*(?P<low>{_NUMBER})?\s*\.\.\s*(?P<high>{_NUMBER})?\s*")
_SAME = 0.02
"""A single tempo stands for all within 2 % of it, as close as two takes of one are."""
_NOTE = re.compile(r"([A-Ga-g])([#b])?")
_WHERE = re.compile(r"\s*(?P<field>[\w.]+)\s*=\s*(?P<range>\S+)\s*")


@dataclass(frozen=True)
class Flags:
    """What the options say; empty for what was not given."""

    tempo: str = ""
    key: str = ""
    length: str = ""
    loudness: str = ""
    kind: str = ""
    format: str = ""
    sound: str = ""
    name: str = ""
    where: Sequence[str] = ()
    """``FIELD=LOW..HIGH`` for any measured field."""


def conditions_of(flags: Flags) -> tuple[Condition, ...]:
    """The conditions that the options ask for; what can't be told meets none of them.

    Raises:
        BadInput: an option has a value that can't be used.
    """
    return tuple(_conditions(flags))


def _conditions(flags: Flags) -> Iterator[Condition]:
    for option, field, text in (
        ("--tempo", "tempo_bpm", flags.tempo),
        ("--length", "seconds", flags.length),
        ("--loudness", "loudness_lufs", flags.loudness),
    ):
        if text:
            yield _range(option, field, text)
    for text in flags.where:
        found = _WHERE.fullmatch(text)
        if found is None or found["field"] not in FIELDS:
            known = ", ".join(FIELDS)
            raise BadInput(
                f"reading --where {text}", "it is not FIELD=LOW..HIGH", f"Fields: {known}"
            )
        yield _range("--where", found["field"], found["range"])
    if flags.key:
        yield InKey(keys=(_key(flags.key),))
    if flags.kind:
        yield OfKind(kinds=(_kind(flags.kind),))
    if flags.format:
        form = flags.format.lower().lstrip(".")
        taken = sorted(set(AUDIO_FORMATS.values()))
        if form not in taken:
            raise BadInput(f"reading --format {form}", "it is none", f"One of {', '.join(taken)}")
        yield Format(formats=(form,))
    if flags.sound:
        yield _sound(flags.sound)
    if flags.name:
        yield Named(words=" ".join(words_of(flags.name)))


def _range(option: str, field: str, text: str) -> Range:
    found = _RANGE.fullmatch(text)
    try:
        if found is None:
            value = float(text)
            spread = _SAME * abs(value)
            return Range(field=field, low=value - spread, high=value + spread)
        low, high = (float(found[one]) if found[one] else None for one in ("low", "high"))
    except ValueError as fault:
        raise _bad_range(option, text) from fault
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise _bad_range(option, text)
    return Range(field=field, low=low, high=high)


def _bad_range(option: str, text: str) -> BadInput:
    do = "Write it as 120..130, ..4 or 90.."
    return BadInput(f"reading {option} {text}", "it is no range from low to high", do)


def _key(text: str) -> str:
    """A key, a Camelot code, or a note alone for either mode."""
    told = text.strip()
    note = _NOTE.fullmatch(told)
    if note is not None and tonic_of(name := note[1].upper() + (note[2] or "")) is not None:
        return name
    parsed = parse_key(told)
    code = camelot(told) if parsed is None and told else None
    if parsed is None and code is None:
        raise BadInput(f"reading --key {text}", "it is no key", "Write F minor, Bb or 8A")
    return code or (key_name(*parsed) if parsed is not None else told)


def _kind(text: str) -> SoundKind:
    wanted = text.strip().lower().replace(" ", "-").replace("oneshot", "one-shot").rstrip("s")
    found = next((one for one in get_args(SoundKind) if one == wanted), None)
    if found is None:
        known = ", ".join(get_args(SoundKind))
        raise BadInput(f"reading --kind {text}", "it is none", f"One of {known}")
    kind: SoundKind = found
    return kind


def _sound(text: str) -> IsA:
    wanted = " ".join(words_of(text))
    for one in wordbook().sound:
        if wanted == one.name or wanted in one.words:
            return IsA(sound=one.name)
    member = next((one for one in wordbook().sound if wanted in one.members), None)
    if member is None:
        known = ", ".join(one.name for one in wordbook().sound)
        raise BadInput(f"reading --sound {text}", "it is not known", f"One of {known}")
    return IsA(sound=member.name, member=wanted)
