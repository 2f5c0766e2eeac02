from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.language.invention import Ledger, invented_numbers

SIGNS = "0123456789.,:/-–−+%#'_ eEkmsxhz½²٣thndr\n"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("at 44.1 kHz", "44100 Hz"),
        ("at 44,100 Hz", "44100"),
        ("at 44 100 Hz", "44100 Hz"),
        ("from 1:04 on", "start 64.2 s"),
        ("3 min 20 s long", "200 s"),
        ("it lasts 40 minutes and 12 seconds", "2412.0 s"),
        ("peaks stay 4.1 dB under full scale", "-4.1 dBTP"),
        ("3 dB of headroom are left", "-3.02 dBTP"),
        ("it leans by 2.3 dB", "balance -2.3 dB"),
        ("in G flat minor", "key F# minor"),
        ("it turns to A minor", "chords Am F C"),
        ("A major problem is left", ""),
        ("a C major chord", ""),
        ("1h02m is 62 minutes", "1h02m, 3720 s"),
        ("−14.1 LUFS", "-14.096 LUFS"),
        ("minus fourteen LUFS", "-14.2 LUFS"),
        ("82 % sure", "confidence 0.82"),
        ("in 3/4", "meter 3/4"),
        ("three quarters: 3/4", "3 of 0.75"),
        ("20–60 Hz", "from 20 Hz to 60 Hz"),
        ("5-10 ms", "0.005 s, 0.010 s"),
        ("0,5 s und 1.234 Samples", "0.5 s, 1234 samples"),
        ("on 1 December 2026", "2026-12-01"),
        ("on Dec 1st", "due 2026-12-01T10:00:00+00:00"),
        ("the third chorus", "chorus 3"),
        ("a major third, in sixteenth notes", ""),
        ("hundertzwanzig BPM", "120 BPM"),
        ("quatre-vingt-dix", "90"),
        ("one hundred and twenty-five", "125"),
        ("2.5 kHz", "2483 Hz"),
        ("about 2500 Hz", "2483 Hz"),
        ("-1 dB", "-1.04 dBTP"),
        ("ratio 4:1", "ratio 4"),
        ("mix_v2.wav is loud", "mix_v2.wav"),
        ("48kHz/24bit", "48000 Hz, 24 bits"),
        ("this one, no other", ""),
        ("1½ bars", "1.5 bars"),
        ("1e-3", "0.001"),
    ],
)
def test_a_number_may_be_written_another_way_or_rightly_rounded(text: str, source: str) -> None:
    assert invented_numbers(text, [source]) == ()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("14 LUFS", "-14 LUFS"),
        ("14 dB under full scale", "-14 LUFS"),
        ("louder by 14 dB", "-14 LUFS"),
        ("in A major", "key F# minor"),
        ("in D major", "key Db major"),
        ("it is in E minor", "no key was found"),
        ("A minor, 120", "key A major, 120 BPM"),
        ("+3 dB", "-3 dB"),
        ("120 BPM", "118 BPM"),
        ("120 Hz", "120 BPM"),
        ("0 dB", "0.4 dB"),
        ("-14.2 LUFS", "-14.14 LUFS"),
        ("1.234 samples", "1234 samples"),
        ("on Dec 2", "2026-12-01"),
        ("mix_v3.wav", "mix_v2.wav"),
        ("100", "10²"),
        ("sixteen bars", "8 bars"),
        ("4/4", "3/4"),
        ("1:05", "64.2 s"),
        ("louder by 4 dB", "-18 LUFS, -14 LUFS"),
        ("the second chorus... zwei", "chorus"),
    ],
)
def test_a_number_that_the_sources_lack_is_found(text: str, source: str) -> None:
    assert invented_numbers(text, [source])


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=40))
def test_no_text_says_more_than_itself(text: str) -> None:
    assert invented_numbers(f"{text} ", [text]) == ()
    kept = Ledger([text]).keep_supported(text)
    assert (kept.text, kept.dropped) == (text.strip(), ())


@settings(max_examples=300, deadline=None)
@given(
    st.integers(-(10**7), 10**7),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_every_right_rounding_is_kept_and_every_other_number_is_found(
    number: int, places: int, fewer: int
) -> None:
    value = Fraction(number, 10**places)
    source = f"it is {float(value):.{places}f} LUFS"
    digits = max(0, places - fewer)
    rounded = round(value, digits)
    if rounded:
        assert invented_numbers(f"{float(rounded):.{digits}f} LUFS", [source]) == ()
    wrong = rounded + Fraction(2, 10**digits)
    if wrong and abs(value) < 1000:
        assert invented_numbers(f"{float(wrong):.{digits}f} LUFS", [source])


def test_only_the_sentence_that_makes_a_number_up_is_dropped() -> None:
    sources = ["mix.wav: loudness -14.2 LUFS, key F minor"]
    kept = Ledger(sources).keep_supported(
        "It has -14.2 LUFS. The tempo is 128 BPM! The key is F minor."
    )
    assert kept.text == "It has -14.2 LUFS. The key is F minor."
    (dropped,) = kept.dropped
    assert "128 BPM" in dropped
