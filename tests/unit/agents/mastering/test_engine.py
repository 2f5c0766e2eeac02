from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue
from scipy import signal

from agents.mastering.encoding import encode
from agents.mastering.limiting import find_limit
from agents.mastering.metering import read_meters, second_lufs
from agents.mastering.order import order_of
from agents.mastering.rendering import rendered
from agents.mastering.sounds import keep_sound, open_sound
from agents.mastering.steps import (
    Compress,
    Encoding,
    Equalise,
    Gain,
    Invert,
    Limit,
    MonoBelow,
    Move,
    Notch,
    RemoveOffset,
    Step,
)
from agents.recipes.levels import profile
from agents.recipes.sound import Samples, Sound
from grym_synth.errors import BadInput

RATE = 44100
RANDOM = np.random.default_rng(4)


def sound_of(samples: Samples) -> Sound:
    return Sound(RATE, samples.shape[1], lambda: iter([samples]))


def samples_of(sound: Sound) -> Samples:
    return np.concatenate(list(sound.blocks()))


def music(seconds: float = 6.0) -> Samples:
    """Noise with beats on it, as dynamic as a mix."""
    time = np.arange(int(seconds * RATE)) / RATE
    beat = 0.1 + np.exp(-(time % 0.5) / 0.06)
    noise = signal.lfilter([0.2], [1, -0.8], RANDOM.standard_normal((len(time), 2)), axis=0)
    return np.asarray(0.1 * noise * beat[:, None])


@pytest.mark.parametrize("lufs", [-23.0, -14.0, -11.0])
def test_a_limiter_reaches_the_loudness_below_the_ceiling(lufs: float) -> None:
    sound = sound_of(music())
    before = profile(sound)
    mastered = find_limit(sound, before, lufs, -1.0, 12.0)
    after = read_meters(rendered(sound, (mastered.step,)))
    assert mastered.held_back == ""
    assert after.lufs == pytest.approx(lufs, abs=0.05)
    assert after.true_peak_dbtp is not None and after.true_peak_dbtp <= -1.0


def test_a_limiter_that_may_take_little_tells_how_loud_it_gets() -> None:
    sound = sound_of(music())
    mastered = find_limit(sound, profile(sound), -8.0, -1.0, 2.0)
    assert "2 dB" in mastered.held_back
    assert mastered.reduction_db == pytest.approx(2.0, abs=0.3)
    assert mastered.lufs < -9.0


@pytest.mark.parametrize("seconds", [0.01, 0.3])
def test_what_is_too_short_to_be_loud_stays_below_the_ceiling(seconds: float) -> None:
    sound = sound_of(np.full((int(seconds * RATE), 1), 0.99) * RANDOM.choice([-1, 1]))
    mastered = find_limit(sound, profile(sound), -14.0, -1.0, 12.0)
    after = read_meters(rendered(sound, (mastered.step,)))
    assert after.true_peak_dbtp is not None and after.true_peak_dbtp <= -1.0
    assert mastered.held_back != ""


def tone(hertz: float, amplitude: float = 0.25) -> Samples:
    time = np.arange(4 * RATE) / RATE
    return np.asarray(amplitude * np.sin(2 * np.pi * hertz * time))[:, None].repeat(2, axis=1)


def level_db(sound: Sound) -> float:
    middle = samples_of(sound)[RATE:-RATE]
    return float(20 * np.log10(max(np.sqrt(2 * np.mean(np.square(middle))), 1e-9)))


@pytest.mark.parametrize(
    ("step", "hertz", "change"),
    [
        (Notch(lines_hz=(50.0, 100.0), width_hz=2.0), 100.0, -100.0),
        (Notch(lines_hz=(50.0, 100.0), width_hz=2.0), 120.0, 0.0),
        (Equalise(hertz=(100.0, 1000.0), gains_db=(3.0, -2.0), taps=3749), 60.0, 3.0),
        (Equalise(hertz=(100.0, 1000.0), gains_db=(3.0, -2.0), taps=3749), 5000.0, -2.0),
        (MonoBelow(hertz=100.0, taps=3749), 50.0, 0.0),
        (Gain(db=(-6.0,)), 500.0, -6.0),
    ],
)
def test_a_filter_changes_what_it_is_for(step: Step, hertz: float, change: float) -> None:
    before = sound_of(tone(hertz))
    changed = level_db(rendered(before, (step,))) - level_db(before)
    assert changed == pytest.approx(change, abs=0.15) or max(changed, change) < -60


def test_low_frequencies_become_mono_and_high_ones_stay_wide() -> None:
    sides = np.array([[1.0, -1.0]])
    step = MonoBelow(hertz=100.0, taps=3749)
    low = level_db(rendered(sound_of(tone(50.0) * sides), (step,)))
    high = level_db(rendered(sound_of(tone(300.0) * sides), (step,)))
    assert low < -60
    assert high == pytest.approx(-12.0, abs=0.1)


def test_filters_of_linear_phase_move_nothing() -> None:
    click = np.zeros((RATE, 2))
    click[20000] = 1.0
    steps = (Equalise(hertz=(100.0, 1000.0), gains_db=(2.0, 0.0), taps=3749),)
    assert int(np.argmax(samples_of(rendered(sound_of(click), steps))[:, 0])) == 20000


