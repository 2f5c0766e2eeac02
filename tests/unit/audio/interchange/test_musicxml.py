from collections import Counter
from xml.etree import ElementTree

import pytest

from audio.interchange.musicxml import write_musicxml
from audio.interchange.musicxml_reading import read_musicxml
from audio.songs.harmony import QUALITIES, Quality, chord_of
from audio.songs.song import PPQ, ChordSpan, MeterMark, Note, Song, TempoMark, Track
from grym_synth.errors import MediaRejected
from tests.unit.audio.interchange.songs import pop_song, wild_song


@pytest.mark.parametrize("seed", range(10))
def test_a_song_comes_back_from_its_score_as_it_was(seed: int) -> None:
    song = wild_song(seed, grid=1)
    assert read_musicxml(write_musicxml(song)) == song


def test_a_score_keeps_chords_and_sections_of_a_song() -> None:
    song = pop_song(bpm=93)
    assert read_musicxml(write_musicxml(song)) == song


@pytest.mark.parametrize("grid", [10, 15, 20])
def test_a_reader_without_performance_hears_each_note_within_a_48th_of_a_quarter(
    grid: int,
) -> None:
    song = wild_song(3, grid=grid)
    root = ElementTree.fromstring(write_musicxml(song))
    for element in root.iter("note"):
        element.attrib.pop("attack", None)
        element.attrib.pop("release", None)
    heard = read_musicxml(ElementTree.tostring(root))
    for mine, theirs in zip(song.tracks, heard.tracks, strict=True):
        rest = list(theirs.notes)
        for note in mine.notes:
            near = [
                one
                for one in rest
                if one.pitch == note.pitch
                and abs(one.start - note.start) <= 10
                and min(abs(one.length - note.length), abs(one.end - note.end)) <= 10
            ]
            assert near, note
            rest.remove(near[0])
        assert not rest


@pytest.mark.parametrize("seed", range(4))
def test_every_voice_of_every_bar_is_full(seed: int) -> None:
    song = wild_song(seed, grid=1)
    root = ElementTree.fromstring(write_musicxml(song))
    bars = song.timeline.bar_starts(song.bars)
    for part in root.iter("part"):
        for measure, start, end in zip(part.iter("measure"), bars, bars[1:], strict=False):
            filled: Counter[str] = Counter()
            for note in measure.iter("note"):
                if note.find("chord") is None:
                    filled[note.findtext("voice", "")] += int(note.findtext("duration", ""))
            assert set(filled.values()) == {end - start}


@pytest.mark.parametrize("seed", range(4))
def test_written_values_say_how_long_they_sound(seed: int) -> None:
    values = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
    values |= {"32nd": 1 / 8, "64th": 1 / 16, "128th": 1 / 32, "breve": 8.0}
    root = ElementTree.fromstring(write_musicxml(wild_song(seed, grid=1)))
    for note in root.iter("note"):
        kind = note.findtext("type")
        if kind is None:
            continue
        told = values[kind] * (1.5 if note.find("dot") is not None else 1.0)
        actual = float(note.findtext("time-modification/actual-notes", "1"))
        normal = float(note.findtext("time-modification/normal-notes", "1"))
        assert told * PPQ * normal / actual == pytest.approx(int(note.findtext("duration", "")))


def test_triplets_are_written_as_triplets_and_brackets_close() -> None:
    notes = tuple(Note(start=160 * i, length=160, pitch=60 + i) for i in range(12))
    song = Song(bars=1, tempos=(TempoMark(bpm=90),), tracks=(Track(name="Lead", notes=notes),))
    root = ElementTree.fromstring(write_musicxml(song))
    assert {one.findtext("type") for one in root.iter("note")} == {"eighth"}
    assert [one.get("type") for one in root.iter("tuplet")] == ["start", "stop"] * 4
    assert len(list(root.iter("note"))) == 12


def test_triplets_over_two_beats_are_no_tied_pieces() -> None:
    notes = tuple(Note(start=320 * i, length=320, pitch=60 + i) for i in range(6))
    song = Song(bars=1, tempos=(TempoMark(bpm=90),), tracks=(Track(name="Lead", notes=notes),))
    root = ElementTree.fromstring(write_musicxml(song))
    assert [one.findtext("type") for one in root.iter("note")] == ["quarter"] * 6


def test_a_played_note_near_the_beat_is_written_on_it() -> None:
    note = Note(start=477, length=490, pitch=60)
    song = Song(bars=1, tempos=(TempoMark(bpm=90),), tracks=(Track(name="Lead", notes=(note,)),))
    root = ElementTree.fromstring(write_musicxml(song))
    written = [one for one in root.iter("note") if one.find("pitch") is not None]
    assert [one.findtext("type") for one in written] == ["quarter"]
    assert read_musicxml(write_musicxml(song)) == song


def test_accidentals_are_shown_once_in_a_bar() -> None:
    pitches = (66, 66, 65, 66)
    notes = tuple(Note(start=PPQ * i, length=PPQ, pitch=pitch) for i, pitch in enumerate(pitches))
    song = Song(
        key="G major", bars=1, tempos=(TempoMark(bpm=90),), tracks=(Track(name="L", notes=notes),)
    )
    root = ElementTree.fromstring(write_musicxml(song))
    shown = [one.findtext("accidental") for one in root.iter("note")]
    assert shown == [None, None, "natural", "sharp"]


@pytest.mark.parametrize("quality", QUALITIES, ids=lambda one: one.suffix or "major")
def test_every_chord_symbol_comes_back(quality: Quality) -> None:
    names = (f"F#{quality.suffix}", f"Bb{quality.suffix}/D")
    chords = tuple(ChordSpan(start=i * 960, length=960, name=name) for i, name in enumerate(names))
    song = Song(bars=1, tempos=(TempoMark(bpm=90),), chords=chords)
    back = read_musicxml(write_musicxml(song))
    assert [chord_of(one.name) for one in back.chords] == [chord_of(name) for name in names]
    assert not back.tracks


def test_a_gap_between_chords_is_no_chord() -> None:
    chords = (
        ChordSpan(start=0, length=480, name="Am"),
        ChordSpan(start=960, length=480, name="N"),
    )
    song = Song(bars=2, tempos=(TempoMark(bpm=90),), chords=chords)
    assert read_musicxml(write_musicxml(song)).chords == chords


def test_a_pickup_shifts_no_bar_line() -> None:
    score = b"""<score-partwise><part-list><score-part id="P1"><part-name>V</part-name>
    </score-part></part-list><part id="P1"><measure number="0" implicit="yes"><attributes>
    <divisions>2</divisions><time><beats>3</beats><beat-type>4</beat-type></time></attributes>
    <note><pitch><step>C</step><octave>5</octave></pitch><duration>2</duration></note></measure>
    <measure number="1"><note><pitch><step>D</step><octave>5</octave></pitch>
    <duration>6</duration></note></measure></part></score-partwise>"""
    song = read_musicxml(score)
    assert song.meters == (MeterMark(beats=1), MeterMark(bar=2, beats=3))
    assert [(one.start, one.length) for one in song.tracks[0].notes] == [(0, 480), (480, 1440)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MThd", "no XML"),
        (b"<score-timewise/>", "score-timewise"),
        (b"<score-partwise/>", "no part"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><score-partwise/>', "entities"),
        (
            b"<score-partwise><part><measure><attributes><divisions>0</divisions></attributes>"
            b"<note><rest/><duration>4</duration></note></measure></part></score-partwise>",
            "damaged",
        ),
    ],
)
def test_what_is_no_score_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(MediaRejected, match=why):
        read_musicxml(content, "score.musicxml")
