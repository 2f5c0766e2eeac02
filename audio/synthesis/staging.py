"""Where a track stands in a mix: its level and its place between left and right.

Both follow from the instrument alone and never from what is played, so that a change of one track
leaves all others as they are. The level is set by ear's measure: a phrase that suits the instrument
is rendered, its K-weighted level (ITU-R BS.1770-4, without gates) is brought to what its family
has in a mix.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audio.songs.instruments import INSTRUMENTS, Family, Instrument, instrument_of_program
from audio.songs.song import Track
from audio.synthesis.synthesiser import RATE_HZ, Sound, Synthesiser, TimedNote

FAMILY_LUFS: dict[Family, float] = {
    "drums": -28.5, "bass": -28.0, "keys": -27.0, "guitar": -27.0, "organ": -30.0,
    "strings": -29.0, "voices": -28.0, "brass": -27.0, "reeds": -26.0, "pipes": -27.0,
    "mallets": -28.0, "plucked": -28.0, "synth lead": -27.0, "synth pad": -31.0,
}  # fmt: skip
"""Level of each family's phrase in a mix, in LUFS: about -20 for a band together."""

_CHORDAL: frozenset[Family] = frozenset(
    ("keys", "guitar", "organ", "strings", "synth pad", "voices", "plucked")
)
_UNKNOWN = Instrument("", 0, "keys", 36, 84, ())
_BEAT = RATE_HZ // 2
_PHRASE_FRAMES = 5 * _BEAT
_KIT = ((36, 42), (42,), (38, 42), (42,), (36, 42), (36, 46), (38, 42), (42,))
"""Sounds of the drums' phrase, by eighths: bass drum, snare, hi-hat."""
_OFFSET = -0.691
_MOST_GAIN_DB = 36.0
"""An instrument that stays silent gets no more than this."""


class Stage(NamedTuple):
    """A track's place in the mix."""

    gain_db: float
    pan: float
    """-1 left … 1 right."""

    @property
    def gains(self) -> tuple[float, float]:
        """Factors of left and right: of equal power, 1 and 1 in the middle."""
        angle = (self.pan + 1) * math.pi / 4
        gain = 10 ** (self.gain_db / 20) * math.sqrt(2)
        return gain * math.cos(angle), gain * math.sin(angle)


def stages_of(tracks: Sequence[Track], synthesiser: Synthesiser) -> tuple[Stage, ...]:
    """The place of each track; a second track of one instrument goes to the other side."""
    seen: dict[str, int] = {}
    stages = []
    for track in tracks:
        instrument = _instrument(track)
        count = seen.get(instrument.name, 0)
        seen[instrument.name] = count + 1
        level = _level(track, instrument, synthesiser)
        wanted = FAMILY_LUFS[instrument.family] + instrument.gain_db
        side = -1 if count % 2 else 1
        stages.append(Stage(round(min(wanted - level, _MOST_GAIN_DB), 1), side * instrument.pan))
    return tuple(stages)


def _instrument(track: Track) -> Instrument:
    known = INSTRUMENTS.get(track.instrument)
    if known is None or known.is_drums is not track.is_drums:
        known = instrument_of_program(track.program, track.is_drums)
    return known or (INSTRUMENTS["Drum Kit"] if track.is_drums else _UNKNOWN)


def _level(track: Track, instrument: Instrument, synthesiser: Synthesiser) -> float:
    """How loud an instrument's phrase is as the synthesiser plays it, in LUFS."""
    notes = _kit_phrase() if track.is_drums else _phrase(instrument)
    return level_of(synthesiser.play(track.program, track.is_drums, notes, _PHRASE_FRAMES))


def _phrase(instrument: Instrument) -> list[TimedNote]:
    """Four quarters about the middle of the range; chords where it plays chords."""
    middle = (instrument.low + instrument.high) // 2
    if instrument.family == "bass":
        middle = instrument.low + 12
    above = (0, 4, 7) if instrument.family in _CHORDAL else (0,)
    return [
        TimedNote(beat * _BEAT, (beat + 1) * _BEAT, middle + step + chord, instrument.velocity)
        for beat, step in enumerate((0, -5, 2, 0))
        for chord in above
    ]


def _kit_phrase() -> list[TimedNote]:
    eighth = _BEAT // 2
    return [
        TimedNote(place * eighth, place * eighth + eighth // 2, sound, 90)
        for place, sounds in enumerate(_KIT)
        for sound in sounds
    ]


def level_of(sound: Sound) -> float:
    """The K-weighted level of all of a sound, in LUFS; -120 at the lowest."""
    from scipy import signal

    from audio.loudness import k_weighting

    weighted = signal.sosfilt(k_weighting(RATE_HZ), sound.astype(np.float64), axis=0)
    power = float(np.mean(np.square(weighted), axis=0).sum())
    return _OFFSET + 10 * math.log10(max(power, 1e-12))
