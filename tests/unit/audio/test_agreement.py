import pytest
from pydantic import JsonValue

from audio.agreement import agree, chord_of, relation


@pytest.mark.parametrize(
    ("aspect", "one", "other"),
    [
        ("key", "F# minor", "Gbm"),
        ("key", "B♭ major", "A# major"),
        ("meter", "4/4", " 4/4 "),
        ("loudness.integrated_lufs", -14.0, -14.4),
        ("loudness.range_lu", 6.0, 6.9),
        ("tempo.bpm", 120, 123.5),
        ("beats", [0.5, 1.0, 1.5, 2.0], [0.52, 1.03, 1.46, 2.01]),
        ("chords", [[0, 2, "F#m"], [2, 4, "N"]], [[0, 2.1, "Gb minor"], [2.1, 4, "N.C."]]),
        ("structure.sections", [[0, 8, "A"], [8, 16, "B"]], [[0, 8.3, "X"], [8.3, 16, "Y"]]),
        ("tempo.alternatives_bpm", [60.0, 240.0], [61.0]),
        ("melody.notes", [[0, 0.5, 60], [0.5, 1, 62]], [[0.02, 0.4, 60], [0.52, 1, 62]]),
        ("dropouts", [[3.0, 3.1]], [[3.02, 3.12]]),
        ("dropouts", [], []),
    ],
)
def test_values_that_say_the_same_in_another_spelling_or_within_tolerance_agree(
    aspect: str, one: JsonValue, other: JsonValue
) -> None:
    assert agree(aspect, one, other)
    assert agree(aspect, other, one)


@pytest.mark.parametrize(
    ("aspect", "one", "other"),
    [
        ("key", "D minor", "F major"),
        ("tempo.bpm", 120.0, 60.0),
        ("loudness.true_peak_dbtp", -1.0, -0.5),
        ("beats", [0.5, 1.0, 1.5, 2.0], [0.75, 1.25, 1.75, 2.25]),
        ("chords", [[0, 4, "C"]], [[0, 2, "C"], [2, 4, "Am"]]),
        ("structure.sections", [[0, 8, "A"], [8, 16, "B"]], [[0, 12, "A"], [12, 16, "B"]]),
        ("tempo.alternatives_bpm", [60.0], [90.0]),
        ("dropouts", [[3.0, 3.1]], []),
        ("sample_rate.hz", 44100, 48000),
        ("a.foreign.aspect", "x", "y"),
    ],
)
def test_values_that_cannot_both_be_true_do_not_agree(
    aspect: str, one: JsonValue, other: JsonValue
) -> None:
    assert not agree(aspect, one, other)
    assert not agree(aspect, other, one)


def test_what_ties_two_values_that_disagree_is_named() -> None:
    assert "relative" in relation("key", "D minor", "F major")
    assert "parallel" in relation("key", "D minor", "D major")
    assert "octave" in relation("tempo.bpm", 60.0, 120.0)
    assert relation("key", "D minor", "F# major") == ""
    assert relation("tempo.bpm", 0, 120.0) == ""


def test_a_chord_is_the_same_in_every_spelling() -> None:
    assert chord_of("Gbm") == chord_of("F# minor") == chord_of("f#min")
    assert chord_of("Cmaj") == chord_of("C") != chord_of("C7")
    assert chord_of("?") is None
