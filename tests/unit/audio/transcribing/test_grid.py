import pytest

from audio.transcribing.grid import Clock, Grid
from audio.transcribing.notes import HeardNote
from audio.transcribing.quantising import as_played, as_written


def beats(bpm: float, count: int, first: float = 0.0) -> list[float]:
    return [round(first + index * 60 / bpm, 3) for index in range(count)]


def test_even_beats_give_one_tempo_and_bars_from_the_first_downbeat() -> None:
    times = beats(120, 33, 1.0)
    grid = Grid.along(times, times[2::4], 4, 120.0)
    assert [one.bpm for one in grid.tempos] == [120.0]
    assert [(one.bar, one.beats, one.unit) for one in grid.meters] == [(1, 4, 4)]
    assert Clock(grid).tick(2.0) == grid.first_downbeat == 4 * 480


def test_a_pickup_is_a_short_first_bar() -> None:
    times = beats(90, 40)
    grid = Grid.along(times, times[1::3], 3, 90.0)
    assert [(one.bar, one.beats, one.unit) for one in grid.meters] == [(1, 1, 4), (2, 3, 4)]
    assert grid.timeline.seconds_at(grid.timeline.tick_of_bar(2)) == pytest.approx(60 / 90)


def test_a_first_beat_cut_off_by_the_start_leaves_the_grid_even() -> None:
    times = [0.0, *beats(109, 40, 60 / 109 - 0.01)]
    grid = Grid.along(times, times[::4], 4, 109.0)
    assert grid.even
    assert grid.offset == pytest.approx(-0.01, abs=0.002)


def test_a_tempo_rounded_for_the_report_does_not_drift_over_five_minutes() -> None:
    times = beats(123.4567, 600)
    grid = Grid.along(times, times[::4], 4, 123.46)
    last = grid.timeline.seconds_at(599 * 480) + grid.offset
    assert last == pytest.approx(times[-1], abs=0.005)


def test_a_performance_that_drifts_has_every_beat_on_the_grid() -> None:
    times = [0.4]
    for index in range(60):
        times.append(times[-1] + 0.5 + 0.1 * (index % 7) / 7)
    grid = Grid.along(times, times[::4], 4, 115.0)
    clock = Clock(grid)
    ticks = [clock.exact(time) for time in times]
    assert max(abs(tick - 480 * round(tick / 480)) for tick in ticks) < 1.0


def test_notes_of_a_midi_file_stay_where_they_sounded() -> None:
    times = beats(100, 30, 0.237)
    grid = Grid.along(times, times[::4], 4, 100.0)
    heard = [HeardNote(start=1.111, end=1.5, pitch=60, strength=0.5)]
    note = as_played(heard, Clock(grid), 1 << 20, grid.offset)[0]
    assert grid.timeline.seconds_at(note.start) == pytest.approx(1.111, abs=0.001)


def test_a_line_is_written_on_sixteenths_and_triplets_without_small_rests() -> None:
    times = beats(120, 20)
    clock = Clock(Grid.along(times, times[::4], 4, 120.0))
    starts = [0.01, 0.26, 0.49, 0.67, 0.83, 1.0]
    heard = [
        HeardNote(start=one, end=one + 0.13, pitch=60 + step, strength=0.5)
        for step, one in enumerate(starts)
    ]
    written = as_written(heard, clock, 4 * 1920)
    assert [one.start for one in written] == [0, 240, 480, 640, 800, 960]
    assert [one.length for one in written] == [240, 240, 160, 160, 160, 120]
