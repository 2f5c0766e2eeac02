"""The controlled list of aspects: what can be measured, its unit, and when two values agree."""

import math
import re
from dataclasses import dataclass
from typing import Literal, TypeGuard

from pydantic import JsonValue

Kind = Literal["number", "count", "text", "list"]

NOTE_CLASSES = {
    "C": 0, "B#": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "Fb": 4, "E#": 5, "F": 5,
    "F#": 6, "Gb": 6, "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11, "Cb": 11,
}  # fmt: skip
"""Pitch class (0 = C) of each note name."""

BAND_EDGES_HZ = {
    "sub": (20.0, 60.0),
    "bass": (60.0, 120.0),
    "low_mid": (120.0, 500.0),
    "mid": (500.0, 2000.0),
    "high_mid": (2000.0, 4000.0),
    "presence": (4000.0, 6000.0),
    "brilliance": (6000.0, 20000.0),
}
"""Lower and upper edge, in hertz, of each band of ``spectrum.band_db.*``."""


@dataclass(frozen=True)
class Aspect:
    """One measurable property: its unit, its kind, and its default agreement."""

    name: str
    unit: str
    kind: Kind
    says: str
    """One line for help texts and documents."""
    absolute: float = 0.0
    """Two numbers agree within this distance, in the unit."""
    relative: float = 0.0
    """Two numbers agree within this share of the larger one."""

    def tolerance(self, value: float) -> float:
        """The default agreement about ``value``, as a distance in the unit."""
        return max(self.absolute, self.relative * abs(value))


_ALL = (
    Aspect("duration.seconds", "s", "number", "Length of the file", absolute=0.05),
    Aspect("sample_rate.hz", "Hz", "count", "Sample rate"),
    Aspect("channels", "", "count", "Number of channels"),
    Aspect("tempo.bpm", "BPM", "number", "Tempo", relative=0.04),
    Aspect("tempo.alternatives_bpm", "BPM", "list", "Other tempos that fit, mostly octaves"),
    Aspect("beats", "s", "list", "Beat times"),
    Aspect("downbeats", "s", "list", "Times of the first beat of each bar"),
    Aspect("meter", "", "text", "Beats in a bar, such as 4/4"),
    Aspect("key", "", "text", "Tonic and mode, such as F# minor"),
    Aspect("chords", "", "list", "Chord labels with start and end, in seconds"),
    Aspect("loudness.integrated_lufs", "LUFS", "number", "Integrated loudness", absolute=0.5),
    Aspect("loudness.short_term_max_lufs", "LUFS", "number", "Loudest 3 s", absolute=0.5),
    Aspect("loudness.momentary_max_lufs", "LUFS", "number", "Loudest 400 ms", absolute=0.5),
    Aspect("loudness.range_lu", "LU", "number", "Loudness range", absolute=1.0),
    Aspect("loudness.true_peak_dbtp", "dBTP", "number", "True peak", absolute=0.3),
    Aspect("dynamics.crest_db", "dB", "number", "Peak to RMS ratio", absolute=1.0),
    Aspect("dc_offset", "", "number", "Largest mean of a channel, full scale 1", absolute=0.001),
    Aspect("clipping.samples", "samples", "count", "Samples in clipped runs"),
    Aspect("silence.start_seconds", "s", "number", "Silence before the sound", absolute=0.05),
    Aspect("silence.end_seconds", "s", "number", "Silence after the sound", absolute=0.05),
    Aspect("spectrum.centroid_hz", "Hz", "number", "Spectral centroid", relative=0.1),
    Aspect("spectrum.rolloff_hz", "Hz", "number", "85 % of the energy lies below", relative=0.1),
    Aspect("spectrum.bandwidth_hz", "Hz", "number", "Spread about the centroid", relative=0.1),
    Aspect("spectrum.cutoff_hz", "Hz", "number", "Low-pass edge, as mp3 leaves it", relative=0.05),
    Aspect("stereo.correlation", "", "number", "Left-right correlation, -1..1", absolute=0.1),
    Aspect("stereo.width", "", "number", "Side energy over all energy, 0..1", absolute=0.1),
    Aspect("stereo.balance_db", "dB", "number", "Right over left level", absolute=0.5),
    Aspect("hum.hz", "Hz", "number", "Mains hum fundamental", absolute=1.0),
    Aspect("structure.sections", "", "list", "Sections with start, end and label"),
    Aspect("onsets.per_second", "1/s", "number", "Note onsets per second", relative=0.2),
    Aspect("harmonic_percussive.ratio_db", "dB", "number", "Harmonic over percussive energy", 1.0),
    Aspect("melody.notes", "", "list", "Dominant melody: start, end, MIDI pitch"),
    *(
        Aspect(f"spectrum.band_db.{band}", "dB", "number", f"Level of {low:.0f}-{high:.0f} Hz", 1.0)
        for band, (low, high) in BAND_EDGES_HZ.items()
    ),
)

