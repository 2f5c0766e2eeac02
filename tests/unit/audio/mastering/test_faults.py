from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile

from audio.mastering.faults import Fault
from audio.mastering.inspection import inspect
from audio.mastering.session_faults import faults_between
from audio.mastering.stem import Stem
from audio.mastering.stem_faults import faults_of
from evals.mastering_stems import KINDS, Doubles, Made, Song, plant

RATE = 44100
SONG = Song(RATE, 12.0, 0.5, (40, 45, 47, 40), np.random.default_rng(0))


@cache
def clean(name: str) -> Doubles:
    kind = next(one for one in KINDS if one.__name__ == f"_{name}")
    samples = kind(replace(SONG, random=np.random.default_rng(len(name))))
    pair = samples if samples.ndim == 2 else np.stack((samples, samples))
    return np.asarray(pair / np.abs(pair).max())


def part(name: str, *, level: float = 0.4) -> Made:
    return Made(name, RATE, level * clean(name))


def heard(folder: Path, made: Made) -> Stem:
    path = folder / f"{made.name}.wav"
    soundfile.write(path, made.samples.T, made.rate, subtype="PCM_24")
    return Stem(made.name, made.name, False, inspect(path))


@cache
def heard_clean(name: str) -> Stem:
    with TemporaryDirectory() as folder:
        return heard(Path(folder), part(name))


def found(folder: Path, made: Sequence[Made | str]) -> list[Fault]:
    """What is wrong with stems, given as they are or, where they are clean, by name."""
    stems = [heard_clean(one) if isinstance(one, str) else heard(folder, one) for one in made]
    return [
        *(fault for one in stems for fault in faults_of(one, len(stems) == 1)),
        *faults_between(stems),
    ]


def kinds(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in faults if one.certain]


def test_a_clean_session_has_no_faults(tmp_path: Path) -> None:
    assert found(tmp_path, ["drums", "bass", "pad", "keys", "guitar"]) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("clipping", "drums"),
        ("dc", "keys"),
        ("polarity", "drums"),
        ("imbalance", "pad"),
        ("hum", "guitar"),
        ("hum", "bass"),
        ("offset", "guitar"),
        ("silent", "keys"),
        ("sample_rate", "bass"),
        ("cutoff", "drums"),
    ],
)
def test_a_planted_fault_is_the_only_one_that_is_found(
    tmp_path: Path, kind: str, name: str
) -> None:
    spoilt = plant(kind, part(name), np.random.default_rng(3))
    others: list[Made | str] = [
        one for one in ("drums", "bass", "pad", "keys", "guitar") if one != name
    ]
    assert kinds(found(tmp_path, [spoilt, *others])) == [(kind, name)]


def test_a_stem_that_is_440_ms_late_is_told_by_how_much(tmp_path: Path) -> None:
    late = np.pad(part("drums").samples, ((0, 0), (round(0.44 * RATE), 0)))[:, : 12 * RATE]
    faults = found(tmp_path, [Made("drums", RATE, late), "bass", "keys"])
    assert kinds(faults) == [("offset", "drums")]
    assert faults[0].value == pytest.approx(0.44, abs=0.005)


def test_parts_on_the_off_beat_are_not_late(tmp_path: Path) -> None:
    moved = np.pad(part("keys").samples, ((0, 0), (round(0.25 * RATE), 0)))[:, : 12 * RATE]
    assert kinds(found(tmp_path, [Made("keys", RATE, moved), "drums", "bass"])) == []


@pytest.mark.parametrize("angle", [0.0, 0.2, 0.35, 0.9, 1.0])
def test_panned_stems_have_no_fault(tmp_path: Path, angle: float) -> None:
    guitar = part("guitar").samples[0]
    sides = np.cos(angle * np.pi / 2), np.sin(angle * np.pi / 2)
    panned = Made("guitar", RATE, np.stack([side * guitar for side in sides]))
    other = Made("keys", RATE, part("keys").samples * np.array([[1.0], [0.7]]))
    assert kinds(found(tmp_path, [panned, other, "drums", "bass"])) == []


def test_a_mix_that_leans_to_one_side_is_told(tmp_path: Path) -> None:
    mix = part("drums").samples + part("pad").samples
    leaning = Made("mix", RATE, 0.5 * mix * np.array([[1.0], [0.5]]))
    assert kinds(found(tmp_path, [leaning])) == [("imbalance", "mix")]


