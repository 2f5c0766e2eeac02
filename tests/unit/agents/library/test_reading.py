"""Requests for sounds in plain words, read as queries."""

import pytest

from agents.library.reading import read_query
from memory.library.query import Format, InKey, IsA, Named, OfKind, Quality, Range


def of(words: str, kind: type) -> list[object]:
    return [one for one in read_query(words).conditions if isinstance(one, kind)]


@pytest.mark.parametrize(
    ("words", "field", "low", "high", "around"),
    [
        ("around 140", "tempo_bpm", 140, 140, True),
        ("808 140 bpm", "tempo_bpm", 140, 140, True),
        ("between 90 and 100 bpm", "tempo_bpm", 90, 100, False),
        ("loops 120-130 bpm", "tempo_bpm", 120, 130, False),
        ("faster than 150 bpm", "tempo_bpm", 150, None, False),
        ("shorter than 2 s", "seconds", None, 2, False),
        ("under 500 ms", "seconds", None, 0.5, False),
        ("longer than a minute", "seconds", 60, None, False),
        ("between 2 and 4 seconds", "seconds", 2, 4, False),
        ("louder than -14 LUFS", "loudness_lufs", -14, None, False),
        ("peaks below -1 dBTP", "true_peak_dbtp", None, -1, False),
        ("centroid below 500 Hz", "centroid_hz", None, 500, False),
        ("4-bar loop", "bars", 3.9, 4.1, False),
        ("at 48 kHz", "sample_rate_hz", 47_999, 48_001, False),
        ("mono", "channels", None, 1, False),
    ],
)
def test_numbers_are_ranges_of_what_they_measure(
    words: str, field: str, low: float | None, high: float | None, around: bool
) -> None:
    (one,) = of(words, Range)
    assert isinstance(one, Range)
    assert (one.field, one.low, one.high, one.around) == (field, low, high, around)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("in F minor", ("F minor",)),
        ("808 in Fm around 140", ("F minor",)),
        ("Bb minor piano", ("Bb minor",)),
        ("f sharp major", ("F# major",)),
        ("tuned to F", ("F",)),
        ("in F minor or its relative", ("F minor", "Ab major")),
        ("A minor or E minor", ("A minor", "E minor")),
        ("something that fits 8A", ("A minor", "C major", "E minor", "D minor")),
    ],
)
def test_keys_are_read_with_what_fits_them(words: str, keys: tuple[str, ...]) -> None:
    (one,) = of(words, InKey)
    assert isinstance(one, InKey) and one.keys == keys


@pytest.mark.parametrize("words", ["a dark loop for a film", "find me a bass", "loops at a party"])
def test_an_article_is_no_key(words: str) -> None:
    assert of(words, InKey) == []


def test_the_number_of_a_drum_machine_is_no_tempo() -> None:
    assert of("808", Range) == [] and of("dark 808", IsA) == [IsA(sound="808")]


def test_denied_words_are_conditions_too() -> None:
    assert of("no vocals", IsA) == [IsA(sound="vocals", negated=True)]
    assert of("one-shots, not loops", OfKind) == [
        OfKind(kinds=("one-shot",)), OfKind(kinds=("loop",), negated=True),
    ]  # fmt: skip
    assert "isn't measured" in read_query("no vocals").remarks[0]
    (key,) = of("not in F minor", InKey)
    assert isinstance(key, InKey) and key.negated


def test_what_may_be_one_or_the_other_is_one_condition() -> None:
    assert of("claps or snares", IsA) == [IsA(sound="snare", either=IsA(sound="clap"))]
    assert of("loops or one-shots", OfKind) == [OfKind(kinds=("loop", "one-shot"))]
    assert of("kicks without reverb", Named) == [Named(words="reverb", strict=False, negated=True)]


def test_words_of_the_trade_are_measured_fields_with_a_direction() -> None:
    (dark,) = of("dark", Quality)
    (bright,) = of("not dark", Quality)
    assert isinstance(dark, Quality) and isinstance(bright, Quality)
    assert (dark.field, dark.high, bright.high) == ("centroid_hz", False, True)
    several = of("muddy, wide and loud", Quality)
    assert {one.field for one in several if isinstance(one, Quality)} == {
        "loudest_lufs", "bands_db.low_mid", "width",
    }  # fmt: skip


def test_quoted_words_and_folders_must_be_in_the_name() -> None:
    assert of('"Junkie XL" kick', Named) == [Named(words="junkie xl")]
    assert of("kicks in the Vengeance folder", Named) == [Named(words="vengeance")]
    assert of("flac kicks", Format) == [Format(formats=("flac",))]


def test_little_words_ask_for_nothing() -> None:
    assert read_query("please find me something, could you?").conditions == ()
