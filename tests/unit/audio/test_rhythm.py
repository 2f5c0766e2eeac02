"""The rhythm of sounds whose tempo, beats and bars are known because the test made them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audio.blocks import open_stream, read_blocks
from audio.rhythm import Rhythm, RhythmMeter

RATE = 22_050
Sound = NDArray[np.float64]


def rhythm_of(sound: Sound, folder: Path, rate: int = RATE) -> Rhythm:
    path = folder / "sound.wav"
    soundfile.write(path, sound, rate)
    stream = open_stream(path)
    meter = RhythmMeter(stream)
    for block in read_blocks(path, stream):
        meter.push(block)
    return meter.finish()


def tone(hz: float, seconds: float, level: float) -> Sound:
    at = np.arange(round(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * hz * at) * np.exp(-at * 30)


def clicks(bpm: float, per_bar: int, seconds: float, start: float = 0.3) -> tuple[Sound, Sound]:
    """A bass note on each bar's first beat, clicks on the others; and the beat times."""
    times = np.arange(start, seconds - 0.2, 60 / bpm)
    sound = np.zeros(round(seconds * RATE))
    for number, time in enumerate(times):
        first = number % per_bar == 0
        note = tone(80, 0.2, 0.7) + tone(1500, 0.2, 0.3) if first else tone(1000, 0.2, 0.4)
        at = round(time * RATE)
        piece = sound[at : at + len(note)]
        piece += note[: len(piece)]
    return sound, times


@pytest.mark.parametrize("bpm", [60, 90, 120, 174])
@pytest.mark.parametrize("per_bar", [3, 4])
def test_an_accented_click_track_gives_its_tempo_beats_and_bars(
    bpm: float, per_bar: int, tmp_path: Path
) -> None:
    sound, times = clicks(bpm, per_bar, 24.0)
    told = rhythm_of(sound, tmp_path)
    assert told.bpm == pytest.approx(bpm, rel=0.002)
    near = [min(abs(beat - time) for beat in told.beats) for time in times]
    assert max(near) < 0.03
    assert len(told.beats) == pytest.approx(len(times), abs=2)
    assert told.meter == f"{per_bar}/4"
    bars = times[::per_bar]
    assert all(min(abs(bar - time) for time in bars) < 0.03 for bar in told.downbeats)


def test_the_tempo_of_a_machine_is_exact_and_not_a_multiple_of_the_frame_rate(
    tmp_path: Path,
) -> None:
    sound, _ = clicks(127.3, 4, 30.0)
    assert rhythm_of(sound, tmp_path).bpm == pytest.approx(127.3, abs=0.05)


def test_the_other_octaves_are_offered(tmp_path: Path) -> None:
    sound, _ = clicks(100, 4, 24.0)
    told = rhythm_of(sound, tmp_path)
    assert told.alternatives_bpm
    factors = [other / 100 for other in told.alternatives_bpm]
    assert any(factor == pytest.approx(by, rel=0.04) for factor in factors for by in (0.5, 2, 4))


def test_beats_follow_a_player_who_slows_down(tmp_path: Path) -> None:
    intervals = np.linspace(0.5, 0.65, 50)
    times = 0.3 + np.concatenate(([0], np.cumsum(intervals)))
    sound = np.zeros(round((times[-1] + 0.5) * RATE))
    for time in times:
        note = tone(400, 0.15, 0.5)
        at = round(time * RATE)
        sound[at : at + len(note)] += note
    told = rhythm_of(sound, tmp_path)
    near = [min(abs(beat - time) for beat in told.beats) for time in times[3:-3]]
    assert np.mean(np.array(near) < 0.05) > 0.9


def test_every_click_is_an_onset(tmp_path: Path) -> None:
    sound, times = clicks(120, 4, 20.0)
    told = rhythm_of(sound, tmp_path)
    assert told.onsets_per_second == pytest.approx(len(times) / 20.0, rel=0.05)
    assert max(abs(np.array(told.onset_times) - times)) < 0.015


def test_a_loop_of_whole_bars_is_heard_at_dance_tempo(tmp_path: Path) -> None:
    sound, _ = clicks(140, 4, 8 * 60 / 140 + 0.2, start=0.0)
    assert rhythm_of(sound[: round(8 * 60 / 140 * RATE)], tmp_path).bpm == pytest.approx(140, 0.02)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(5 * RATE),
        0.5 * np.sin(2 * np.pi * 440 * np.arange(10 * RATE) / RATE),
        np.concatenate((np.zeros(RATE), tone(440, 3.0, 0.5))),
        tone(440, 0.02, 0.5),
        np.zeros(1),
    ],
    ids=["silence", "a lone sine", "a single note", "20 ms", "one sample"],
)
def test_without_a_pulse_there_is_no_tempo_but_a_reason(sound: Sound, tmp_path: Path) -> None:
    told = rhythm_of(sound, tmp_path)
    assert told.bpm is None
    assert told.confidence == 0
    assert (told.beats, told.downbeats, told.meter) == ([], [], None)
    assert "too few" in told.tempo_method


def test_noise_is_not_given_a_confident_tempo(tmp_path: Path) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 20 * RATE)
    told = rhythm_of(noise, tmp_path)
    assert told.bpm is None or told.confidence < 0.25


@pytest.mark.parametrize("gain", [1e-3, 1.0])
def test_level_does_not_change_the_rhythm(gain: float, tmp_path: Path) -> None:
    sound, times = clicks(96, 4, 20.0)
    told = rhythm_of(sound * gain, tmp_path)
    assert told.bpm == pytest.approx(96, rel=0.002)
    assert len(told.onset_times) == len(times)


def test_rates_from_telephone_to_studio_give_the_same_tempo(tmp_path: Path) -> None:
    sound, _ = clicks(120, 4, 16.0)
    slow = np.interp(np.arange(0, 16, 1 / 8000), np.arange(len(sound)) / RATE, sound)
    fast = np.interp(np.arange(0, 16, 1 / 96_000), np.arange(len(sound)) / RATE, sound)
    assert rhythm_of(slow, tmp_path, 8000).bpm == pytest.approx(120, rel=0.002)
    assert rhythm_of(fast, tmp_path, 96_000).bpm == pytest.approx(120, rel=0.002)
