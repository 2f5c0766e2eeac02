import pytest

from audio.songs.keys import key_of, key_of_signature, octave_of, pitch_of
from grym_synth.errors import BadInput


@pytest.mark.parametrize(
    ("name", "fifths", "said"),
    [
        ("A minor", 0, "A minor"),
        ("F# major", 6, "F# major"),
        ("bbm", -5, "Bb minor"),
        ("G# major", -4, "Ab major"),
        ("Cb", -7, "Cb major"),
        ("Dm", -1, "D minor"),
    ],
)
def test_a_key_has_its_signature_and_usual_name(name: str, fifths: int, said: str) -> None:
    key = key_of(name)
    assert (key.fifths, key.name) == (fifths, said)
    assert key_of_signature(fifths, key.mode) == key


def test_notes_are_spelt_as_their_key_asks() -> None:
    assert [key_of("Bb minor").name_of(one) for one in key_of("Bb minor").scale] == [
        "Bb", "C", "Db", "Eb", "F", "Gb", "Ab",
    ]  # fmt: skip
    assert key_of("A minor").name_of(8) == "G#"
    assert key_of("C major").name_of(8) == "Ab"
    assert key_of("F# major").name_of(5) == "E#"


@pytest.mark.parametrize("key", ["C major", "F# major", "Cb major", "A# minor", "Ab minor"])
def test_every_pitch_survives_its_spelling(key: str) -> None:
    for pitch in range(128):
        letter, alter = key_of(key).spell(pitch % 12)
        assert pitch_of(letter, alter, octave_of(pitch, letter, alter)) == pitch


@pytest.mark.parametrize("name", ["", "H minor", "C dorian", "major"])
def test_what_is_no_key_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="reading the key"):
        key_of(name)
