from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.blocks import Block, Floats, open_stream, read_blocks
from grym_synth.errors import MediaRejected
from tests.unit.audio.sounds import RATE, noise, sine, write


def blocks(path: Path) -> list[Block]:
    return list(read_blocks(path, open_stream(path)))


def joined(pieces: list[Floats], axis: int) -> Floats:
    whole: Floats = np.concatenate(pieces, axis=axis)
    return whole


@pytest.mark.parametrize("rate", [8000, 11_025, 44_100])
@pytest.mark.parametrize("seconds", [0.01, 9.999, 10.0, 23.457])
def test_frames_come_at_exact_rates_whatever_the_block_borders(
    tmp_path: Path, rate: int, seconds: float
) -> None:
    sound = noise(seconds, rate=rate)
    held = blocks(write(tmp_path, sound, rate))
    frames = len(sound)
    assert joined([block.samples for block in held], 1).shape == (1, frames)
    assert sum(len(block.short) for block in held) == np.ceil(frames * 100 / rate)
    assert sum(len(block.long) for block in held) == np.ceil(frames * 10 / rate)


def test_a_block_border_leaves_no_trace_in_the_spectrogram(tmp_path: Path) -> None:
    sound = noise(24, channels=2)
    path = write(tmp_path, sound)
    stream = open_stream(path)
    short = joined([block.short for block in blocks(path)], 0)
    window = np.hanning(stream.short_fft + 1)[:-1]
    centre = 10 * RATE
    piece = sound[centre - stream.short_fft // 2 : centre + stream.short_fft // 2]
    power = np.abs(np.fft.rfft(piece * (window / (window.sum() / 2))[:, None], axis=0)) ** 2
    np.testing.assert_allclose(short[1000], power.mean(axis=1), rtol=1e-3, atol=1e-9)


def test_a_full_scale_sine_reads_power_one(tmp_path: Path) -> None:
    hertz = 50 * RATE / 2048  # the centre of a bin
    held = blocks(write(tmp_path, sine(hertz, 2, 0.0)))
    assert held[0].short[100].max() == pytest.approx(1.0, rel=0.01)
    assert held[0].long[10].max() == pytest.approx(1.0, rel=0.01)


def test_samples_that_are_no_number_become_silence(tmp_path: Path) -> None:
    sound = noise(1)
    sound[10:20], sound[30], sound[40] = np.nan, np.inf, 1e30
    samples = blocks(write(tmp_path, sound))[0].samples
    assert not samples[0, 10:20].any()
    assert samples[0, 30] == 0.0
    assert np.isfinite(samples).all()
    assert samples.max() <= 1e6


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "aiff"])
def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"whole.{suffix}"
    soundfile.write(path, noise(8, channels=2), RATE)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    frames = sum(block.samples.shape[1] for block in blocks(path))
    assert frames == pytest.approx(4 * RATE, rel=0.1)


def test_a_file_that_is_no_sound_is_rejected_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "letter.wav"
    path.write_text("Dear mixer, this is no sound.")
    with pytest.raises(MediaRejected, match=r"letter\.wav") as caught:
        blocks(path)
    assert str(tmp_path) not in caught.value.happened