def test_repairs_undo_what_was_planted() -> None:
    clean = music(1.0)
    spoilt = np.pad(clean * np.array([1.0, -1.0]) + 0.02, ((300, 0), (0, 0)))
    spoilt[:300] = 0.02
    steps = (RemoveOffset(offsets=(0.02, 0.02)), Invert(channels=(1,)), Move(frames=-300))
    assert np.allclose(samples_of(rendered(sound_of(spoilt), steps)), clean, atol=1e-12)


def test_glue_turns_down_loud_moments_only() -> None:
    quiet, loud = tone(500.0, 0.02), tone(500.0, 0.5)
    step = Compress(
        threshold_db=-20.0, ratio=2.0, knee_db=6.0, window_seconds=0.03, smooth_seconds=0.08
    )
    assert level_db(rendered(sound_of(quiet), (step,))) == pytest.approx(-33.98, abs=0.05)
    assert level_db(rendered(sound_of(loud), (step,))) < -10.0


def test_a_float_file_has_the_same_bytes_each_time_and_keeps_what_is_over(tmp_path: Path) -> None:
    loud = 3.0 * music(0.5)
    first, second = tmp_path / "a.wav", tmp_path / "b.wav"
    kept = keep_sound(first, sound_of(loud))
    keep_sound(second, sound_of(loud))
    assert first.read_bytes() == second.read_bytes()
    assert np.array_equal(samples_of(kept), loud.astype(np.float32))
    assert soundfile.info(str(first)).subtype == "FLOAT"


@pytest.mark.parametrize("form", ["wav", "flac", "mp3"])
def test_a_file_is_written_with_the_same_bytes_each_time(tmp_path: Path, form: str) -> None:
    sound = sound_of(music(1.0))
    encoding = Encoding.model_validate({"name": f"a.{form}", "format": form, "bit_depth": 16})
    encode(tmp_path / "a", sound, encoding)
    encode(tmp_path / "b", sound, encoding)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert open_sound(tmp_path / "a").frames() == RATE


def test_sixteen_bits_are_dithered_and_silence_is_not(tmp_path: Path) -> None:
    faint = tone(1000.0, 0.3 / 32768)
    encoding = Encoding(name="a.wav", format="wav", bit_depth=16)
    encode(tmp_path / "a.wav", sound_of(faint), encoding)
    written, _ = soundfile.read(tmp_path / "a.wav")
    heard = np.abs(np.fft.rfft(written[:, 0]))[4000] / len(written) * 2
    assert heard == pytest.approx(0.3 / 32768, rel=0.1)
    encode(tmp_path / "b.wav", sound_of(np.zeros((1000, 2))), encoding)
    assert not soundfile.read(tmp_path / "b.wav")[0].any()


def test_both_meters_read_the_same(tmp_path: Path) -> None:
    keep_sound(tmp_path / "a.wav", sound_of(music()))
    own, second = read_meters(open_sound(tmp_path / "a.wav")).lufs, second_lufs(tmp_path / "a.wav")
    assert own is not None and second == pytest.approx(own, abs=0.05)


@pytest.mark.parametrize(
    ("given", "lufs", "peak"),
    [("streaming", -14, -1), ("club", -9, -1), ("-16,-1.5", -16, -1.5), (-18, -18, -1),
     ("-16 LUFS", -16, -1)],
)  # fmt: skip
def test_targets_are_given_by_name_or_by_number(given: JsonValue, lufs: float, peak: float) -> None:
    target = order_of({"targets": [given]}).targets[0]
    assert (target.lufs, target.true_peak_dbtp) == (lufs, peak)


@pytest.mark.parametrize(
    "parameters",
    [
        {"targets": ["louder"]},
        {"targets": []},
        {"targets": ["club", "club"]},
        {"targets": [3]},
        {"formats": ["ogg"]},
        {"volume": 11},
        {"bit_depth": 20},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_in_words(
    parameters: dict[str, JsonValue],
) -> None:
    with pytest.raises(BadInput, match="reading the order to master"):
        order_of(parameters)


def test_a_limiter_stays_on_its_ceiling_however_it_is_read() -> None:
    sound = sound_of(2.0 * music(2.0))
    step = Limit(gain_db=12.0, ceiling_dbtp=-1.1, attack_seconds=0.005, release_db_per_second=250.0)
    after = samples_of(rendered(sound, (step,)))
    fine = signal.resample_poly(after, 8, 1, axis=0)
    assert 20 * np.log10(np.abs(fine).max()) <= -1.0


@pytest.mark.parametrize(
    ("given", "lufs", "dbtp"),
    [
        ("Apple Music", -16.0, -1.0),
        ("apple-music", -16.0, -1.0),
        ("spotify", -14.0, -1.0),
        ("YouTube", -14.0, -1.0),
        ("amazon", -14.0, -2.0),
        ("deezer,-1.5", -15.0, -1.5),
        ("podcast", -16.0, -1.0),
        ("EBU R 128", -23.0, -1.0),
        ("a/85", -24.0, -2.0),
        ("streaming, -2 dBTP", -14.0, -2.0),
        ("-16,-1.5", -16.0, -1.5),
    ],
)
def test_a_service_is_a_target_by_its_published_numbers(
    given: str, lufs: float, dbtp: float
) -> None:
    (target,) = order_of({"targets": [given]}).targets
    assert (target.lufs, target.true_peak_dbtp) == (lufs, dbtp)


@pytest.mark.parametrize("given", ["spotify,loud", "spotify,-1,-2", "nowhere", "-16,", ","])
def test_a_target_that_nobody_publishes_is_refused_with_those_that_are(given: str) -> None:
    with pytest.raises(BadInput, match="Apple Music"):
        order_of({"targets": [given]})
