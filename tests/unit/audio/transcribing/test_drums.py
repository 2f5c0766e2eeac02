from pathlib import Path

import mir_eval
import numpy as np
import soundfile

from audio.synthesis.synthesiser import RATE_HZ, Synthesiser, TimedNote
from audio.transcribing.drums import find_strokes
from tests.unit.audio.transcribing.instruments import line, played, plucked, written

PITCHES = {"kick": 36, "snare": 38, "hat": 42}


def test_bass_drum_snare_and_cymbals_are_told_apart(tmp_path: Path) -> None:
    beats = np.arange(12) * 0.5 + 0.1
    truth = {"kick": beats[::2], "snare": beats[1::2], "hat": beats + 0.25}
    strokes = [
        TimedNote(round(at * RATE_HZ), round((at + 0.1) * RATE_HZ), PITCHES[drum], 90)
        for drum, times in truth.items()
        for at in times
    ]
    sound = Synthesiser().play(0, True, sorted(strokes), round(6.5 * RATE_HZ))
    soundfile.write(tmp_path / "kit.wav", sound, RATE_HZ, subtype="FLOAT")
    told = find_strokes(tmp_path / "kit.wav")
    for drum, times in truth.items():
        heard = np.array([one.at for one in told if one.drum == drum])
        assert mir_eval.onset.f_measure(times, heard)[0] >= 0.75


def test_plucked_strings_are_no_drums(tmp_path: Path) -> None:
    notes = line([60, 64, 67, 72] * 4, [0.5] * 16)
    assert find_strokes(written(tmp_path, played(notes, plucked, 9.0))) == ()
