from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.musical_time import (
    Meter,
    Position,
    SteadyTime,
    read_meter,
    read_position,
    sample_at,
    seconds_of,
    span_of_bars,
)
from audio.played_time import PlayedTime
from grym_synth.errors import BadInput

METERS = st.builds(Meter, st.integers(1, 15), st.sampled_from([2, 4, 8, 16]))
TEMPOS = st.decimals(20, 300, places=3).map(float)
OFFSETS = st.decimals(-5, 60, places=4).map(float)
TIMES = st.builds(SteadyTime, TEMPOS, METERS, OFFSETS)
RATES = st.sampled_from([8000, 22_050, 44_100, 48_000, 96_000, 192_000])


@given(TIMES, st.integers(-20, 2000), st.fractions(0, 1, max_denominator=96))
def test_every_position_comes_back_exactly_from_its_time(
    time: SteadyTime, bar: int, share: Fraction
) -> None:
    beat = 1 + share * time.meter.beats * Fraction(95, 96)
    position = Position(bar, beat)
    assert time.exact_position_at(time.exact_seconds_at(position)) == position


@given(TIMES, RATES, st.integers(1, 1000))
def test_samples_lie_within_half_a_sample_of_the_bar(time: SteadyTime, rate: int, bar: int) -> None:
    seconds = time.exact_seconds_at(Position(bar))
    assert abs(seconds_of(sample_at(seconds, rate), rate) - seconds) * rate <= Fraction(1, 2)


@given(RATES, st.integers(0, 10**9))
def test_every_sample_comes_back_from_its_time(rate: int, sample: int) -> None:
    assert sample_at(seconds_of(sample, rate), rate) == sample
    assert sample_at(float(seconds_of(sample, rate)), rate) == sample


def test_long_song_at_an_odd_tempo_does_not_drift() -> None:
    time = SteadyTime(93.7, Meter(7, 8))
    assert time.exact_seconds_at(Position(1001)) == 1000 * 7 * Fraction(600, 937) / 2


def test_compound_meter_counts_eighths_while_the_tempo_counts_quarters() -> None:
    time = SteadyTime(120, Meter(6, 8), offset_seconds=0.25)
    assert time.beat_seconds == Fraction(1, 4)
    assert time.seconds_at(Position(2)) == 1.75
    assert str(time.position_at(2.125)) == "bar 2, beat 2.5"


def test_bars_span_up_to_the_end_of_the_last_one() -> None:
    assert span_of_bars(SteadyTime(120), 17, 32) == (32.0, 64.0)
    with pytest.raises(BadInput, match="backwards"):
        span_of_bars(SteadyTime(120), 32, 17)


@st.composite
def performances(draw: st.DrawFn) -> PlayedTime:
    steps = draw(st.lists(st.floats(0.2, 1.5), min_size=8, max_size=40))
    beats = [draw(st.floats(0, 5))]
    for step in steps:
        beats.append(beats[-1] + step)
    per_bar, phase = draw(st.integers(2, 5)), draw(st.integers(0, 3))
    return PlayedTime.of(beats, beats[phase::per_bar], per_bar)


@given(performances(), st.floats(-10, 70))
def test_every_time_comes_back_from_its_played_position(time: PlayedTime, seconds: float) -> None:
    assert time.seconds_at(time.position_at(seconds)) == pytest.approx(seconds, abs=1e-5)


@given(performances())
def test_downbeats_are_the_first_beats_of_their_bars(time: PlayedTime) -> None:
    for bar, start in enumerate(time.bar_starts, 1):
        position = time.position_at(time.beats[start])
        assert position == Position(bar)
        assert time.seconds_at(position) == time.beats[start]


def test_steady_performance_agrees_with_the_steady_count() -> None:
    steady = SteadyTime(120, offset_seconds=0.3)
    beats = [0.3 + 0.5 * index for index in range(33)]
    played = PlayedTime.of(beats, beats[::4])
    for bar in (-1, 0, 1, 5, 9, 20):
        position = Position(bar, Fraction(5, 2))
        assert played.seconds_at(position) == pytest.approx(steady.seconds_at(position))
        assert played.position_at(played.seconds_at(position)) == position


def test_beats_that_lead_in_belong_to_bar_zero() -> None:
    beats = [0.5 * index for index in range(20)]
    time = PlayedTime.of(beats, beats[1::4])
    assert time.position_at(0.0) == Position(0, Fraction(4))
    assert time.position_at(0.5) == Position(1)


@pytest.mark.parametrize(
    ("text", "position"),
    [("bar 17", Position(17)), ("17.3", Position(17, Fraction(3))), ("Bar 2, beat 2.5",
     Position(2, Fraction(5, 2))), ("9:7/3", Position(9, Fraction(7, 3)))],
)  # fmt: skip
def test_positions_are_read_as_musicians_write_them(text: str, position: Position) -> None:
    assert read_position(text) == position


def test_what_gives_no_time_is_refused() -> None:
    for text in ("verse", "17.0", "1:5/0", ""):
        with pytest.raises(BadInput):
            read_position(text)
    for text in ("4", "0/4", "4/5"):
        with pytest.raises(BadInput):
            read_meter(text)
    for bpm in (0, -120, float("nan")):
        with pytest.raises(BadInput):
            SteadyTime(bpm)
    with pytest.raises(BadInput):
        sample_at(1.0, 0)
    with pytest.raises(BadInput):
        PlayedTime.of([1.0], [1.0])
    with pytest.raises(BadInput):
        PlayedTime.of([1.0, 0.5], [1.0])


def test_meters_are_read() -> None:
    assert read_meter(" 6/8 ") == Meter(6, 8)
