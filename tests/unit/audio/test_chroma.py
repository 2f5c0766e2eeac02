from pathlib import Path

import numpy as np
import pytest

from audio.blocks import Block, Stream
from audio.chroma import LOWEST_MIDI, PitchMeter
from tests.unit.audio.tones import RATE, chord, hear, tone


@pytest.mark.parametrize("midi", [31, 45, 60, 74, 88])
def test_a_tone_rich_in_overtones_is_heard_as_its_own_note(midi: int, tmp_path: Path) -> None:
    notes = hear(tone(midi, 2.0), tmp_path).chromagram.notes.sum(axis=0)
    assert LOWEST_MIDI + int(notes.argmax()) == midi
    assert notes.max() > 0.6 * notes.sum()


@pytest.mark.parametrize("a4_hz", [430.0, 440.0, 447.0])
def test_an_instrument_tuned_off_concert_pitch_keeps_its_note_names(
    a4_hz: float, tmp_path: Path
) -> None:
    chromagram = hear(chord("A", 3.0, a4_hz=a4_hz), tmp_path).chromagram
    assert chromagram.tuning_hz == pytest.approx(a4_hz, abs=1.0)
    strongest = np.argsort(chromagram.chroma.sum(axis=0))[-3:]
    assert set(strongest.tolist()) == {9, 1, 4}


def test_a_stereo_file_with_one_channel_inverted_keeps_its_notes(tmp_path: Path) -> None:
    sound = chord("C", 2.0)
    both = np.stack((sound, -sound), axis=1)
    chromagram = hear(both, tmp_path).chromagram
    assert set(np.argsort(chromagram.chroma.sum(axis=0))[-3:].tolist()) == {0, 4, 7}


def test_the_level_of_a_file_changes_nothing(tmp_path: Path) -> None:
    sound = chord("F", 2.0)
    loud = hear(sound, tmp_path).chromagram.chroma.sum(axis=0)
    quiet = hear(sound * 0.05, tmp_path).chromagram.chroma.sum(axis=0)
    assert np.corrcoef(loud, quiet)[0, 1] > 0.98


@pytest.mark.parametrize(
    ("name", "word"), [("silence", "silent"), ("clicks", "clicks"), ("noise", "noise")]
)
def test_sound_without_pitch_says_why(name: str, word: str, tmp_path: Path) -> None:
    size = 6 * RATE
    sounds = {
        "silence": np.zeros(size),
        "clicks": np.where(np.arange(size) % 11_025 == 5_000, 0.5, 0.0),
        "noise": np.random.default_rng(3).normal(0, 0.1, size),
    }
    heard = hear(sounds[name], tmp_path)
    assert word in heard.chromagram.unpitched
    assert heard.melody.notes == ()
    assert heard.melody.reason == heard.chromagram.unpitched


def test_a_file_of_one_sample_is_told_as_silent() -> None:
    stream = Stream(sample_rate_hz=RATE, channels=1, frames=1, short_fft=1024, long_fft=8192)
    meter = PitchMeter(stream)
    no_sound = np.zeros((1, 1), np.float32)
    spectra = np.zeros((1, 513), np.float32), np.zeros((1, 4097), np.float32)
    meter.push(Block(0, no_sound, *spectra))
    assert meter.finish().unpitched
