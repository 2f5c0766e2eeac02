from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.truncation import missing_seconds

NOISE = 0.1 * np.random.default_rng(1).standard_normal((4 * 44100, 2))


def a_file(folder: Path, suffix: str, subtype: str) -> Path:
    path = folder / f"sound.{suffix}"
    soundfile.write(path, NOISE, 44100, subtype=subtype)
    return path


@pytest.mark.parametrize(
    ("suffix", "subtype"), [("wav", "PCM_16"), ("wav", "FLOAT"), ("aiff", "PCM_24")]
)
def test_a_file_that_was_cut_off_is_told_by_how_much(
    tmp_path: Path, suffix: str, subtype: str
) -> None:
    path = a_file(tmp_path, suffix, subtype)
    assert missing_seconds(path) == 0.0
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    assert missing_seconds(path) == pytest.approx(1.0, abs=0.02)


def test_a_stream_that_did_not_know_its_length_misses_nothing(tmp_path: Path) -> None:
    path = a_file(tmp_path, "wav", "PCM_16")
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff" * 4
    path.write_bytes(content)
    assert missing_seconds(path) == 0.0


def test_formats_without_such_chunks_are_not_judged(tmp_path: Path) -> None:
    assert missing_seconds(a_file(tmp_path, "flac", "PCM_16")) == 0.0
    assert missing_seconds(tmp_path / "none.wav") == 0.0
