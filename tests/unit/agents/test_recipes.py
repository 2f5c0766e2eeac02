from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyebur128
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal

from agents.recipes.cleaning import dehum, remove_dc
from agents.recipes.clicks import click_track, silence, steady_click_track
from agents.recipes.cut import fade, trim, trim_silence
from agents.recipes.filters import bandpass, high_shelf, highpass, low_shelf, lowpass, peak_eq
from agents.recipes.formats import fit_mp3
from agents.recipes.level import gain, normalise_loudness, normalise_peak
from agents.recipes.levels import profile
from agents.recipes.master import master
from agents.recipes.resampling import resample
from agents.recipes.sound import Samples, Sound, keep, overlapped, read_sound, write_sound
from agents.recipes.split import hpss
from agents.recipes.stereo import mid_side, mono
from agents.recipes.stretching import pitch_shift, time_stretch, time_stretch_tempo

RATE = 22_050


def sound_of(samples: NDArray[np.float64], rate: int = RATE, block: int = 10_000) -> Sound:
    """Samples as a sound, in blocks of an odd size, so that seams would be seen."""
    columns = samples if samples.ndim == 2 else samples[:, np.newaxis]

    def blocks() -> Iterator[Samples]:
        for start in range(0, len(columns), block):
            yield columns[start : start + block].copy()

    return Sound(rate, columns.shape[1], blocks)


def samples_of(sound: Sound) -> Samples:
    return np.concatenate(list(sound.blocks()) or [np.zeros((0, sound.channels))])


def tone(frequency: float, seconds: float = 2.0, rate: int = RATE, level: float = 0.25) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(level * np.sin(2 * np.pi * frequency * time))[:, np.newaxis]


