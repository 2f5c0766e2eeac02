"""What the name and the folders of a sound say: words, and a tempo or a key where one is written.

Sample packs write these into names ("Kick_140bpm_Fmin.wav"). A name is what somebody said, so it
helps to find a sound and never takes the place of a measurement.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from audio.aspects import NOTE_CLASSES

_TEMPO = re.compile(r"(?<![\d.])(\d{2,3}(?:\.\d+)?) ?bpm(?![a-z])|(?<![a-z])bpm ?(\d{2,3})(?!\d)")
_KEY = re.compile(
    r"(?<![A-Za-z#])([A-G])(#|b|♯|♭|sharp|flat)? ?(major|minor|maj|min|dur|moll|m|M)(?![A-Za-z])"
)
_LOWER_KEY = re.compile(r"(?<![a-z#])([a-g])(#|b|sharp|flat)? ?(major|minor|maj|min)(?![a-z])")
_NOTE = re.compile(r"(?<![A-Za-z#])([A-G])(#|b|♯|♭|s)?(-?[0-8])?(?![A-Za-z#\d])$")
_PITCHED = re.compile(
    r"808|bass|sub|lead|pluck|stab|chord|key|note|tonal|pad|synth|bell|tom", re.IGNORECASE
)
"""After these a letter alone is a note; elsewhere it may count versions ("beat B")."""
_MINOR = ("minor", "min", "moll", "m")
_SHARP = ("#", "♯", "sharp", "s")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_SLOWEST, _FASTEST = 30.0, 320.0


@dataclass(frozen=True)
class Said:
    """What a name says."""

    words: str
    """Lower-case words of folders, name and tags between single blanks, one at each end."""
    tempo_bpm: float | None
    key: str | None
    """Such as ``F minor``, or ``F`` alone for a note."""


def read_name(path: str, root: str, tags: dict[str, str]) -> Said:
    """Read the name of a sound, its folders below and with the root, and its tags.

    Args:
        path: absolute path of the file.
        root: the folder that was indexed.
        tags: what the file says of itself.
    """
    parts = PurePath(path).parts
    below = parts[max(len(PurePath(root).parts) - 1, 1) :] if path != root else parts[-1:]
    stem = PurePath(parts[-1]).stem
    words = words_of(" ".join((*below[:-1], stem, *tags.values())))
    return Said(f" {' '.join(words)} ", _tempo(stem), _key(stem))


def words_of(text: str) -> list[str]:
    """The words of a text, folded: case, accents, CamelCase and letters against digits."""
    parted = _CAMEL.sub(" ", text)
    plain = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode()
    folded = plain.lower() if plain.strip() or not parted.strip() else parted.lower()
    return _WORD.findall(folded) or folded.split()


def _tempo(stem: str) -> float | None:
    found = _TEMPO.search(re.sub(r"[_\-]+", " ", stem.lower()))
    if found is None:
        return None
    bpm = float(found[1] or found[2])
    return bpm if _SLOWEST <= bpm <= _FASTEST else None


def _key(stem: str) -> str | None:
    plain = re.sub(r"[_\-()\[\]]+", " ", _TEMPO.sub(" ", stem)).strip()
    found = _KEY.search(plain) or _LOWER_KEY.search(plain)
    if found is not None:
        tonic = _spelt(found[1], found[2])
        mode = "minor" if found[3] in _MINOR else "major"
        return f"{tonic} {mode}" if tonic else None
    note = _NOTE.search(plain)
    if note is None or note.start() == 0:
        return None
    clear = note[2] or note[3] or _PITCHED.search(plain[: note.start()])
    return _spelt(note[1], note[2]) if clear else None


def _spelt(letter: str, mark: str | None) -> str | None:
    sign = "" if mark is None else "#" if mark in _SHARP else "b"
    name = letter.upper() + sign
    return name if name in NOTE_CLASSES else None
