from pathlib import Path

import numpy as np
import pytest

from audio.songs.instruments import INSTRUMENTS
from audio.synthesis.synthesiser import RATE_HZ, Synthesiser, TimedNote
from grym_synth.errors import MediaRejected
from tests.unit.audio.synthesis.soundfont import square_soundfont


def _spectrum(
    sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Amplitudes by hertz."""
    return np.abs(np.fft.rfft(sound[:RATE_HZ, 0] * np.hanning(RATE_HZ)))


@pytest.mark.parametrize("name", ["Piano", "Electric Bass", "Nylon Guitar", "Violin", "Flute"])
def test_an_instrument_sounds_in_tune_and_at_once(name: str) -> None:
    instrument = INSTRUMENTS[name]
    pitch = 45 if instrument.family == "bass" else 69
    note = TimedNote(RATE_HZ // 2, RATE_HZ * 5 // 4, pitch, 100)
    sound = Synthesiser().play(instrument.program, False, [note], RATE_HZ * 3 // 2)
    level = np.abs(sound).max(axis=1)
    begins = np.flatnonzero(level > 0.05 * level.max())[0]
    assert 0 <= begins - RATE_HZ // 2 < 0.05 * RATE_HZ
    spectrum = _spectrum(sound[RATE_HZ // 2 :])
    hertz = round(440 * 2 ** ((pitch - 69) / 12))
    near = spectrum[: 2 * hertz - hertz // 2]
    assert abs(int(near.argmax()) - hertz) <= 0.02 * hertz


def test_a_soundfont_of_the_users_is_played(tmp_path: Path) -> None:
    path = tmp_path / "mine.sf2"
    path.write_bytes(square_soundfont())
    synthesiser = Synthesiser(path)
    assert "mine.sf2" in synthesiser.name
    sound = synthesiser.play(0, False, [TimedNote(0, RATE_HZ, 69, 100)], RATE_HZ)
    spectrum = _spectrum(sound)
    assert spectrum.argmax() == 440
    assert spectrum[880] < 0.02 * spectrum[440]  # a square wave has no even partials
    assert spectrum[1320] == pytest.approx(spectrum[440] / 3, rel=0.1)


@pytest.mark.parametrize("content", [b"", b"RIFF\x04\0\0\0sfbk", b"no soundfont at all"])
def test_what_is_no_soundfont_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.sf2"
    path.write_bytes(content)
    with pytest.raises(MediaRejected, match=r"broken\.sf2"):
        Synthesiser(path)


def test_a_soundfont_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(MediaRejected, match="No such file"):
        Synthesiser(tmp_path / "none.sf2")
