import pytest

from audio.songs.harmony import QUALITIES, chord_of, is_chord
from audio.songs.keys import key_of
from grym_synth.errors import BadInput


@pytest.mark.parametrize(
    ("name", "notes", "bass"),
    [
        ("C", {0, 4, 7}, 0),
        ("F#m", {6, 9, 1}, 6),
        ("G7/B", {7, 11, 2, 5}, 11),
        ("Bbmaj7", {10, 2, 5, 9}, 10),
        ("C6/9", {0, 4, 7, 9, 2}, 0),
        ("E7(b9)", {4, 8, 11, 2, 5}, 4),
        ("Dsus", {2, 7, 9}, 2),
        ("Am7b5", {9, 0, 3, 7}, 9),
        ("B°7", {11, 2, 5, 8}, 11),
        ("AbΔ", {8, 0, 3, 7}, 8),
        ("Cb", {11, 3, 6}, 11),
        ("D-7", {2, 5, 9, 0}, 2),
    ],
)
def test_a_chord_name_stands_for_its_notes(name: str, notes: set[int], bass: int) -> None:
    chord = chord_of(name)
    assert set(chord.pitch_classes) == notes
    assert chord.bass == bass


@pytest.mark.parametrize("name", ["H", "Cfoo", "", "m7", "C/H", "N", "c"])
def test_what_is_no_chord_is_refused(name: str) -> None:
    assert not is_chord(name)
    with pytest.raises(BadInput, match="reading the chord"):
        chord_of(name)


def test_chords_move_with_the_spelling_of_a_key() -> None:
    assert chord_of("Am7/G").moved(3, key_of("C minor")).name == "Cm7/Bb"
    assert chord_of("C").moved(6, key_of("F# major")).name == "F#"


def test_no_two_chords_have_one_name_or_one_sound() -> None:
    assert len({one.suffix for one in QUALITIES}) == len(QUALITIES)
    assert len({one.intervals for one in QUALITIES}) == len(QUALITIES)
