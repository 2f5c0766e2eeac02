"""Songs that the studio composes and plays itself, so that every beat, chord and note is known."""

from pathlib import Path

import numpy as np
import pytest

from agents.composing.order import ComposeOrder
from agents.composing.planning import plan_of
from audio.chords import find_chords
from audio.composing.composer import compose
from audio.measure import measure
from audio.songs.harmony import chord_of
from audio.synthesis.rendering import flac_bytes, render
from audio.synthesis.synthesiser import Synthesiser
from audio.transcribing.hearing import Hearing

pytestmark = pytest.mark.long


@pytest.mark.parametrize("style", ["pop", "disco", "country"])
def test_tempo_beats_and_chords_of_a_composed_song_are_heard(style: str, tmp_path: Path) -> None:
    form = [{"kind": "verse", "bars": 8}, {"kind": "chorus", "bars": 8}]
    order = ComposeOrder.model_validate({"style": style, "seed": 2024, "form": form})
    song = compose(plan_of(order))
    path = tmp_path / "song.flac"
    path.write_bytes(flac_bytes(render(song, Synthesiser()).mix))
    told = {one.aspect: one.value for one in measure(path, ("tempo.bpm", "beats"))}
    assert told["tempo.bpm"] == pytest.approx(song.tempos[0].bpm, rel=0.01)
    beats = np.array(told["beats"], dtype=np.float64)
    time = song.timeline
    truth = [
        time.seconds_at(tick) for bar in range(2, song.bars) for tick in time.beats_of_bar(bar)
    ]
    near = [np.abs(beats - one).min() <= 0.07 for one in truth]
    assert np.mean(near) >= 0.95
    spans = find_chords(Hearing(path).chromagram(), beats.tolist(), 4.0).spans
    right, whole = 0.0, 0.0
    for one in song.chords:
        start, end, wanted = time.seconds_at(one.start), time.seconds_at(one.end), one.name
        whole += end - start
        for span in spans:
            shared = min(span.end, end) - max(span.start, start)
            right += max(0.0, shared) * _same(span.label, wanted)
    assert right / whole >= 0.7


def _same(told: str, wanted: str) -> bool:
    """Whether root and third are the same."""
    if "N" in (told, wanted):
        return told == wanted
    one, other = chord_of(told), chord_of(wanted)
    return one.root == other.root and one.is_minor == other.is_minor
