from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from scipy import signal

from audio.regions import Region, RegionKind, read_regions
from grym_synth.errors import MediaRejected

RATE = 44100
Samples = NDArray[np.float64]


def _write(folder: Path, samples: Samples, subtype: str = "PCM_24") -> Path:
    path = folder / "sound.wav"
    soundfile.write(path, samples, RATE, subtype=subtype)
    return path


def _music(seconds: float) -> Samples:
    """Decaying tones over a bed of noise, one every quarter second, as a hand plays them."""
    random = np.random.default_rng(3)
    length = round(seconds * RATE)
    song = random.normal(0, 0.004, length)
    note = np.arange(round(0.8 * RATE)) / RATE
    for start in range(0, length - len(note) - RATE // 30, RATE // 4):
        start += int(random.integers(0, RATE // 30))
        hertz = 110 * 2 ** (random.integers(0, 36) / 12)
        tone = sum(np.sin(2 * np.pi * hertz * n * note) / n for n in (1, 2, 3, 4))
        song[start : start + len(note)] += 0.12 * np.exp(-4 * note) * tone
    return np.clip(song, -0.95, 0.95)


def _sine(hertz: float, seconds: float, level: float) -> Samples:
    sine: Samples = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return sine


def _found(folder: Path, samples: Samples, kind: RegionKind) -> list[Region]:
    reading = read_regions(_write(folder, samples))
    return [region for region in reading.regions if region.kind == kind]


def test_clean_music_has_nothing_to_show(tmp_path: Path) -> None:
    reading = read_regions(_write(tmp_path, _music(15)))
    assert reading.regions == []
    assert set(reading.absent) == {"cutoff", "hum", "dropout", "clipping"}


@pytest.mark.parametrize("milliseconds", [5, 40, 250, 1000])
@pytest.mark.parametrize("left", [0.0, 0.005])
def test_a_drop_out_is_found_where_it_is(tmp_path: Path, milliseconds: int, left: float) -> None:
    samples = _music(12)
    start, length = round(5.3 * RATE), milliseconds * RATE // 1000
    samples[start : start + length] *= left
    [gap] = _found(tmp_path, samples, "dropout")
    assert gap.start == pytest.approx(5.3, abs=0.004)
    assert gap.end == pytest.approx(5.3 + milliseconds / 1000, abs=0.004)
    assert (gap.low_hz, gap.high_hz) == (0.0, RATE / 2)


def test_a_drop_out_of_one_channel_is_found(tmp_path: Path) -> None:
    samples = np.stack((_music(10), _music(10)), axis=1)
    samples[4 * RATE : 4 * RATE + 3000, 1] = 0
    [gap] = _found(tmp_path, samples, "dropout")
    assert "channel 2" in gap.says


def test_rests_that_decay_are_no_drop_outs(tmp_path: Path) -> None:
    samples = _music(6)
    fade = np.exp(-np.arange(RATE) / (0.05 * RATE))
    samples[3 * RATE : 4 * RATE] *= fade
    assert _found(tmp_path, samples, "dropout") == []


def test_a_gate_that_chops_all_the_time_is_no_drop_out(tmp_path: Path) -> None:
    gate = np.arange(10 * RATE) % (RATE // 4) < RATE // 8
    assert _found(tmp_path, _sine(220, 10, 0.4) * gate, "dropout") == []


def test_a_low_pass_is_found_with_its_frequency(tmp_path: Path) -> None:
    noisy = _music(12) + np.random.default_rng(1).normal(0, 0.02, 12 * RATE)
    samples = signal.fftconvolve(noisy, signal.firwin(801, 11000, fs=RATE), "same")
    [edge] = _found(tmp_path, samples, "cutoff")
    assert edge.low_hz == pytest.approx(11000, rel=0.03)
    assert (edge.start, edge.end, edge.high_hz) == (0.0, 12.0, RATE / 2)


def test_a_low_pass_on_the_second_half_is_found_there(tmp_path: Path) -> None:
    samples = _music(40) + np.random.default_rng(1).normal(0, 0.02, 40 * RATE)
    dull = signal.fftconvolve(samples, signal.firwin(801, 9000, fs=RATE), "same")
    samples[20 * RATE :] = dull[20 * RATE :]
    [edge] = _found(tmp_path, samples, "cutoff")
    assert edge.low_hz == pytest.approx(9000, rel=0.03)
    assert (edge.start, edge.end) == pytest.approx((20.0, 40.0), abs=0.1)


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_hum_is_found_under_music(tmp_path: Path, mains: float) -> None:
    samples = _music(20)
    for harmonic, level in ((1, 0.01), (2, 0.006), (3, 0.004)):
        samples += _sine(mains * harmonic, 20, level)
    [hum] = _found(tmp_path, samples, "hum")
    assert (hum.low_hz + hum.high_hz) / 2 == pytest.approx(mains, abs=0.3)
    assert (hum.start, hum.end) == (0.0, 20.0)


def test_hum_that_sets_in_later_is_found_there(tmp_path: Path) -> None:
    samples = _music(50)
    for harmonic, level in ((1, 0.02), (2, 0.012), (3, 0.008)):
        samples[20 * RATE :] += _sine(50 * harmonic, 30, level)
    [hum] = _found(tmp_path, samples, "hum")
    assert (hum.start, hum.end) == pytest.approx((20.0, 50.0), abs=0.1)


def test_clipped_stretches_are_found_as_spans(tmp_path: Path) -> None:
    samples = 0.5 * _music(10)
    for start in (2, 7):
        loud = slice(start * RATE, start * RATE + RATE // 5)
        samples[loud] = np.clip(samples[loud] + _sine(700, 0.2, 1.4), -1, 1)
    spans = _found(tmp_path, samples, "clipping")
    assert [round(span.start, 1) for span in spans] == [2.0, 7.0]
    assert [round(span.end, 1) for span in spans] == [2.2, 7.2]


def test_a_loud_bass_that_only_touches_full_scale_is_not_clipped(tmp_path: Path) -> None:
    assert _found(tmp_path, _sine(41, 5, 0.9999), "clipping") == []


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaRejected, match="no samples"):
        read_regions(_write(tmp_path, np.zeros(0)))


def test_real_music_has_no_drop_outs_and_no_hum(recordings: Path) -> None:
    paths = sorted((recordings / "music").glob("asap_0*.ogg"))
    regions = [region for path in paths for region in read_regions(path).regions]
    assert paths
    assert [region for region in regions if region.kind in ("dropout", "hum")] == []
