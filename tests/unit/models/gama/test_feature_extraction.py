import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from grym_synth.errors import SoundUnusable
from models.gama.fbank import frames_of, log_mel, resample
from models.gama.feature_extraction import GamaFeatureExtractor

Noise = NDArray[np.float32]
EXTRACTOR = GamaFeatureExtractor()


def tone(rate_hz: int, hertz: float = 1000.0, seconds: float = 1.0) -> NDArray[np.float32]:
    at = np.arange(int(rate_hz * seconds)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def test_a_tone_is_loudest_in_the_mel_band_that_holds_it() -> None:
    low, high = 1127 * np.log1p(20 / 700), 1127 * np.log1p(8000 / 700)
    band = (1127 * np.log1p(1000 / 700) - low) / (high - low) * 129 - 1
    assert abs(int(log_mel(torch.from_numpy(tone(16_000))).mean(dim=0).argmax()) - band) <= 1


def test_silence_and_padding_look_different_to_the_model(noise: Noise) -> None:
    half_silent = np.concatenate([noise, np.zeros(16_000, np.float32)])
    features = EXTRACTOR.features(half_silent - half_silent.mean(), 16_000)
    assert float(features[-1, 0]) == pytest.approx(5.081 / 4.4849)
    assert float(features[frames_of(64_000) - 1].max()) < 0


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_099, 44_100, 48_000, 96_000])
def test_resampling_keeps_a_tone_in_tune_and_in_level(rate_hz: int) -> None:
    made = resample(torch.from_numpy(tone(rate_hz))[None], rate_hz)[0].numpy()
    assert len(made) == 16_000
    inner = slice(400, -400)
    assert np.abs(made[inner] - tone(16_000)[inner]).max() < 5e-3


def test_resampling_removes_what_16_khz_cannot_hold() -> None:
    made = resample(torch.from_numpy(tone(48_000, 11_000.0))[None], 48_000)[0]
    assert float(made[400:-400].abs().max()) < 5e-3


def test_the_left_channel_is_heard_unless_the_mean_is_asked_for(noise: Noise) -> None:
    other = noise[::-1]
    stereo = np.stack([noise, other])
    left = EXTRACTOR(stereo, 16_000)["input_features"]
    mean = EXTRACTOR(stereo, 16_000, channel="mean")["input_features"]
    assert torch.allclose(left[0, :298], EXTRACTOR.features(noise, 16_000)[:298], atol=1e-4)
    expected = EXTRACTOR.features((noise + other) / 2, 16_000)
    assert torch.allclose(mean[0, :298], expected[:298], atol=1e-4)


def test_it_says_how_many_seconds_it_did_not_hear(noise: Noise) -> None:
    long = np.tile(noise, 5)
    inputs = EXTRACTOR([noise, long, np.tile(noise, 3)[:164_160]], 16_000)
    assert list(inputs.cut_seconds) == pytest.approx([0.0, 4.74, 0.0], abs=0.011)
    assert EXTRACTOR(np.tile(noise, 10), 32_000).cut_seconds[0] == pytest.approx(4.74, abs=0.011)


def test_a_long_file_is_heard_as_its_beginning_is(noise: Noise) -> None:
    long = np.random.default_rng(2).normal(0, 0.1, 44_100 * 30).astype(np.float32)
    whole, beginning = (EXTRACTOR.features(one, 44_100) for one in (long, long[: 44_100 * 11]))
    assert torch.allclose(whole, beginning, atol=1e-3)


@pytest.mark.parametrize(
    ("sound", "rate_hz", "told"),
    [
        (np.zeros(399, np.float32), 16_000, "s long"),
        (np.zeros(0, np.float32), 16_000, "shape"),
        (np.ones(1000, np.float32), 48_000, "s long"),
        (np.zeros(16_000, np.float32), 16_000, "silent"),
        (np.full(16_000, 0.3, np.float32), 16_000, "silent"),
        (np.stack([np.zeros(16_000), tone(16_000)]), 16_000, "left channel is silent"),
        (np.full(16_000, np.nan, np.float32), 16_000, "not numbers"),
        (np.array([np.inf] * 16_000), 16_000, "not numbers"),
        (np.zeros(16_000, np.int16), 16_000, "int16"),
        (np.zeros((16_000, 2), np.float32), 16_000, "samples, channels"),
        (np.zeros((2, 2, 16_000), np.float32), 16_000, "shape"),
        (tone(16_000), 0, "rate of 0"),
        (tone(16_000), -44_100, "rate of -44100"),
        (tone(16_000), 10**7, "rate of 10000000"),
    ],
)
def test_a_sound_that_cannot_be_heard_is_refused_in_words(
    sound: NDArray[np.float32], rate_hz: int, told: str
) -> None:
    with pytest.raises(SoundUnusable, match=told):
        EXTRACTOR(sound, rate_hz)
