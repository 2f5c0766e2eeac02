"""Chords as Roman numerals: ``vi IV I V``, ``iiø7``, ``bVII``, ``V7/ii``."""

import re

from audio.composing.scales import MODES, Scale
from audio.songs.harmony import is_chord

_NUMERAL = re.compile(
    r"([b#♭♯]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(°|o|ø|\+)?(maj7|M7|7|6|9|sus4|add9)?"
    r"(?:/(VII|VI|IV|V|III|II|vii|vi|iv|v|iii|ii))?"
)
_STEPS = ("i", "ii", "iii", "iv", "v", "vi", "vii")


def is_numeral(text: str) -> bool:
    """Whether a text is a chord as a numeral."""
    return _NUMERAL.fullmatch(text) is not None


def named(text: str, scale: Scale) -> str:
    """The chord name of a numeral in a scale; a chord's name stays as it is.

    Capitals are major, small letters minor. Steps are those of the scale: VI of A minor is F.
    """
    found = _NUMERAL.fullmatch(text)
    if found is None or is_chord(text):
        return text
    sign, numeral, mark, more, applied = found.groups()
    tonic = scale.tonic
    steps = scale.steps
    if applied:
        tonic = scale.degree(_STEPS.index(applied.lower()))
        steps = MODES["major" if applied.isupper() else "minor"]
    root = tonic + steps[_STEPS.index(numeral.lower())]
    root += {"b": -1, "♭": -1, "#": 1, "♯": 1}.get(sign, 0)
    return scale.spelled(root) + _suffix(numeral.isupper(), mark or "", more or "")


def _suffix(major: bool, mark: str, more: str) -> str:
    if mark in ("°", "o"):
        return "dim7" if more == "7" else "dim"
    if mark == "ø":
        return "m7b5"
    if mark == "+":
        return "aug7" if more == "7" else "aug"
    if more == "M7":
        more = "maj7"
    if major or more == "sus4":
        return more
    return "mMaj7" if more == "maj7" else "madd9" if more == "add9" else "m" + more
