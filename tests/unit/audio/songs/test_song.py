import pytest
from pydantic import ValidationError

from audio.songs.song import PPQ, ChordSpan, MeterMark, Note, Song, SongSection, TempoMark, Track
from audio.songs.timeline import Timeline

CHANGING = Song(
    bars=5,
    tempos=(TempoMark(bpm=120), TempoMark(tick=4 * PPQ, bpm=60)),
    meters=(MeterMark(), MeterMark(bar=2, beats=6, unit=8), MeterMark(bar=4, beats=3)),
)


def test_bars_lie_where_their_meters_put_them() -> None:
    time = CHANGING.timeline
    assert time.bar_starts(5) == tuple(PPQ * quarter for quarter in (0, 4, 7, 10, 13, 16))
    assert time.place_at(PPQ * 8) == (3, PPQ)
    assert [time.meter_at(bar) for bar in (1, 2, 3, 4)] == [(4, 4), (6, 8), (6, 8), (3, 4)]
    assert time.beats_of_bar(2) == tuple(PPQ * 4 + eighth * PPQ // 2 for eighth in range(6))


def test_seconds_follow_the_tempo() -> None:
    time = CHANGING.timeline
    assert [time.seconds_at(PPQ * quarter) for quarter in (0, 4, 5)] == [0.0, 2.0, 3.0]
    assert time.tick_at(2.5) == pytest.approx(PPQ * 4.5)
    assert CHANGING.seconds == 14.0
    assert time.bpm_at(0) == 120
    assert time.bpm_at(4 * PPQ) == 60


def test_a_tempo_is_what_a_midi_file_can_hold() -> None:
    assert [TempoMark(bpm=bpm).bpm for bpm in (93, 119.87, 174)] == [93, 119.87, 174]
    odd = TempoMark(bpm=100.123456789).bpm
    assert TempoMark(bpm=odd).bpm == odd
    assert odd == pytest.approx(100.123456789, rel=1e-5)


def test_a_pitch_that_sounds_again_ends_before() -> None:
    track = Track(
        name="Piano",
        notes=(
            Note(start=480, length=480, pitch=60),
            Note(start=0, length=960, pitch=60),
            Note(start=0, length=240, pitch=64),
            Note(start=0, length=960, pitch=64, velocity=20),
        ),
    )
    assert [(one.start, one.length, one.pitch) for one in track.notes] == [
        (0, 480, 60),
        (0, 960, 64),
        (480, 480, 60),
    ]


def test_a_track_takes_the_place_of_its_namesake() -> None:
    song = CHANGING.with_track(Track(name="Bass")).with_track(Track(name="Lead"))
    bass = Track(name="Bass", notes=(Note(start=0, length=9, pitch=40),))
    song = song.with_track(bass)
    assert [one.name for one in song.tracks] == ["Bass", "Lead"]
    assert song.track("Bass") == bass
    assert song.track("Drums") is None


LATE = Track(name="Late", notes=(Note(start=16 * PPQ - 1, length=2, pitch=60),))
OVERLAPPING = (ChordSpan(start=0, length=9, name="C"), ChordSpan(start=8, length=9, name="C"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tempos": (TempoMark(tick=9, bpm=100),)}, "begin at 0"),
        ({"meters": (MeterMark(), MeterMark())}, "follow each other"),
        ({"sections": (SongSection(name="A", first_bar=5, bars=2),)}, "after the last bar"),
        ({"chords": OVERLAPPING}, "overlap"),
        ({"tracks": (Track(name="A"), Track(name="A"))}, "share a name"),
        ({"tracks": (LATE,)}, "after the last bar"),
        ({"key": "H major"}, "it is none"),
    ],
)
def test_a_song_that_can_not_be_is_refused(changes: dict[str, object], told: str) -> None:
    whole = {name: getattr(CHANGING, name) for name in Song.model_fields}
    with pytest.raises(ValidationError, match=told):
        Song.model_validate({**whole, **changes})


def test_a_song_stored_as_json_is_the_same_song() -> None:
    song = CHANGING.with_track(LATE.model_copy(update={"notes": ()}))
    assert Song.model_validate_json(song.model_dump_json()) == song


def test_time_goes_on_behind_the_last_mark() -> None:
    time = Timeline(((0, 60.0),), ((1, 3, 4),))
    assert time.tick_of_bar(1001) == 3000 * PPQ
    assert time.seconds_at(3000 * PPQ) == pytest.approx(3000)
