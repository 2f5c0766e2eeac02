from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.unit.audio.sounds import RATE, music, noise, number, read, sine, value

CLIPPED = "clipping.samples"


def test_a_sine_has_a_crest_of_three_db(tmp_path: Path) -> None:
    assert value(tmp_path, sine(441, 5), "dynamics.crest_db") == pytest.approx(3.01, abs=0.05)


def test_the_offset_of_the_worst_channel_is_told_with_its_sign_in_words(tmp_path: Path) -> None:
    sound = noise(4, channels=2)
    sound -= sound.mean(axis=0)
    sound[:, 1] -= 0.02
    told = read(tmp_path, sound, ["dc_offset"])["dc_offset"]
    assert told.value == pytest.approx(0.02, abs=1e-4)
    assert "-0.02000" in told.method


def test_silence_at_both_ends_is_measured_across_blocks(tmp_path: Path) -> None:
    pause = np.zeros(round(11.5 * RATE))
    told = read(tmp_path, np.concatenate([pause, sine(441, 2), pause[:RATE]]), ["silence"])
    assert told["silence.start_seconds"].value == pytest.approx(11.5, abs=0.005)
    assert told["silence.end_seconds"].value == pytest.approx(1.0, abs=0.005)


def test_a_silent_file_is_silent_from_end_to_end(tmp_path: Path) -> None:
    told = read(tmp_path, np.zeros((2 * RATE, 2)), ["silence", "dynamics.crest_db"])
    assert told["silence.start_seconds"].value == 2.0
    assert told["dynamics.crest_db"].value is None


@pytest.mark.parametrize("hertz", [50, 100, 997, 5000])
def test_every_full_scale_sample_of_a_clipped_tone_is_counted(tmp_path: Path, hertz: int) -> None:
    sound = 1.5 * np.sin(2 * np.pi * hertz * np.arange(12 * RATE) / RATE)
    counted = value(tmp_path, np.clip(sound, -1, 1), CLIPPED, subtype="PCM_16")
    assert counted == pytest.approx(np.count_nonzero(np.abs(sound) >= 1), rel=0.01)


def test_clipped_noise_is_counted_though_its_runs_are_short(tmp_path: Path) -> None:
    sound = noise(4, rms=0.4)
    counted = value(tmp_path, np.clip(sound, -1, 1), CLIPPED, subtype="PCM_24")
    assert counted == pytest.approx(np.count_nonzero(np.abs(sound) >= 1), rel=0.01)


def test_clipping_that_was_turned_down_later_is_found(tmp_path: Path) -> None:
    sound = music(6)
    driven = sound / np.abs(sound).max() * 1.6
    clipped = np.count_nonzero(np.abs(driven) >= 1)
    counted = value(tmp_path, 0.5 * np.clip(driven, -1, 1), CLIPPED, subtype="PCM_24")
    assert counted == pytest.approx(clipped, rel=0.25)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "FLOAT"])
@pytest.mark.parametrize("hertz", [20, 50, 440])
def test_clean_tones_at_full_scale_are_not_clipped(
    tmp_path: Path, hertz: float, subtype: str
) -> None:
    assert value(tmp_path, sine(hertz, 3, -0.01), CLIPPED, subtype=subtype) == 0


def test_square_waves_of_a_synthesiser_are_not_clipped(tmp_path: Path) -> None:
    square = 0.5 * np.sign(np.sin(2 * np.pi * 110 * np.arange(3 * RATE) / RATE))
    assert value(tmp_path, square, CLIPPED) == 0


def test_runs_beyond_full_scale_in_a_float_file_are_counted(tmp_path: Path) -> None:
    told = read(tmp_path, sine(441, 2, 3.0), [CLIPPED])[CLIPPED]
    assert number(told.value) > 1000
    assert "beyond full scale" in told.method


def test_real_music_that_is_not_clipped_is_left_in_peace(recordings: Path, tmp_path: Path) -> None:
    for path in sorted((recordings / "music").glob("asap_*.ogg"))[:3]:
        samples, rate = soundfile.read(path, frames=441_000)
        assert value(tmp_path, samples, CLIPPED, rate, "PCM_16") == 0
