import json
from pathlib import Path

import numpy as np
import pyebur128
import pyloudnorm
import pytest
import soundfile
import soxr

from audio.measure import measure
from tests.unit.audio.sounds import music, noise, number, read, sine, value

ALL = (
    "loudness.integrated_lufs",
    "loudness.short_term_max_lufs",
    "loudness.momentary_max_lufs",
    "loudness.range_lu",
)


def test_a_full_scale_sine_reads_what_the_standard_says(tmp_path: Path) -> None:
    assert value(tmp_path, sine(997, 5, 0.0, 48_000), ALL[0], 48_000) == pytest.approx(
        -3.01, abs=0.05
    )


def test_the_same_sound_on_two_channels_is_3_lu_louder_than_mono(tmp_path: Path) -> None:
    mono = sine(997, 5)
    both = value(tmp_path, np.stack([mono, mono], axis=1), ALL[0])
    assert both - value(tmp_path, mono, ALL[0]) == pytest.approx(3.01, abs=0.02)


@pytest.mark.parametrize("rate", [11_025, 22_050, 44_100, 48_000, 96_000])
def test_integrated_loudness_agrees_with_two_other_meters(tmp_path: Path, rate: int) -> None:
    sound = music(12, rate) * np.linspace(0.05, 1, 12 * rate)[:, None]
    measured = value(tmp_path, sound, ALL[0], rate)
    state = pyebur128.R128State(2, rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(sound).ravel(), len(sound))
    assert measured == pytest.approx(pyebur128.get_loudness_global(state), abs=0.05)
    assert measured == pytest.approx(pyloudnorm.Meter(rate).integrated_loudness(sound), abs=0.2)


def test_quiet_passages_are_gated_out_of_the_integrated_loudness(tmp_path: Path) -> None:
    loud = sine(997, 10, -20)
    gated = value(tmp_path, np.concatenate([loud, 0.001 * loud, 0 * loud]), ALL[0])
    assert gated == pytest.approx(value(tmp_path, loud, ALL[0]), abs=0.1)


def test_a_short_burst_raises_the_momentary_more_than_the_short_term_loudness(
    tmp_path: Path,
) -> None:
    sound = sine(997, 8, -40)
    sound[4 * 44_100 : 5 * 44_100] *= 10
    told = read(tmp_path, sound, ["loudness"])
    assert number(told[ALL[2]].value) == pytest.approx(-23.01, abs=0.2)
    assert number(told[ALL[1]].value) == pytest.approx(-23.01 - 10 * np.log10(3), abs=0.2)


def test_two_levels_ten_db_apart_have_a_range_of_ten_lu(tmp_path: Path) -> None:
    sound = np.concatenate([sine(997, 20, -30), sine(997, 20, -20)])
    assert value(tmp_path, sound, ALL[3]) == pytest.approx(10.0, abs=0.2)


def test_the_low_frequency_channel_of_six_does_not_count(tmp_path: Path) -> None:
    sound = np.zeros((5 * 44_100, 6))
    sound[:, 3] = sine(60, 5, 0.0)
    assert read(tmp_path, sound, [ALL[0]])[ALL[0]].value is None


def test_surround_channels_count_one_and_a_half_db_more(tmp_path: Path) -> None:
    front, rear = np.zeros((5 * 44_100, 6)), np.zeros((5 * 44_100, 6))
    front[:, 0] = rear[:, 4] = sine(997, 5)
    raised = value(tmp_path, rear, ALL[0]) - value(tmp_path, front, ALL[0])
    assert raised == pytest.approx(1.49, abs=0.02)


def test_silence_and_sounds_shorter_than_the_windows_are_told_with_a_reason(tmp_path: Path) -> None:
    for one in read(tmp_path, np.zeros((5 * 44_100, 2)), ALL).values():
        assert (one.value, one.confidence) == (None, 0.0)
        assert "silent" in one.method
    short = read(tmp_path, noise(0.3), ALL)
    assert all(one.value is None and "shorter" in one.method for one in short.values())


def test_faded_tones_between_the_samples_read_their_true_peak(tmp_path: Path) -> None:
    at = np.arange(44_100)
    fade = np.hanning(len(at))
    for share in (0.25, 0.125, 0.4, 0.45):
        tone = 0.5 * fade * np.sin(2 * np.pi * share * at + np.pi / 4)
        peak = value(tmp_path, tone, "loudness.true_peak_dbtp")
        assert peak == pytest.approx(-6.02, abs=0.04), share


@pytest.mark.parametrize("seed", range(4))
def test_the_true_peak_of_harsh_clipped_sounds_agrees_with_a_resampler(
    tmp_path: Path, seed: int
) -> None:
    random = np.random.default_rng(seed)
    at = np.arange(3 * 44_100) / 44_100
    bursts = random.normal(size=(len(at), 1)) * np.exp(-(at % 0.25) * 12)[:, None]
    sound = np.clip(bursts + 0.3 * np.sin(2 * np.pi * 110 * at)[:, None], -0.3, 0.3)
    other = 20 * np.log10(np.abs(soxr.resample(sound, 1, 16, quality="VHQ")).max())
    assert value(tmp_path, sound, "loudness.true_peak_dbtp") == pytest.approx(other, abs=0.03)


def test_true_peak_agrees_with_a_resampler_and_ignores_block_borders(tmp_path: Path) -> None:
    sound = 0.3 * music(12)
    sound[10 * 44_100 - 2 : 10 * 44_100 + 2, 1] = (0.9, -0.9, -0.9, 0.9)
    other = 20 * np.log10(np.abs(soxr.resample(sound, 1, 16, quality="VHQ")).max())
    assert value(tmp_path, sound, "loudness.true_peak_dbtp") == pytest.approx(other, abs=0.03)


def test_true_peak_is_never_below_the_sample_peak_of_noise(tmp_path: Path) -> None:
    sound = noise(3, channels=2)
    measured = value(tmp_path, sound, "loudness.true_peak_dbtp")
    assert measured >= round(20 * np.log10(np.abs(sound).max()), 2)


def test_the_broadcasters_test_signals_read_as_they_must(recordings: Path) -> None:
    names = {"I": ALL[0], "S": ALL[1], "M": ALL[2], "LRA": ALL[3]}
    signals = json.loads((recordings / "loudness" / "loudness.json").read_text())
    for file, truth in signals.items():
        told = {one.aspect: one.value for one in measure(recordings / "loudness" / file, ALL)}
        for short, aspect in names.items():
            if short in truth:
                tolerance = truth["tol_lra"] if short == "LRA" else truth["tol"]
                assert told[aspect] == pytest.approx(truth[short], abs=tolerance), (file, short)


def test_real_songs_read_as_another_meter_reads_them(recordings: Path) -> None:
    for path in sorted((recordings / "loops").glob("*.flac")):
        samples, rate = soundfile.read(path, always_2d=True)
        state = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
        state.add_frames(np.ascontiguousarray(samples).ravel(), len(samples))
        told = measure(path, [ALL[0]])[0].value
        assert told == pytest.approx(pyebur128.get_loudness_global(state), abs=0.05), path.name
