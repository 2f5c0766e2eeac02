import pytest

from audio.interchange.comparing import agreements
from audio.interchange.dawproject import write_dawproject
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.midi import write_midi
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml import write_musicxml
from audio.interchange.musicxml_reading import read_musicxml
from audio.songs.song import Note, Song, TempoMark
from tests.unit.audio.interchange.songs import pop_song, wild_song


def _readings(song: Song) -> dict[str, Song]:
    return {
        "midi": read_midi(write_midi(song)),
        "musicxml": read_musicxml(write_musicxml(song)),
        "dawproject": read_dawproject(write_dawproject(song)).song,
    }


@pytest.mark.parametrize("seed", range(20, 24))
def test_the_three_formats_say_the_same(seed: int) -> None:
    song = wild_song(seed, grid=1)
    for one in agreements(song, _readings(song)):
        assert one.holds, one.differences


@pytest.mark.parametrize("seed", range(30, 33))
def test_a_midi_file_survives_the_way_through_a_score(seed: int) -> None:
    song = read_midi(write_midi(wild_song(seed, grid=1)))
    score = read_musicxml(write_musicxml(song))
    back = read_midi(write_midi(score))
    assert [one.notes for one in back.tracks] == [one.notes for one in song.tracks]


def test_each_difference_is_named() -> None:
    song = pop_song()
    piano = song.tracks[0]
    other = song.with_track(
        piano.model_copy(update={"notes": (*piano.notes[1:], Note(start=7, length=99, pitch=99))})
    )
    other = other.model_copy(
        update={"tempos": (TempoMark(bpm=121),), "sections": other.sections[:1]}
    )
    told = {one.name: one for one in agreements(song, {"midi": other})}
    assert [name for name, one in told.items() if not one.holds] == ["tempo", "markers", "notes"]
    assert "121" in told["tempo"].differences[0]
    assert any("lacks pitch 60 at beat 0" in one for one in told["notes"].differences)
    assert any("pitch 99" in one and "more" in one for one in told["notes"].differences)
    assert told["notes"].said["midi"] == told["notes"].said["song"]


def test_notes_beside_their_place_are_the_same_up_to_a_48th_of_a_quarter() -> None:
    song = pop_song()

    def moved(ticks: int) -> Song:
        bass = song.tracks[1]
        notes = tuple(
            one.model_copy(update={"start": one.start + ticks}) for one in bass.notes[:-1]
        )
        return song.with_track(bass.model_copy(update={"notes": (*notes, bass.notes[-1])}))

    assert agreements(song, {"x": moved(10)})[-1].holds
    assert not agreements(song, {"x": moved(11)})[-1].holds
