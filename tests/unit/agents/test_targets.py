import pytest

from agents.planning.criteria import targets
from agents.planning.quantities import find_quantities
from memory.context import Op


@pytest.mark.parametrize(
    ("text", "aspect", "op", "value"),
    [
        ("-14 LUFS", "loudness.integrated_lufs", "==", -14.0),
        ("−14 LUFS", "loudness.integrated_lufs", "==", -14.0),
        ("minus 14 lufs", "loudness.integrated_lufs", "==", -14.0),
        ("minus twenty-three LUFS", "loudness.integrated_lufs", "==", -23.0),
        ("no louder than -16 LUFS", "loudness.integrated_lufs", "<=", -16.0),
        ("-1 dBTP", "loudness.true_peak_dbtp", "<=", -1.0),
        ("max. -1,5 dBTP", "loudness.true_peak_dbtp", "<=", -1.5),
        ("around 120 bpm", "tempo.bpm", "==", 120.0),
        ("96 pulsaciones por minuto", "tempo.bpm", "==", 96.0),
        ("under 3 minutes", "duration.seconds", "<=", 180.0),
        ("weniger als 3 Minuten", "duration.seconds", "<=", 180.0),
        ("menos de 3 minutos", "duration.seconds", "<=", 180.0),
        ("longer than 90 s", "duration.seconds", ">=", 90.0),
        ("at least 3 min 20 s", "duration.seconds", ">=", 200.0),
        ("3:30 or less", "duration.seconds", "<=", 210.0),
        ("at most 2 LU", "loudness.range_lu", "<=", 2.0),
        ("44.1k", "sample_rate.hz", "==", 44100.0),
        ("44,1 kHz", "sample_rate.hz", "==", 44100.0),
        ("44k1", "sample_rate.hz", "==", 44100.0),
        ("48 kHz", "sample_rate.hz", "==", 48000.0),
        ("mono", "channels", "==", 1),
        ("key of F minor", "key", "==", "F minor"),
        ("in a-Moll", "key", "==", "A minor"),
        ("fis-Moll", "key", "==", "F# minor"),
        ("en fa menor", "key", "==", "F minor"),
        ("si bémol majeur", "key", "==", "Bb major"),
        ("in Bb major", "key", "==", "Bb major"),
    ],
)
def test_target_with_its_unit_is_understood(
    text: str, aspect: str, op: Op, value: float | str
) -> None:
    assert [(one.aspect, one.op, one.value) for one in targets(text)] == [(aspect, op, value)]


def test_equality_carries_the_agreement_of_its_aspect() -> None:
    tolerances = {one.aspect: one.tolerance for one in targets("around 120 bpm at -14 LUFS")}
    assert tolerances == {"tempo.bpm": 4.8, "loudness.integrated_lufs": 0.5}


def test_stated_tolerance_wins() -> None:
    assert targets("-16 LUFS ± 0.2")[0].tolerance == 0.2


@pytest.mark.parametrize("text", ["between 118 and 122 bpm", "118-122 bpm", "118 to 122 bpm"])
def test_range_is_two_bounds(text: str) -> None:
    assert [(one.op, one.value) for one in targets(text)] == [(">=", 118.0), ("<=", 122.0)]


def test_number_that_is_rejected_is_no_target() -> None:
    assert [one.value for one in targets("-12 LUFS instead of -14 LUFS")] == [-12.0]


@pytest.mark.parametrize("text", ["a minor issue", "take 5", "at 80 Hz", "for 3 seconds", "B side"])
def test_other_numbers_and_letters_are_no_targets(text: str) -> None:
    assert targets(text) == ()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("under twenty-five seconds", 25.0),
        ("menos de treinta y cinco segundos", 35.0),
        ("höchstens fünfzig Sekunden", 50.0),
        ("au plus quarante secondes", 40.0),
        ("under half a minute", 30.0),
    ],
)
def test_lengths_in_words_of_four_languages_are_limits(words: str, seconds: float) -> None:
    (found,) = find_quantities(words)
    assert (found.unit, found.op, found.value) == ("seconds", "<=", seconds)
