import io

import mido
import pytest

from audio.interchange.midi import write_midi
from audio.interchange.midi_reading import read_midi
from audio.songs.song import Note, Song, TempoMark, Track
from grym_synth.errors import MediaRejected
from tests.unit.audio.interchange.songs import pop_song, wild_song


def _file(*tracks: list[mido.Message], kind: int = 1, ticks: int = 96) -> bytes:
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def _note(pitch: int, start: int, length: int, channel: int = 0) -> list[mido.Message]:
    return [
        mido.Message("note_on", note=pitch, velocity=64, time=start, channel=channel),
        mido.Message("note_on", note=pitch, velocity=0, time=length, channel=channel),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_song_comes_back_from_its_midi_file_as_it_was(seed: int) -> None:
    song = wild_song(seed, grid=1)
    assert read_midi(write_midi(song)) == song


def test_a_midi_file_keeps_all_but_the_chords_of_a_song() -> None:
    song = pop_song(bpm=93)
    assert read_midi(write_midi(song)) == song.with_chords(())


def test_more_instruments_than_channels_keep_their_notes_apart() -> None:
    tracks = tuple(
        Track(name=f"T{i}", program=i, notes=(Note(start=0, length=480, pitch=60 + i % 3),))
        for i in range(40)
    )
    song = Song(bars=1, tempos=(TempoMark(bpm=100),), tracks=tracks)
    back = read_midi(write_midi(song))
    assert [one.notes for one in back.tracks] == [one.notes for one in tracks]
    assert [one.name for one in back.tracks] == [one.name for one in tracks]


def test_a_file_of_one_track_is_parted_by_its_channels() -> None:
    events = [
        mido.Message("program_change", program=33, channel=1),
        *_note(40, 0, 96, channel=1),
        *_note(36, 0, 10, channel=9),
    ]
    song = read_midi(_file(events, kind=0))
    assert [(one.instrument, one.is_drums) for one in song.tracks] == [
        ("Electric Bass", False),
        ("Drum Kit", True),
    ]
    assert song.tracks[0].notes == (Note(start=0, length=480, pitch=40, velocity=64),)


def test_a_meter_within_a_bar_ends_the_bar() -> None:
    head = [
        mido.MetaMessage("time_signature", numerator=4, denominator=4),
        mido.MetaMessage("time_signature", numerator=3, denominator=4, time=96 * 6),
    ]
    song = read_midi(_file(head, _note(60, 0, 96 * 12)))
    assert [(one.bar, one.beats, one.unit) for one in song.meters] == [
        (1, 4, 4),
        (2, 2, 4),
        (3, 3, 4),
    ]
    assert song.bars == 4


def test_notes_without_end_last_as_long_as_their_track() -> None:
    hanging = [
        mido.Message("note_on", note=60, velocity=64),
        mido.MetaMessage("end_of_track", time=192),
    ]
    assert read_midi(_file([], hanging)).tracks[0].notes[0].length == 960


def test_tracks_of_one_name_are_told_apart() -> None:
    name = mido.MetaMessage("track_name", name="Bass")
    song = read_midi(_file([], [name, *_note(40, 0, 9)], [name, *_note(41, 0, 9)]))
    assert [one.name for one in song.tracks] == ["Bass", "Bass 2"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"RIFF....", "decoded"),
        (_file(_note(60, 0, 9), kind=2), "common time"),
        (write_midi(pop_song())[:-40], "breaks off"),
        (_file([], _note(60, 0, 96 * 4 * 6000)), "less than"),
    ],
)
def test_what_holds_no_song_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(MediaRejected, match=why):
        read_midi(content, "song.mid")
