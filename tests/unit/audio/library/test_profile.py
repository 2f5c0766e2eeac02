"""What the light profile says of single files."""

from pathlib import Path

import numpy as np
import pytest

from audio.library.profile import profile_sound
from audio.library.sound import Sound
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits
from tests.unit.audio.library import drumkit


def profiled(path: Path) -> Sound:
    return profile_sound(path, MediaLimits()).sound


def test_an_808_is_a_one_shot_that_is_tuned(tmp_path: Path) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", drumkit.sub_808(drumkit.F1_HZ)))
    assert (sound.kind, sound.note, sound.tempo_bpm) == ("one-shot", "F1", None)
    assert sound.pitch_hz == pytest.approx(drumkit.F1_HZ, rel=0.01)
    assert sound.low_share is not None and sound.low_share > 0.9


def test_a_kick_that_falls_all_the_time_has_no_note(tmp_path: Path) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", drumkit.kick()))
    assert (sound.kind, sound.note) == ("one-shot", None)


@pytest.mark.parametrize("bpm", [95, 140, 174])
def test_a_cut_drum_pattern_is_a_loop_with_its_tempo_and_bars(tmp_path: Path, bpm: int) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", drumkit.drum_loop(bpm)))
    assert sound.kind == "loop"
    assert sound.tempo_bpm == pytest.approx(bpm, rel=0.01)
    assert sound.bars == pytest.approx(2, abs=0.02)


def test_a_bass_line_tells_its_notes_where_no_key_can_be_told(tmp_path: Path) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", drumkit.bass_loop(140, drumkit.F1_HZ)))
    assert sound.kind == "loop"
    assert int(np.argmax(sound.note_shares)) == 5  # F


def test_a_short_sound_has_a_loudness_as_if_silence_followed(tmp_path: Path) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", drumkit.hat(0.02)))
    assert sound.loudness_lufs is None
    assert sound.loudest_lufs is not None and -60 < sound.loudest_lufs < -20


def test_silence_is_told_and_has_no_features(tmp_path: Path) -> None:
    sound = profiled(drumkit.write(tmp_path / "x.wav", np.zeros(drumkit.RATE)))
    assert sound.remarks == ("silent",)
    assert (sound.centroid_hz, sound.loudest_lufs, sound.note, sound.key) == (None,) * 4


def test_a_single_sample_is_measured_without_a_fault(tmp_path: Path) -> None:
    assert profiled(drumkit.write(tmp_path / "x.wav", np.ones(1) * 0.5)).seconds < 0.001


def test_a_file_over_the_limits_is_refused(tmp_path: Path) -> None:
    path = drumkit.write(tmp_path / "x.wav", drumkit.kick())
    with pytest.raises(MediaRejected, match="it lasts"):
        profile_sound(path, MediaLimits(audio_seconds=0.1))


def test_the_vector_does_not_depend_on_the_level_nor_on_the_run(tmp_path: Path) -> None:
    loud = profile_sound(drumkit.write(tmp_path / "1.wav", drumkit.snare()), MediaLimits())
    again = profile_sound(tmp_path / "1.wav", MediaLimits())
    quiet = profile_sound(drumkit.write(tmp_path / "2.wav", 0.2 * drumkit.snare()), MediaLimits())
    assert loud.vector.tobytes() == again.vector.tobytes()
    assert np.linalg.norm(loud.vector - quiet.vector) < 0.2


def test_like_sounds_lie_near_one_another(tmp_path: Path) -> None:
    sounds = {
        "low 808": drumkit.sub_808(43), "high 808": drumkit.sub_808(49), "hat": drumkit.hat(0.03),
        "other hat": drumkit.hat(0.04), "loop": drumkit.drum_loop(120),
        "other loop": drumkit.drum_loop(124),
    }  # fmt: skip
    vectors = {
        name: profile_sound(drumkit.write(tmp_path / f"{name}.wav", one), MediaLimits()).vector
        for name, one in sounds.items()
    }

    def nearest(name: str) -> str:
        others = {other: vector for other, vector in vectors.items() if other != name}
        return min(others, key=lambda other: float(np.linalg.norm(others[other] - vectors[name])))

    assert nearest("low 808") == "high 808"
    assert nearest("hat") == "other hat"
    assert nearest("loop") == "other loop"
