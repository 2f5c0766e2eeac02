import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.pitch_names import (
    cents_between,
    hertz_of_midi,
    hertz_of_note,
    midi_of_hertz,
    midi_of_note,
    name_of_hertz,
    note_of_midi,
    pitch_of_hertz,
)
from grym_synth.errors import BadInput

TUNINGS = st.floats(380, 480)


@given(st.integers(-12, 140), st.sampled_from(["sharps", "flats"]))
def test_every_midi_number_comes_back_from_its_name(midi: int, spelling: str) -> None:
    name = note_of_midi(midi, "flats" if spelling == "flats" else "sharps")
    assert midi_of_note(name) == midi


@given(st.integers(0, 127), TUNINGS)
def test_every_note_comes_back_from_its_frequency_in_any_tuning(midi: int, a4_hz: float) -> None:
    pitch = pitch_of_hertz(hertz_of_midi(midi, a4_hz), a4_hz)
    assert pitch.midi == midi
    assert abs(pitch.cents) < 1e-6


@given(st.floats(8, 20_000), TUNINGS)
def test_every_frequency_comes_back_from_its_midi_number(hertz: float, a4_hz: float) -> None:
    assert hertz_of_midi(midi_of_hertz(hertz, a4_hz), a4_hz) == pytest.approx(hertz, rel=1e-12)


@given(st.floats(8, 20_000))
def test_nearest_note_is_within_half_a_semitone(hertz: float) -> None:
    assert -50 <= pitch_of_hertz(hertz).cents < 50 + 1e-9


@pytest.mark.parametrize(
    ("name", "midi"),
    [("A4", 69), ("C4", 60), ("c-1", 0), ("Bb2", 46), ("F♯3", 54), ("Cb4", 59), ("B#3", 60),
     ("E flat 2", 39), ("Fx3", 55), ("G##3", 57), ("Abb4", 67)],
)  # fmt: skip
def test_note_names_are_read_in_every_usual_spelling(name: str, midi: int) -> None:
    assert midi_of_note(name) == midi


def test_known_frequencies_have_their_textbook_values() -> None:
    assert hertz_of_note("A4") == 440.0
    assert hertz_of_note("C4") == pytest.approx(261.6256, abs=1e-4)
    assert hertz_of_note("A4", a4_hz=432.0) == 432.0
    assert cents_between(220.0, 330.0) == pytest.approx(701.955, abs=1e-3)


def test_frequency_beside_a_note_is_named_with_its_distance() -> None:
    assert name_of_hertz(440.0) == "A4"
    assert name_of_hertz(443.0) == "A4 +12 cents"
    assert name_of_hertz(50.0) == "G1 +35 cents"


def test_enharmonic_notes_are_one_pitch() -> None:
    assert midi_of_note("C#4") == midi_of_note("Db4")
    assert midi_of_note("Cb4") == midi_of_note("B3")
    assert midi_of_note("C4") != midi_of_note("C5")


@pytest.mark.parametrize("name", ["H4", "A", "", "A4 minor", "A##b4b"])
def test_what_is_no_note_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(BadInput, match="A4"):
        midi_of_note(name)


@pytest.mark.parametrize("hertz", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_frequency_is_refused(hertz: float) -> None:
    with pytest.raises(BadInput):
        midi_of_hertz(hertz)
