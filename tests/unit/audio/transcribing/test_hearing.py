from pathlib import Path

import numpy as np
import pytest

from audio.transcribing import network
from audio.transcribing.hearing import Hearing
from audio.transcribing.posteriors import find_notes
from audio.transcribing.spectral import hear_spectrally
from audio.transcribing.voices import split_voices
from evals.notes import compare
from tests.unit.audio.transcribing.instruments import (
    Instrument,
    blown,
    bowed,
    line,
    played,
    plucked,
    written,
)

PITCHES = [67, 69, 71, 72, 0, 74, 72, 69, 67, 67, 64, 60, 62, 64, 67, 0, 72, 76, 74, 71, 67, 67]
LENGTHS = [0.5, 0.25, 0.25, 0.5, 0.5, 0.75, 0.25, 0.5, 0.5, 0.5, 1.0] * 2
needs_network = pytest.mark.skipif(
    not network.is_there(), reason="the network is not installed (requirements/no-deps.txt)"
)


@needs_network
@pytest.mark.parametrize("instrument", [plucked, blown, bowed])
def test_nine_tenths_of_a_solo_line_are_heard(instrument: Instrument, tmp_path: Path) -> None:
    truth = line(PITCHES, LENGTHS)
    transcript = Hearing(written(tmp_path, played(truth, instrument, 11.5))).transcript()
    assert transcript.solo
    assert not transcript.bass
    assert compare("line", truth, transcript.melody).onset_f >= 0.9


def test_a_solo_line_is_heard_without_the_network_too(tmp_path: Path) -> None:
    truth = line(PITCHES, LENGTHS)
    heard = hear_spectrally(written(tmp_path, played(truth, plucked, 11.5)))
    melody = split_voices(find_notes(heard), ()).melody
    assert compare("line", truth, melody).onset_f >= 0.8


@needs_network
def test_a_bass_below_chords_and_melody_is_heard_as_the_bass(tmp_path: Path) -> None:
    bass = line([33, 33, 29, 29, 36, 36, 31, 31] * 2, [0.75] * 16)
    chords = [
        one
        for root, start in ((57, 0.0), (53, 1.5), (60, 3.0), (55, 4.5)) * 2
        for step in (0, 4, 7)
        for one in line([root + step], [1.5], start + 6.0 * (root == 0))
    ]
    sound = played(bass, bowed, 12.2) + 0.5 * played(chords, blown, 12.2)
    heard = Hearing(written(tmp_path, sound)).transcript()
    assert not heard.solo
    assert compare("bass", bass, heard.bass).onset_f >= 0.8


@needs_network
def test_noise_holds_no_notes(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(44_100 * 4)
    assert Hearing(written(tmp_path, noise)).transcript().held < 0.1
