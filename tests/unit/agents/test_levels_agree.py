"""Scripts carry meters of their own: they must read what the instruments read that judge them."""

from pathlib import Path

import numpy as np
import pyebur128
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from agents.recipes.levels import profile
from agents.recipes.master import master
from agents.recipes.sound import read_sound, write_sound
from audio.measure import measure


def _clipped_drums(rate: int, channels: int = 1, seed: int = 2) -> NDArray[np.float64]:
    """Noise bursts over a tone, cut off at full scale: harsh up to half the sample rate."""
    random = np.random.default_rng(seed)
    time = np.arange(4 * rate) / rate
    bursts = random.normal(size=(len(time), channels)) * np.exp(-(time % 0.25) * 12)[:, None]
    tone = 0.3 * np.sin(2 * np.pi * 110 * time)[:, None]
    return np.clip((bursts + tone) * (1 + np.arange(channels)) / channels, -1, 1)


def _measured(path: Path, aspect: str) -> float:
    (one,) = measure(path, [aspect])
    assert isinstance(one.value, float)
    return one.value


@pytest.mark.parametrize("rate", [11_025, 44_100, 48_000, 96_000])
def test_loudness_reads_the_same_at_every_rate(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "drums.wav"
    soundfile.write(path, _clipped_drums(rate), rate, subtype="FLOAT")
    instrument = _measured(path, "loudness.integrated_lufs")
    assert profile(read_sound(path)).lufs() == pytest.approx(instrument, abs=0.02)


@pytest.mark.parametrize("channels", range(1, 9))
def test_loudness_weighs_the_channels_alike(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "drums.wav"
    soundfile.write(path, _clipped_drums(8_000, channels), 8_000, subtype="FLOAT")
    instrument = _measured(path, "loudness.integrated_lufs")
    assert profile(read_sound(path)).lufs() == pytest.approx(instrument, abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_no_true_peak_is_read_lower_than_the_instrument_reads_it(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "drums.wav"
    soundfile.write(path, _clipped_drums(22_050, 2, seed), 22_050, subtype="FLOAT")
    instrument = _measured(path, "loudness.true_peak_dbtp")
    assert profile(read_sound(path)).true_peak_dbtp() >= instrument - 0.01


@pytest.mark.parametrize("target", [-20.0, -8.0, -5.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_master_keeps_below_its_ceiling_whatever_the_loudness_asked(
    tmp_path: Path, target: float, seed: int
) -> None:
    path = tmp_path / "master.wav"
    soundfile.write(tmp_path / "drums.wav", _clipped_drums(22_050, 1, seed), 22_050)
    write_sound(path, master(read_sound(tmp_path / "drums.wav"), target, -1.0))
    assert _measured(path, "loudness.true_peak_dbtp") <= -1.0


@pytest.mark.parametrize("seed", range(3))
def test_a_master_keeps_below_its_ceiling_by_other_meters_too(tmp_path: Path, seed: int) -> None:
    soundfile.write(tmp_path / "drums.wav", _clipped_drums(44_100, 2, seed), 44_100)
    write_sound(tmp_path / "out.wav", master(read_sound(tmp_path / "drums.wav"), -8.0, -1.0))
    samples, rate = soundfile.read(tmp_path / "out.wav", always_2d=True)
    state = pyebur128.R128State(2, rate, pyebur128.MeasurementMode.MODE_TRUE_PEAK)
    state.add_frames(samples.ravel(), len(samples))
    peaks = [pyebur128.get_true_peak(state, channel) for channel in range(2)]
    fine = soxr.resample(samples, 1, 16, quality="VHQ")
    assert 20 * np.log10(max(peaks)) <= -1.0
    assert 20 * np.log10(np.abs(fine).max()) <= -1.0
