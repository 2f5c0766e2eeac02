import json
from pathlib import Path

import pytest

from audio.transcribing import network
from audio.transcribing.notes import HeardNote
from evals.mir import Figure, below, figures
from evals.notes import compare
from tests.unit.audio.transcribing.instruments import line, played, plucked, written


def note(start: float, pitch: int) -> HeardNote:
    return HeardNote(start=start, end=start + 0.3, pitch=pitch, strength=1.0)


def test_a_note_is_right_where_pitch_and_onset_are() -> None:
    truth = [note(0.0, 60), note(1.0, 64), note(2.0, 67), note(3.0, 72)]
    told = [note(0.03, 60), note(1.2, 64), note(2.0, 79), note(3.0, 72)]
    score = compare("song", truth, told)
    assert (score.precision, score.recall, score.onset_f) == (0.5, 0.5, 0.5)


def test_figures_below_a_library_s_are_named() -> None:
    told = [Figure("beat F", 0.7, 9), Figure("tempo Acc1", 0.9, 9), Figure("downbeat F", 0.1, 9)]
    assert below(told) == ["beat F"]


@pytest.mark.skipif(not network.is_there(), reason="the network is not installed")
def test_a_folder_of_one_song_is_scored_for_all_that_its_truth_tells(tmp_path: Path) -> None:
    melody = line([60, 64, 67, 72, 71, 67, 65, 62] * 4, [0.5] * 32)
    written(tmp_path, played(melody, plucked, 16.5))
    notes = [{"start": one.start, "end": one.end, "pitch": one.pitch} for one in melody]
    beats = [0.5 * index for index in range(32)]
    truth = {"file": "song.wav", "bpm": 120, "beats": beats, "key": "C major", "notes": notes}
    (tmp_path / "song.json").write_text(json.dumps(truth))
    told = {one.name: one.value for one in figures(tmp_path, with_notes=True)}
    assert told["tempo Acc2"] == 1.0
    assert told["note onset F"] > 0.9
    assert {"beat F", "key exact"} <= set(told)
    assert "chords maj/min" not in told