SHOWS = "picture.shows"
"""The aspect that ties a picture to the sound that it shows."""

_PICTURED = (
    Aspect("dropouts", "s", "list", "Sudden gaps: start and end"),
    Aspect("clipping.spans", "s", "list", "Clipped stretches: start and end"),
    Aspect("tone.hz", "Hz", "number", "A tone that begins and ends", relative=0.06),
    Aspect("sweep.hz", "Hz", "list", "A tone that moves: from and to"),
    Aspect("clicks", "s", "list", "Clicks: start and end"),
    Aspect("picture.size", "px", "list", "Width and height of a picture"),
    Aspect("picture.mode", "", "text", "Colour mode of a picture, such as RGB"),
    Aspect("picture.palette", "", "list", "Main colours of a picture: name, hex, share"),
    Aspect("picture.kind", "", "text", "What a picture shows or looks like"),
    Aspect(SHOWS, "", "text", "Picture shows"),
    Aspect("picture.axes", "", "text", "What the axes inside a picture say that it shows"),
)

PROFILE = tuple(aspect.name for aspect in _ALL)
"""The aspects of a full measurement of a sound file, in order."""

_BY_EAR = (
    Aspect("heard.description", "", "text", "What a model says of a stretch of sound"),
    Aspect("voice.spans", "s", "list", "Stretches with a voice: start and end"),
    Aspect("voice.words", "", "list", "Words of a voice: start and end, in seconds, and the word"),
)

_BY_EYE = (
    Aspect("seen.description", "", "text", "What a model says of a picture"),
    Aspect("seen.writing", "", "list", "Writing in a picture that reads like orders, not followed"),
    Aspect("seen.controls", "", "list", "Controls on a screen: name, kind, value, place in pixels"),
    Aspect("seen.places", "", "list", "Places in a plot: what, kind, start, end, low, high"),
    Aspect("score.notes", "", "list", "Notes of a score: bar, note, length in quarters"),
)

ASPECTS = {aspect.name: aspect for aspect in (*_ALL, *_PICTURED, *_BY_EAR, *_BY_EYE)}
"""Every aspect by name."""

_KEY = re.compile(r"^\s*([A-Ga-g])\s*(#|♯|b|♭|-?sharp|-?flat)?\s*(major|minor|maj|min|m|M)?\s*$")


def parse_key(text: str) -> tuple[int, str] | None:
    """Read a key such as ``F# minor``, ``Bbm`` or ``c minor``.

    Returns:
        Pitch class 0..11 (0 = C) and ``major`` or ``minor``; None when it is no key.
    """
    found = _KEY.match(text)
    if found is None:
        return None
    letter, accidental, mode = found.groups()
    shift = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
    tonic = NOTE_CLASSES[letter.upper()] + shift.get((accidental or "").lstrip("-"), 0)
    return tonic % 12, "minor" if mode in ("minor", "min", "m") else "major"


def is_number(value: JsonValue) -> TypeGuard[int | float]:
    """Whether a JSON value is a finite number (booleans are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
