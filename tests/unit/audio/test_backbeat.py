"""What a snare and the beginning say about the beat, on kits that the test plays itself."""

from pathlib import Path

import numpy as np
import pytest

from audio.backbeat import Backbeat
from audio.offbeats import settle_phase
from audio.onsets import OnsetStrength
from tests.unit.audio.test_rhythm import RATE, Sound, rhythm_of, tone

SECONDS = 24.0


def struck(sound: Sound, note: Sound, time: float) -> None:
    at = round(time * RATE)
    piece = sound[at : at + len(note)]
    piece += note[: len(piece)]


def kit(bpm: float, start: float = 0.0) -> Sound:
    """Bass drum on one and before three, snare on two and four, cymbals on eighths, a held bass."""
    noise = np.random.default_rng(3).normal(0, 1, round(0.12 * RATE))
    snare = 0.35 * noise * np.exp(-np.arange(len(noise)) / RATE * 35)
    hat = 0.04 * np.diff(noise, prepend=0.0) * np.exp(-np.arange(len(noise)) / RATE * 90)
    sound, beat = np.zeros(round(SECONDS * RATE)), 60 / bpm
    for bar in range(int((SECONDS - start) / (4 * beat))):
        at = start + 4 * beat * bar
        for kick in (0.0, 2.5):
            struck(sound, tone(60, 0.3, 0.7), at + kick * beat)
        for two in (1, 3):
            struck(sound, snare, at + two * beat)
        for eighth in range(8):
            struck(sound, hat, at + eighth * beat / 2)
    return sound


def test_a_snare_on_every_second_beat_tells_the_octave_of_fast_music(tmp_path: Path) -> None:
    assert rhythm_of(kit(172), tmp_path).bpm == pytest.approx(172, rel=0.01)


def test_the_other_octave_has_a_chance_below_one_half(tmp_path: Path) -> None:
    told = rhythm_of(kit(96), tmp_path)
    assert told.bpm == pytest.approx(96, rel=0.01)
    assert 0 <= told.octave_confidence < 0.5


def off_beats(lead_in: float) -> Sound:
    """One note, then bass and chord between all beats of 100 BPM."""
    sound = np.zeros(round(SECONDS * RATE))
    struck(sound, tone(440, 0.2, 0.4), lead_in)
    for number in range(36):
        time = lead_in + (number + 0.5) * 0.6
        struck(sound, tone(90 if number % 2 else 110, 0.2, 0.2) + tone(880, 0.2, 0.3), time)
        struck(sound, tone(440, 0.2, 0.2), time + 0.3)
    return sound


def test_music_begins_on_a_beat_where_the_rest_is_even(tmp_path: Path) -> None:
    told = rhythm_of(off_beats(0.5), tmp_path)
    assert min(abs(beat - 0.5) for beat in told.beats) < 0.05


@pytest.mark.parametrize(("beginning", "moved"), [(None, 0.0), (0.3, 0.3), (0.6, 0.0)])
def test_the_first_note_decides_where_nothing_else_does(
    beginning: float | None, moved: float
) -> None:
    frames = round(SECONDS * 100)
    even = OnsetStrength(np.ones((frames, 7), np.float32), *np.ones((2, frames), np.float32))
    beats = np.linspace(0.6, 17.4, 29)
    chroma = np.ones((frames // 10, 12), np.float32)
    told = settle_phase(beats, even, Backbeat(np.zeros(9), 0.0), chroma, beginning)
    assert (told[0] - moved) % 0.6 == pytest.approx(0.0, abs=0.001)