def test_a_bass_drum_has_a_mean_but_no_offset(tmp_path: Path) -> None:
    time = np.arange(RATE // 2) / RATE
    beat = 0.9 * np.sin(2 * np.pi * 45 * time) * np.exp(-time / 0.1)
    drum = Made("drum", RATE, np.tile(beat, 20)[None])
    assert np.abs(drum.samples.mean()) > 0.001
    assert found(tmp_path, [drum]) == []


def test_a_bass_line_on_50_hz_does_not_hum(tmp_path: Path) -> None:
    time = np.arange(RATE) / RATE
    note = 0.4 * np.sin(2 * np.pi * 50 * time) * np.minimum(1, 10 * np.maximum(0.9 - time, 0))
    assert kinds(found(tmp_path, [Made("sub", RATE, np.tile(note, 12)[None])])) == []


def test_a_very_quiet_stem_is_not_silent(tmp_path: Path) -> None:
    assert found(tmp_path, [part("keys", level=0.002), "drums"]) == []


def test_a_rate_that_was_mislabelled_is_told_from_one_that_differs(tmp_path: Path) -> None:
    labelled = replace(part("drums"), rate=48000)
    faults = found(tmp_path, [labelled, "bass", "keys"])
    fault = next(one for one in faults if one.kind == "sample_rate")
    assert "likely wrong" in fault.says


@pytest.mark.parametrize(("sign", "late", "kind"), [(-1, 0, "polarity"), (1, 22, "offset")])
def test_a_second_microphone_is_held_against_the_first(
    tmp_path: Path, sign: int, late: int, kind: str
) -> None:
    drums, random = part("drums"), np.random.default_rng(1)
    copy: Doubles = 0.6 * sign * np.pad(drums.samples, ((0, 0), (late, 0)))[:, : 12 * RATE]
    copy += 1e-4 * random.standard_normal(copy.shape)
    assert kinds(found(tmp_path, [Made("room", RATE, copy), "drums", "bass"])) == [(kind, "room")]


def test_a_double_a_few_milliseconds_late_may_be_meant(tmp_path: Path) -> None:
    copy = np.pad(0.8 * part("keys").samples, ((0, 0), (600, 0)))[:, : 12 * RATE]
    faults = found(tmp_path, [Made("double", RATE, copy), "keys", "drums"])
    assert [(one.kind, one.certain) for one in faults] == [("offset", False)]


def test_samples_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    keys = part("keys").samples.T.astype(np.float32)
    keys[1000:1003] = np.nan
    soundfile.write(tmp_path / "keys.wav", keys, RATE, subtype="FLOAT")
    stem = Stem("keys", "keys", False, inspect(tmp_path / "keys.wav"))
    faults = faults_of(stem, alone=True)
    assert [(one.kind, one.value) for one in faults] == [("damaged", 6)]


def test_a_quiet_stem_that_was_clipped_and_turned_down_is_clipped(tmp_path: Path) -> None:
    samples = clean("hat") + 1e-4 * np.random.default_rng(2).standard_normal(clean("hat").shape)
    clipped = 0.1 * np.clip(samples, -0.15, 0.15)
    assert kinds(found(tmp_path, [Made("hat", RATE, clipped), "bass"])) == [("clipping", "hat")]


def test_machines_that_repeat_a_sound_do_not_clip(tmp_path: Path) -> None:
    one = np.random.default_rng(3).standard_normal(5000) * np.exp(-np.arange(5000) / 900)
    hits = np.tile(np.pad(0.4 * one / np.abs(one).max(), (0, 6025)), 40)
    assert found(tmp_path, [Made("hat", RATE, hits[None])]) == []


def test_a_narrow_source_in_a_room_with_an_inverted_channel_is_inverted(tmp_path: Path) -> None:
    rooms = np.random.default_rng(4).standard_normal((2, clean("hat").shape[1]))
    loud = np.abs(clean("hat")[0])
    samples = 0.4 * (
        clean("hat") + 0.25 * rooms * np.convolve(loud, np.ones(2000) / 2000)[: len(loud)]
    )
    samples[1] *= -1
    assert kinds(found(tmp_path, [Made("hat", RATE, samples), "bass"])) == [("polarity", "hat")]


def test_a_bass_line_on_60_hz_whose_pauses_ring_on_does_not_hum(tmp_path: Path) -> None:
    time = np.arange(12 * RATE) / RATE
    swells = 0.08 + 0.5 * (np.sin(2 * np.pi * 0.9 * time) > -0.3)
    smooth = np.convolve(swells, np.ones(4000) / 4000, mode="same")
    noise = 0.2 * np.random.default_rng(5).standard_normal(len(time))
    line = np.sin(2 * np.pi * 60 * time) * smooth + noise
    assert ("hum", "line") not in kinds(found(tmp_path, [Made("line", RATE, 0.3 * line[None])]))


def test_a_kit_that_leans_as_a_whole_has_a_wrong_level(tmp_path: Path) -> None:
    quiet = 0.4 * clean("drums")
    quiet[0] *= 0.5
    stems: list[Made | str] = [Made("drums", RATE, quiet), "bass", "keys"]
    assert kinds(found(tmp_path, stems)) == [("imbalance", "drums")]


@pytest.mark.parametrize("late", [0.045, 0.181, 0.417])
def test_a_late_stem_is_told_by_its_place_beside_the_pulse(tmp_path: Path, late: float) -> None:
    silence = np.zeros((2, round(late * RATE)))
    moved = np.concatenate((silence, 0.4 * clean("guitar")), axis=1)[:, : 12 * RATE]
    faults = found(tmp_path, ["drums", "bass", "keys", Made("guitar", RATE, moved)])
    assert kinds(faults) == [("offset", "guitar")]
    assert faults[0].value == pytest.approx(late, abs=0.015)
