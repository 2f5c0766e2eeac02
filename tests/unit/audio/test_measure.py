import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.aspects import ASPECTS, BAND_EDGES_HZ, PROFILE
from audio.measure import Measurement, measure, select
from grym_synth.errors import MediaRejected, UnknownName
from tests.unit.audio.sounds import RATE, Sound, music, noise, read, write


def profile(folder: Path, sound: Sound, rate: int = RATE) -> dict[str, Measurement]:
    measured = measure(write(folder, sound, rate))
    assert [one.aspect for one in measured] == list(PROFILE)
    for one in measured:
        json.dumps(one.value, allow_nan=False)
        assert one.unit == ASPECTS[one.aspect].unit
        assert one.method
        assert 0 <= one.confidence <= 1
        assert one.value is not None or one.confidence == 0
    return {one.aspect: one for one in measured}


def test_the_full_profile_tells_each_aspect_once_in_order(tmp_path: Path) -> None:
    told = profile(tmp_path, music(16))
    assert told["duration.seconds"].value == 16.0
    assert told["tempo.bpm"].value == pytest.approx(120, rel=0.04)
    assert told["channels"].value == 2
    untold = {aspect for aspect, one in told.items() if one.value is None}
    assert untold <= {"hum.hz", "spectrum.cutoff_hz", "structure.sections", "meter", "downbeats"}


@pytest.mark.parametrize(
    ("seconds", "channels", "rate"),
    [
        (1 / 44_100, 1, 44_100),
        (0.01, 2, 44_100),
        (0.1, 1, 8000),
        (0.5, 2, 192_000),
        (2, 8, 48_000),
        (3.1, 3, 11_025),
    ],
)
def test_short_files_odd_rates_and_many_channels_are_measured(
    tmp_path: Path, seconds: float, channels: int, rate: int
) -> None:
    told = profile(tmp_path, noise(seconds, channels=channels, rate=rate), rate)
    assert told["duration.seconds"].value == pytest.approx(seconds, abs=0.001)
    assert told["channels"].value == channels
    assert told["loudness.true_peak_dbtp"].value is not None


def test_silence_is_told_as_silence_with_reasons(tmp_path: Path) -> None:
    told = profile(tmp_path, np.zeros((4 * RATE, 2)))
    known = {aspect for aspect, one in told.items() if one.value is not None}
    assert known == {
        "duration.seconds", "sample_rate.hz", "channels", "dc_offset", "clipping.samples",
        "silence.start_seconds", "silence.end_seconds",
    }  # fmt: skip


def test_samples_that_are_no_number_spoil_nothing(tmp_path: Path) -> None:
    sound = music(4)
    sound[RATE : RATE + 50] = np.nan
    clean = music(4)
    clean[RATE : RATE + 50] = 0
    loudness = "loudness.integrated_lufs"
    spoiled = profile(tmp_path, sound)[loudness].value
    assert spoiled == read(tmp_path, clean, [loudness])[loudness].value


def test_a_truncated_file_is_told_by_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "cut.flac"
    soundfile.write(path, music(12), RATE)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    told = {one.aspect: one for one in measure(path)}
    length = told["duration.seconds"]
    assert isinstance(length.value, float)
    assert 2 < length.value < 10
    assert "breaks off" in length.method
    beats = told["beats"].value
    assert isinstance(beats, list)
    assert all(isinstance(time, float) and time <= length.value for time in beats)


def test_one_aspect_costs_no_other(tmp_path: Path) -> None:
    path = write(tmp_path, music(4))
    assert [one.aspect for one in measure(path, ["key"])] == ["key"]
    assert len(measure(path, ["loudness"])) == 5
    assert len(measure(path, ["spectrum.band_db.*", "dc_offset"])) == 8


def test_aspects_come_alike_alone_and_in_the_full_profile(tmp_path: Path) -> None:
    sound = music(8)
    whole = profile(tmp_path, sound)
    for aspect in ("chords", "onsets.per_second", "spectrum.rolloff_hz", "stereo.width"):
        assert read(tmp_path, sound, [aspect])[aspect] == whole[aspect]


def test_names_families_and_unknown_aspects() -> None:
    assert select(()) == PROFILE
    assert select(["stereo", "key"]) == (
        "key", "stereo.correlation", "stereo.width", "stereo.balance_db",
    )  # fmt: skip
    with pytest.raises(UnknownName, match="loudnes"):
        select(["loudnes"])
    with pytest.raises(UnknownName, match="pictures"):
        select(["picture.size"])


def test_what_is_no_sound_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "words.wav"
    path.write_text("no sound")
    with pytest.raises(MediaRejected, match=r"words\.wav"):
        measure(path)


def test_the_document_on_aspects_names_every_aspect_and_band_edge() -> None:
    text = (Path(__file__).parents[3] / "docs" / "aspects.md").read_text(encoding="utf-8")
    assert [name for name in ASPECTS if f"`{name}`" not in text] == []
    for band, (low, high) in BAND_EDGES_HZ.items():
        assert f"| `spectrum.band_db.{band}` | {low:.0f} | {high:.0f} |" in text


def test_even_one_sample_has_a_length(tmp_path: Path) -> None:
    told = measure(write(tmp_path, np.zeros((1, 1))), ["duration.seconds"])
    assert told[0].value == pytest.approx(1 / RATE, abs=1e-6)


def test_samples_that_are_no_numbers_are_counted_and_placed(tmp_path: Path) -> None:
    sound = noise(12, channels=2)
    sound[RATE : RATE + 50] = np.nan
    sound[11 * RATE, 1] = np.inf
    told = read(tmp_path, sound, ["duration.seconds"])["duration.seconds"].method
    assert "101 samples are not a number or infinite" in told
    assert "between 1.000 s and 11.000 s" in told
