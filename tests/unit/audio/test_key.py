from pathlib import Path

import pytest

from audio.key import KEYS, find_key
from tests.unit.audio.tones import RATE, hear, hear_file, progression, tone

MAJOR_LOOPS = ("C Am F G", "C G Am F", "C F G C", "C Em F G")
MINOR_LOOPS = ("Am Dm E Am", "Am F Dm E", "Am G F E")


@pytest.mark.parametrize("loop", MAJOR_LOOPS)
@pytest.mark.parametrize("transpose", [0, 4, 9])
def test_a_major_loop_is_in_the_key_of_its_first_chord(
    loop: str, transpose: int, tmp_path: Path
) -> None:
    told = find_key(hear(progression(f"{loop} {loop}", 0.8, transpose), tmp_path).chromagram)
    assert told.key == KEYS[transpose]
    assert told.confidence > 0.5


@pytest.mark.parametrize("loop", MINOR_LOOPS)
@pytest.mark.parametrize("transpose", [0, 5])
def test_a_minor_loop_is_in_the_minor_key(loop: str, transpose: int, tmp_path: Path) -> None:
    told = find_key(hear(progression(f"{loop} {loop}", 0.8, transpose), tmp_path).chromagram)
    assert told.key == KEYS[12 + (9 + transpose) % 12]


def test_a_passage_in_another_key_does_not_change_that_of_the_piece(tmp_path: Path) -> None:
    home, away = "C F G C", "E A B E"
    sound = progression(" ".join([home, home, home, away, home, home]), 0.8)
    assert find_key(hear(sound, tmp_path).chromagram).key == "C major"


def test_a_single_note_has_no_key_and_says_why(tmp_path: Path) -> None:
    told = find_key(hear(tone(57, 3.0), tmp_path).chromagram)
    assert told.key is None
    assert told.confidence == 0
    assert "note" in told.reason


def test_a_few_seconds_are_told_with_less_confidence(tmp_path: Path) -> None:
    loop = "C Am F G"
    short = find_key(hear(progression(loop, 0.5), tmp_path).chromagram)
    full = find_key(hear(progression(f"{loop} " * 6, 0.5), tmp_path).chromagram)
    assert short.key == full.key == "C major"
    assert short.confidence < 0.5 < full.confidence


def test_a_sound_too_short_for_a_key_says_so(tmp_path: Path) -> None:
    told = find_key(hear(progression("C", 0.8)[: RATE // 4], tmp_path).chromagram)
    assert told.key is None
    assert "too short" in told.reason


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("wir_15_Bach_01.ogg", "C major"),
        ("wir_23_Mozart_1.ogg", "Bb major"),
        ("asap_05.ogg", "A minor"),
    ],
)
def test_a_real_piece_is_in_its_key(name: str, key: str, recordings: Path) -> None:
    assert find_key(hear_file(recordings / "music" / name).chromagram).key == key
