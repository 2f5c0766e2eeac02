from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import signal

from audio.aspects import BAND_EDGES_HZ
from audio.measure import measure
from tests.unit.audio.sounds import RATE, Sound, music, noise, number, read, sine, value

CUTOFF = "spectrum.cutoff_hz"


def low_passed(sound: Sound, hertz: float) -> Sound:
    filtered: Sound = np.convolve(sound[:, 0], signal.firwin(511, hertz, fs=RATE), "same")
    return filtered


@pytest.mark.parametrize("band", BAND_EDGES_HZ)
def test_a_tone_fills_its_band_with_its_level(tmp_path: Path, band: str) -> None:
    low, high = BAND_EDGES_HZ[band]
    told = read(tmp_path, sine(np.sqrt(low * high), 4, -12.0), ["spectrum.band_db"])
    levels = {name.rsplit(".", 1)[1]: number(one.value) for name, one in told.items()}
    assert levels.pop(band) == pytest.approx(-12.0, abs=0.1)
    assert max(levels.values()) < -35


def test_bands_follow_a_shelf_by_its_gain(tmp_path: Path) -> None:
    sound = noise(5)
    above = signal.butter(4, 3000, "highpass", fs=RATE, output="sos")
    raised = signal.sosfiltfilt(above, sound[:, 0])
    aspect = "spectrum.band_db.brilliance"
    gain = value(tmp_path, sound[:, 0] + raised, aspect) - value(tmp_path, sound, aspect)
    assert gain == pytest.approx(6.0, abs=0.2)


def test_bands_above_half_the_sample_rate_cant_be_told(tmp_path: Path) -> None:
    told = read(tmp_path, noise(3, rate=8000), ["spectrum.band_db"], 8000)
    assert told["spectrum.band_db.presence"].value is None
    assert "4000 Hz" in told["spectrum.band_db.presence"].method
    assert told["spectrum.band_db.mid"].value is not None


def test_white_noise_has_its_centre_in_the_middle(tmp_path: Path) -> None:
    told = read(tmp_path, noise(3, rate=32_000), ["spectrum"], 32_000)
    assert told["spectrum.centroid_hz"].value == pytest.approx(8000, rel=0.02)
    assert told["spectrum.rolloff_hz"].value == pytest.approx(0.85 * 16_000, rel=0.02)
    assert told["spectrum.bandwidth_hz"].value == pytest.approx(16_000 / np.sqrt(12), rel=0.02)


@pytest.mark.parametrize("hertz", [8000, 12_000, 16_000, 19_000])
def test_a_steep_low_pass_is_found_at_its_edge(tmp_path: Path, hertz: int) -> None:
    assert value(tmp_path, low_passed(music(12), hertz), CUTOFF, subtype="PCM_16") == pytest.approx(
        hertz, rel=0.03
    )


def test_an_mp3_of_noise_shows_the_encoders_edge(tmp_path: Path) -> None:
    path = tmp_path / "encoded.mp3"
    soundfile.write(
        path, noise(6, channels=2), RATE, compression_level=0.6, bitrate_mode="CONSTANT"
    )
    edge = number(measure(path, [CUTOFF])[0].value)
    assert 14_000 < edge < 20_600


def test_music_that_fades_or_reaches_the_top_has_no_edge(tmp_path: Path) -> None:
    gentle = signal.sosfilt(signal.butter(2, 3000, fs=RATE, output="sos"), noise(6)[:, 0])
    assert read(tmp_path, gentle, [CUTOFF])[CUTOFF].value is None
    assert read(tmp_path, noise(6), [CUTOFF])[CUTOFF].value is None
    assert read(tmp_path, sine(440, 6), [CUTOFF])[CUTOFF].value is None


def test_an_edge_in_half_of_the_file_only_is_no_edge_of_the_file(tmp_path: Path) -> None:
    sound = np.concatenate([low_passed(noise(20), 10_000), noise(20)[:, 0]])
    assert read(tmp_path, sound, [CUTOFF])[CUTOFF].value is None


def test_silence_and_a_bare_offset_have_no_spectrum(tmp_path: Path) -> None:
    for sound in (np.zeros(2 * RATE), np.full(2 * RATE, 0.3)):
        told = read(tmp_path, sound, ["spectrum.band_db", "spectrum.rolloff_hz"])
        assert all(one.value is None and one.confidence == 0 for one in told.values())