def drums(seconds: float = 2.5, rate: int = RATE, level: float = 0.2, seed: int = 1) -> Samples:
    """Bursts of noise over a bass: peaks that stand far above the loudness."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    hits = random.normal(size=(len(time), 2)) * np.exp(-(time % 0.5) * 25)[:, np.newaxis]
    bass = 0.5 * np.sin(2 * np.pi * 82.4 * time)[:, np.newaxis]
    return np.asarray(np.clip(level * (hits + bass), -1, 1))


def db(amplitude: float) -> float:
    return 20 * float(np.log10(amplitude))


def level_at(samples: Samples, frequency: float, rate: int = RATE) -> float:
    """Level in decibels of a steady tone of amplitude 1, away from the ends."""
    middle = samples[len(samples) // 4 : -len(samples) // 4, 0]
    window = np.hanning(len(middle))
    time = np.arange(len(middle)) / rate
    turned = middle * window * np.exp(-2j * np.pi * frequency * time)
    return db(2 * abs(turned.sum()) / window.sum())


def true_peak(samples: Samples) -> float:
    fine = signal.resample_poly(samples, 8, 1, axis=0)
    return db(float(np.max(np.abs(fine))))


def lufs(samples: Samples, rate: int = RATE) -> float:
    """Integrated loudness by libebur128."""
    meter = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    meter.add_frames(np.ascontiguousarray(samples).ravel(), len(samples))
    return float(pyebur128.get_loudness_global(meter))


class TestLevels:
    @pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000, 96000])
    @pytest.mark.parametrize("channels", [1, 2])
    def test_loudness_agrees_with_an_independent_meter(self, rate: int, channels: int) -> None:
        samples = drums(3.0, rate)[:, :channels]
        assert profile(sound_of(samples, rate)).lufs() == pytest.approx(
            lufs(samples, rate), abs=0.1
        )

    def test_a_full_scale_sine_reads_as_the_standard_says(self) -> None:
        measured = profile(sound_of(tone(997, 3.0, 48_000, 1.0), 48_000))
        assert measured.lufs() == pytest.approx(-3.01, abs=0.02)

    def test_the_peak_between_samples_is_found(self) -> None:
        time = np.arange(RATE)
        samples = 0.5 * np.sin(np.pi / 2 * time + np.pi / 4)
        assert profile(sound_of(samples)).true_peak_dbtp() == pytest.approx(-6.02, abs=0.15)

    def test_gain_is_exact(self) -> None:
        assert np.allclose(samples_of(gain(sound_of(tone(300)), -6.0)), tone(300) * 0.501187)

    def test_the_highest_sample_lands_on_its_target(self) -> None:
        result = samples_of(normalise_peak(sound_of(drums()), -3.0))
        assert db(float(np.max(np.abs(result)))) == pytest.approx(-3.0, abs=1e-6)

    def test_a_silent_sound_has_no_peak_to_set(self, capsys: pytest.CaptureFixture[str]) -> None:
        result = samples_of(normalise_peak(sound_of(np.zeros((100, 2))), -3.0))
        assert not result.any()
        assert "not reached" in capsys.readouterr().out


class TestMaster:
    @pytest.mark.parametrize("target", [-30.0, -23.0, -16.0, -14.0, -11.0, -8.0])
    def test_loudness_and_true_peak_are_met(self, target: float) -> None:
        result = samples_of(master(sound_of(drums()), target, -1.0))
        assert lufs(result) == pytest.approx(target, abs=0.1)
        assert true_peak(result) <= -1.0

    def test_a_sound_with_room_is_changed_by_gain_alone(self) -> None:
        source = drums()
        result = samples_of(master(sound_of(source), -30.0, -1.0))
        factor = result[source != 0] / source[source != 0]
        assert np.ptp(factor) < 1e-9

    def test_limiting_keeps_the_stereo_image(self) -> None:
        source = drums()
        result = samples_of(master(sound_of(source), -9.0, -1.0))
        loud = np.abs(source).min(axis=1) > 0.01
        ratio = result[loud] / source[loud]
        assert np.allclose(ratio[:, 0], ratio[:, 1])

    @pytest.mark.parametrize("rate", [8000, 44100, 192000])
    def test_it_works_at_any_sample_rate(self, rate: int) -> None:
        result = samples_of(master(sound_of(drums(1.0, rate), rate), -14.0, -1.0))
        assert lufs(result, rate) == pytest.approx(-14.0, abs=0.1)
        assert true_peak(result) <= -1.0

    def test_eight_channels_are_limited_together(self) -> None:
        samples = np.repeat(drums(2.0), 4, axis=1)
        result = master(sound_of(samples), -12.0, -2.0)
        assert profile(result).lufs() == pytest.approx(-12.0, abs=0.05)
        assert true_peak(samples_of(result)) <= -2.0

    @pytest.mark.parametrize("samples", [np.zeros((RATE, 2)), drums(0.2)], ids=["silent", "short"])
    def test_what_has_no_loudness_is_given_up(
        self, samples: Samples, capsys: pytest.CaptureFixture[str]
    ) -> None:
        result = samples_of(master(sound_of(samples), -14.0, -1.0))
        assert len(result) == len(samples)
        assert "not reached" in capsys.readouterr().out

    def test_too_dynamic_a_sound_comes_as_near_as_it_can(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        samples = np.zeros((5 * RATE, 1))
        samples[::RATE] = 0.9
        result = samples_of(master(sound_of(samples), -8.0, -1.0))
        assert "too dynamic" in capsys.readouterr().out
        assert true_peak(result) <= -1.0

    def test_normalising_limits_only_beyond_full_scale(self) -> None:
        result = samples_of(normalise_loudness(sound_of(drums()), -12.0))
        assert lufs(result) == pytest.approx(-12.0, abs=0.1)
        assert true_peak(result) <= 0.0


class TestCut:
    def test_the_part_between_two_times_is_kept(self) -> None:
        source = drums(3.0)
        result = samples_of(trim(sound_of(source), 0.5, 2.0))
        assert np.array_equal(result, source[RATE // 2 : 2 * RATE])

    def test_without_an_end_the_rest_is_kept(self) -> None:
        assert len(samples_of(trim(sound_of(drums(3.0)), 1.0, None))) == 2 * RATE

    def test_silence_is_cut_off_both_ends_only(self) -> None:
        inner = np.concatenate((tone(300, 0.5), np.zeros((RATE, 1)), tone(300, 0.5)))
        source = np.concatenate((np.zeros((RATE, 1)), inner, np.full((2 * RATE, 1), 1e-4)))
        result = samples_of(trim_silence(sound_of(source), -60.0))
        assert len(result) / RATE == pytest.approx(2.0, abs=0.02)

    def test_silence_alone_is_left(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert len(samples_of(trim_silence(sound_of(np.zeros((RATE, 1))), -60.0))) == RATE
        assert "not reached" in capsys.readouterr().out

    def test_a_fade_starts_and_ends_in_silence(self) -> None:
        result = samples_of(fade(sound_of(np.ones((3 * RATE, 1))), 1.0, 0.5))[:, 0]
        assert result[0] < 1e-6
        assert result[-1] < 1e-6
        assert result[RATE // 2] == pytest.approx(0.5, abs=0.01)
        assert result[RATE : 2 * RATE] == pytest.approx(1.0)

    def test_fades_longer_than_the_sound_are_shortened(self) -> None:
        result = samples_of(fade(sound_of(np.ones((RATE, 1))), 30.0, 30.0))[:, 0]
        assert np.argmax(result) == pytest.approx(RATE / 2, rel=0.01)


class TestFilters:
    @pytest.mark.parametrize("order", [2, 4])
    def test_a_highpass_is_down_by_3_db_at_its_cutoff(self, order: int) -> None:
        at_cutoff = samples_of(highpass(sound_of(tone(200, level=1.0)), 200, order))
        below = samples_of(highpass(sound_of(tone(100, level=1.0)), 200, order))
        assert level_at(at_cutoff, 200) == pytest.approx(-3.0, abs=0.1)
        assert level_at(below, 100) == pytest.approx(-6.02 * order, abs=0.5)

    def test_a_lowpass_keeps_the_low_end(self) -> None:
        both = sound_of(tone(100, level=0.5) + tone(5000, level=0.5))
        result = samples_of(lowpass(both, 1000, 4))
        assert level_at(result, 100) == pytest.approx(-6.02, abs=0.1)
        assert level_at(result, 5000) < -50

    def test_a_bandpass_keeps_what_lies_between(self) -> None:
        both = sound_of(tone(50, level=0.3) + tone(800, level=0.3) + tone(9000, level=0.3))
        result = samples_of(bandpass(both, 300, 3000, 4))
        assert level_at(result, 800) == pytest.approx(db(0.3), abs=0.3)
        assert max(level_at(result, 50), level_at(result, 9000)) < -40

    @pytest.mark.parametrize("gain_db", [-9.0, 6.0])
    def test_shelves_and_peaks_reach_their_gain(self, gain_db: float) -> None:
        low, high = sound_of(tone(60, level=1.0)), sound_of(tone(8000, level=1.0))
        middle = sound_of(tone(1000, level=1.0))
        shelved = samples_of(low_shelf(low, 800, gain_db))
        raised = samples_of(high_shelf(high, 800, gain_db))
        peaked = samples_of(peak_eq(middle, 1000, gain_db, 2.0))
        assert level_at(shelved, 60) == pytest.approx(gain_db, abs=0.2)
        assert level_at(raised, 8000) == pytest.approx(gain_db, abs=0.2)
        assert level_at(peaked, 1000) == pytest.approx(gain_db, abs=0.05)
        assert level_at(samples_of(low_shelf(high, 800, gain_db)), 8000) == pytest.approx(
            0, abs=0.2
        )
        assert level_at(samples_of(high_shelf(low, 800, gain_db)), 60) == pytest.approx(0, abs=0.2)

    def test_a_frequency_that_the_sound_does_not_have_is_refused(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            lowpass(sound_of(tone(100)), 12_000, 2)
        assert "sample rate of 22050 Hz" in capsys.readouterr().err


class TestCleaning:
    def test_the_offset_of_each_channel_goes(self) -> None:
        source = drums() + np.array([0.02, -0.1])
        assert np.abs(samples_of(remove_dc(sound_of(source))).mean(axis=0)).max() < 1e-9

    @pytest.mark.parametrize("mains", [50.0, 60.0])
    def test_hum_is_found_and_cut_with_its_overtones(
        self, mains: float, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hum = sum(tone(mains * n * 1.0004, 8.0, level=0.05 / n) for n in (1, 2, 3, 4))
        source = drums(8.0)[:, :1] * 0.3 + hum
        result = samples_of(dehum(sound_of(source), 0.0))
        assert level_at(source, mains * 1.0004) - level_at(result, mains * 1.0004) > 20
        assert f"{mains * 3:.0f}" in capsys.readouterr().out.replace("180.1", "180")

    def test_a_clean_sound_is_left_alone(self) -> None:
        source = drums(8.0)
        assert np.array_equal(samples_of(dehum(sound_of(source), 0.0)), source)


class TestStereo:
    def test_mono_is_the_mean(self) -> None:
        source = drums(1.0)
        assert np.allclose(samples_of(mono(sound_of(source)))[:, 0], source.mean(axis=1))

    def test_width_scales_the_difference(self) -> None:
        source = drums(1.0)
        result = samples_of(mid_side(sound_of(source), 0.5))
        assert np.allclose(np.diff(result), 0.5 * np.diff(source))
        assert np.allclose(result.sum(axis=1), source.sum(axis=1))

    def test_one_channel_has_no_width(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            mid_side(sound_of(tone(100)), 0.5)
        assert "two channels" in capsys.readouterr().err


class TestTimeAndPitch:
    @pytest.mark.parametrize(("source", "target"), [(22050, 48000), (48000, 44100), (8000, 8000)])
    def test_a_resampled_tone_keeps_pitch_and_level(self, source: int, target: int) -> None:
        result = resample(sound_of(tone(1000, 2.0, source, 0.5), source), target)
        samples = samples_of(result)
        assert result.rate == target
        assert len(samples) == 2 * target
        assert level_at(samples, 1000, target) == pytest.approx(-6.02, abs=0.01)
        rest = samples[target // 2 : -target // 2] - tone(1000, 2.0, target, 0.5)[
            target // 2 : -target // 2
        ]  # fmt: skip
        assert db(float(np.max(np.abs(rest))) + 1e-12) < -80

    def test_what_would_alias_is_gone(self) -> None:
        result = samples_of(resample(sound_of(tone(7000, 2.0, 22050, 0.5), 22050), 11025))
        assert db(float(np.max(np.abs(result[2000:-2000])))) < -80

    @pytest.mark.parametrize("rate", [0.5, 0.8, 1.25, 2.0])
    def test_a_stretched_tone_keeps_its_pitch(self, rate: float) -> None:
        result = samples_of(time_stretch(sound_of(tone(440, 3.0)), rate))
        assert len(result) == round(3 * RATE / rate)
        assert level_at(result, 440) == pytest.approx(db(0.25), abs=0.3)

    def test_rate_one_changes_nothing(self) -> None:
        source = drums(2.0)
        assert np.allclose(samples_of(time_stretch(sound_of(source), 1.0)), source, atol=1e-6)

    def test_beats_move_with_the_tempo(self) -> None:
        clicks = steady_click_track(silence(8.0, RATE), 100.0, None, 0)
        result = samples_of(time_stretch_tempo(clicks, 100.0, 125.0))[:, 0]
        envelope = np.abs(result[: len(result) // 220 * 220]).reshape(-1, 220).max(axis=1)
        starts = np.flatnonzero((envelope[1:] > 0.1) & (envelope[:-1] <= 0.1)) + 1
        assert np.allclose(np.diff(starts) * 220 / RATE, 60 / 125, atol=0.03)

    @pytest.mark.parametrize("semitones", [-7.0, 3.0, 12.0])
    def test_a_shifted_tone_has_its_new_pitch_at_the_same_length(self, semitones: float) -> None:
        result = samples_of(pitch_shift(sound_of(tone(440, 3.0)), semitones))
        assert len(result) == pytest.approx(3 * RATE, abs=2)
        assert level_at(result, 440 * 2 ** (semitones / 12)) == pytest.approx(db(0.25), abs=0.5)

    def test_the_channels_stay_together(self) -> None:
        source = np.column_stack((tone(440, 2.0)[:, 0], -0.5 * tone(440, 2.0)[:, 0]))
        result = samples_of(time_stretch(sound_of(source), 0.8))
        assert np.allclose(result[:, 1], -0.5 * result[:, 0], atol=1e-6)


class TestSplit:
    def test_the_parts_add_up_to_the_sound(self) -> None:
        source = drums(3.0)
        parts = hpss(sound_of(source))
        total = samples_of(parts["harmonic"]) + samples_of(parts["percussive"])
        assert np.allclose(total, source, atol=1e-9)

    def test_tones_ring_and_clicks_strike(self) -> None:
        clicks = samples_of(steady_click_track(silence(4.0, RATE), 120.0, None, 0))
        parts = hpss(sound_of(tone(440, 4.0, level=0.3) + clicks))
        ringing, striking = (samples_of(parts[name]) for name in ("harmonic", "percussive"))
        assert level_at(ringing, 440) == pytest.approx(db(0.3), abs=0.5)
        assert level_at(striking, 440) < db(0.3) - 20
        assert np.max(np.abs(striking)) > 2 * np.max(np.abs(ringing - tone(440, 4.0, level=0.3)))


class TestClicks:
    def test_clicks_stand_at_the_beats(self) -> None:
        beats = [0.3, 0.9, 1.47]
        result = samples_of(click_track(sound_of(drums(2.0)), beats, [0.9]))[:, 0]
        assert len(result) == 2 * RATE
        for beat in beats:
            start = round(beat * RATE)
            assert not result[start - 200 : start].any()
            assert np.abs(result[start : start + 50]).max() > 0.2

    def test_a_click_across_two_blocks_is_whole(self) -> None:
        seam = (1 << 16) / RATE
        result = samples_of(click_track(silence(4.0, RATE), [seam - 0.01], []))[:, 0]
        alone = samples_of(click_track(silence(1.0, RATE), [0.0], []))[:, 0]
        start = round((seam - 0.01) * RATE)
        assert np.array_equal(result[start : start + 800], alone[:800])


class TestFiles:
    @pytest.mark.parametrize("suffix", ["wav", "flac", "aiff"])
    def test_a_file_comes_back_as_it_was_written(self, suffix: str, tmp_path: Path) -> None:
        write_sound(tmp_path / f"a.{suffix}", sound_of(drums()), 24)
        back = samples_of(read_sound(tmp_path / f"a.{suffix}"))
        assert np.allclose(back, drums(), atol=2**-22)

    @pytest.mark.parametrize("suffix", ["mp3", "ogg"])
    def test_lossy_formats_keep_the_loudness(self, suffix: str, tmp_path: Path) -> None:
        write_sound(tmp_path / f"a.{suffix}", sound_of(drums()), 24)
        back = samples_of(read_sound(tmp_path / f"a.{suffix}"))
        assert lufs(back) == pytest.approx(lufs(drums()), abs=0.3)

    def test_a_long_ogg_file_is_written(self, tmp_path: Path) -> None:
        write_sound(tmp_path / "a.ogg", silence(400.0, 8000), 24)
        assert soundfile.info(tmp_path / "a.ogg").frames == 3_200_000

    def test_too_loud_a_wav_is_kept_as_floating_point(self, tmp_path: Path) -> None:
        write_sound(tmp_path / "a.wav", sound_of(8 * drums()), 24)
        assert soundfile.info(tmp_path / "a.wav").subtype == "FLOAT"
        assert np.allclose(samples_of(read_sound(tmp_path / "a.wav")), 8 * drums(), atol=1e-6)

    def test_too_loud_a_flac_is_turned_down_and_says_so(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_sound(tmp_path / "a.flac", sound_of(8 * drums()), 24)
        assert "turned down" in capsys.readouterr().out
        assert np.max(np.abs(samples_of(read_sound(tmp_path / "a.flac")))) < 1.0

    def test_sixteen_bits_that_were_sixteen_bits_stay_the_same(self, tmp_path: Path) -> None:
        source = np.round(drums() * 32767) / 32768
        write_sound(tmp_path / "a.wav", sound_of(source), 16)
        assert np.array_equal(samples_of(read_sound(tmp_path / "a.wav")), source)

    def test_samples_that_are_no_numbers_count_as_silence(self, tmp_path: Path) -> None:
        source = drums(1.0)
        source[100] = np.nan
        source[200] = np.inf
        soundfile.write(tmp_path / "a.wav", source, RATE, subtype="FLOAT")
        assert np.isfinite(samples_of(read_sound(tmp_path / "a.wav"))).all()

    def test_mp3_gets_a_rate_that_it_can_hold(self) -> None:
        assert fit_mp3(sound_of(drums(0.5, 96_000), 96_000)).rate == 48_000
        assert fit_mp3(sound_of(drums(0.5, 88_200), 88_200)).rate == 44_100

    def test_a_kept_sound_goes_with_its_last_reader(self) -> None:
        kept = keep(sound_of(drums(1.0)))
        assert np.allclose(samples_of(kept), drums(1.0), atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(frames=st.integers(0, 5000), block=st.integers(1, 3000), margin=st.integers(1, 700))
def test_overlapping_blocks_join_to_the_sound(frames: int, block: int, margin: int) -> None:
    source = np.arange(1.0, frames + 1)
    wide = list(overlapped(sound_of(source, block=block), margin))
    joined = np.concatenate([piece[margin:-margin] for piece in wide] or [np.zeros((0, 1))])
    assert np.array_equal(joined[:, 0], source)
