from pathlib import Path

import numpy as np
import pytest

from tests.unit.audio.sounds import RATE, Sound, music, noise, read, sine, value

HUM = "hum.hz"


def hum(mains: float, seconds: float, level_dbfs: float, multiples: tuple[int, ...]) -> Sound:
    lines = [sine(mains * n, seconds, level_dbfs - 3 * i) for i, n in enumerate(multiples)]
    both: Sound = np.sum(lines, axis=0)[:, None]
    return both


@pytest.mark.parametrize("mains", [50, 60])
@pytest.mark.parametrize("multiples", [(1, 2, 3), (1, 3, 5), (2, 4, 6)])
def test_hum_under_music_is_found_by_its_lines(
    tmp_path: Path, mains: int, multiples: tuple[int, ...]
) -> None:
    sound = music(20) * 0.5 + noise(20, 0.001) + hum(mains, 20, -40, multiples)
    assert value(tmp_path, sound, HUM) == pytest.approx(mains, abs=0.3)


def test_faint_hum_of_a_quiet_recording_is_found(tmp_path: Path) -> None:
    sound = noise(10, 0.0003) + hum(49.9, 10, -70, (1, 3))
    assert value(tmp_path, sound, HUM) == pytest.approx(49.9, abs=0.1)


def test_hum_in_one_channel_is_found(tmp_path: Path) -> None:
    sound = noise(10, 0.001, 2)
    sound[:, 1:] += hum(60, 10, -45, (1, 2))
    assert value(tmp_path, sound, HUM) == pytest.approx(60, abs=0.3)


@pytest.mark.parametrize("hertz", [49.0, 61.74, 58.27, 55.0, 98.0])
def test_a_held_bass_note_is_no_hum(tmp_path: Path, hertz: float) -> None:
    note = np.sum([sine(hertz * n, 12, -12 - 6 * n) for n in range(1, 8)], axis=0)
    assert read(tmp_path, note, [HUM])[HUM].value is None


def test_a_bass_line_that_passes_through_50_hz_is_no_hum(tmp_path: Path) -> None:
    at = np.arange(RATE // 2) / RATE
    notes = [np.sin(2 * np.pi * hertz * at) * np.exp(-4 * at) for hertz in (49, 50, 60, 55)]
    line = 0.5 * np.tile(np.concatenate(notes), 6)
    assert read(tmp_path, line, [HUM])[HUM].value is None


def test_clean_music_noise_and_silence_surely_have_no_hum(tmp_path: Path) -> None:
    for sound in (music(12), noise(10), np.zeros((RATE * 3, 2))):
        told = read(tmp_path, sound, [HUM])[HUM]
        assert (told.value, told.confidence, told.absent) == (None, 0.0, True)
        assert told.method.startswith("no hum")


@pytest.mark.parametrize("seconds", [1 / RATE, 0.5, 1.9])
def test_in_a_scrap_hum_cant_be_told(tmp_path: Path, seconds: float) -> None:
    told = read(tmp_path, noise(seconds), [HUM])[HUM]
    assert (told.value, told.confidence, told.absent) == (None, 0.0, False)
    assert "shorter" in told.method
