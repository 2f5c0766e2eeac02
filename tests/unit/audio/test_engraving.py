import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from audio.beaming import beamed
from audio.engraving import engrave, engrave_song
from audio.interchange.musicxml import write_musicxml
from audio.legible import legible
from audio.lookalike import guess_kind
from audio.score_files import read_musicxml
from audio.sight.systems import find_systems
from audio.songs.song import PPQ, MeterMark, Note, Song, TempoMark, Track
from audio.written_music import read_written
from grym_synth.errors import MediaRejected


def song(*tracks: Track, title: str = "", bars: int = 4, bpm: float = 100) -> Song:
    return Song(title=title, key="C major", bars=bars, tempos=(TempoMark(bpm=bpm),), tracks=tracks)


def scale(name: str = "Flute", first: int = 72, length: int = PPQ, count: int = 8) -> Track:
    notes = [Note(start=at * PPQ, length=length, pitch=first + at) for at in range(count)]
    return Track(name=name, notes=tuple(notes))


def ink(page: bytes) -> np.ndarray:
    """Where a page is dark."""
    return np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 160


def test_a_title_a_name_and_a_tempo_are_written_on_the_page() -> None:
    plain = ink(engrave_song(song(scale(name="V")), "x")[0]).sum()
    named = ink(engrave_song(song(scale(name="Violine"), title="Nächtliche Weise"), "x")[0]).sum()
    russian = ink(engrave_song(song(scale(name="V"), title="Ночь над морем"), "x")[0]).sum()

    assert named > plain + 500
    assert russian > plain + 500


def test_each_track_has_a_staff_and_a_wide_piano_has_two() -> None:
    hands = Track(
        name="Piano",
        notes=tuple(
            Note(start=at * PPQ, length=PPQ, pitch=pitch)
            for at in range(8)
            for pitch in (43 + at % 3, 72 + at % 5, 76 + at % 5)
        ),
    )
    (page,) = engrave_song(song(scale(), hands, bars=2), "x")

    (system,) = find_systems(Image.open(io.BytesIO(page)))
    assert len(system.staves) == 3
    assert system.bars == 2


def test_what_is_engraved_looks_like_a_score() -> None:
    (page,) = engrave_song(song(scale()), "x")

    assert guess_kind(Image.open(io.BytesIO(page)).convert("RGB")).kind == "score"


def test_played_notes_are_set_where_they_are_meant() -> None:
    chance = np.random.default_rng(3)
    played = [
        Note(start=max(0, at * 240 + int(chance.normal(0, 12))), length=190, pitch=60 + at % 7)
        for at in range(16)
    ]
    triplets = [Note(start=4000 + at * 160, length=140, pitch=72) for at in range(-1, 5)]
    held = legible(song(Track(name="Lead", notes=(*played, *triplets))))

    starts = [note.start for note in held.tracks[0].notes]
    assert starts == [*(at * 240 for at in range(16)), *(3840 + at * 160 for at in range(6))]
    assert {note.length for note in held.tracks[0].notes[:15]} == {240}


def test_short_notes_of_a_beat_are_joined_by_beams() -> None:
    steps = [0, 240, 480, 840, 960, 1440, 1560, 1680, 1800]
    lengths = [240, 240, 360, 120, 480, 120, 120, 120, 120]
    notes = tuple(
        Note(start=start, length=length, pitch=72)
        for start, length in zip(steps, lengths, strict=True)
    )
    root = ElementTree.fromstring(beamed(write_musicxml(song(Track(name="V", notes=notes)))))

    beams = [[one.text for one in note.findall("beam")] for note in root.iter("note")][:9]
    assert beams == [
        ["begin"], ["end"], ["begin"], ["end", "backward hook"], [],
        ["begin"] * 2, ["continue"] * 2, ["continue"] * 2, ["end"] * 2,
    ]  # fmt: skip


def test_in_six_eight_beams_join_three_eighths() -> None:
    notes = tuple(Note(start=at * 240, length=240, pitch=72) for at in range(6))
    track = Track(name="V", notes=notes)
    jig = Song(bars=1, tempos=(TempoMark(bpm=100),), meters=(MeterMark(beats=6, unit=8),),
               tracks=(track,))  # fmt: skip
    root = ElementTree.fromstring(beamed(write_musicxml(jig)))

    assert [one.text for one in root.iter("beam")] == ["begin", "continue", "end"] * 2


def test_a_rest_that_was_played_stays_one() -> None:
    short = legible(song(scale(length=PPQ // 4)))

    assert {note.length for note in short.tracks[0].notes} == {PPQ // 4}


def packed(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


CONTAINER = b'<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'


def test_a_packed_score_is_read_as_the_plain_one(tmp_path: Path) -> None:
    xml = write_musicxml(song(scale()))
    plain = tmp_path / "a.musicxml"
    plain.write_bytes(xml)
    mxl = packed(tmp_path / "a.mxl", **{"META-INF__container_xml": CONTAINER, "a_xml": xml})

    assert read_musicxml(mxl, "a.mxl") == read_musicxml(plain, "a.musicxml")
    assert engrave(read_musicxml(mxl, "a.mxl"), "a.mxl")


def test_a_score_in_utf_16_is_read(tmp_path: Path) -> None:
    xml = write_musicxml(song(scale(name="Flöte"))).decode()
    (tmp_path / "a.musicxml").write_bytes(xml.replace("UTF-8", "UTF-16").encode("utf-16"))

    read = read_written(read_musicxml(tmp_path / "a.musicxml", "a.musicxml"))

    assert [staff.name for staff in read.staves] == ["Flöte"]


ENTITIES = b'<!DOCTYPE a [<!ENTITY x "y">]><score-partwise>&x;</score-partwise>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no score", "no XML"),
        (b"<html/>", "no MusicXML"),
        (ENTITIES, "entities"),
        (b"PK\x03\x04 cut off", "unpacked"),
        (b'<?xml version="1.0" encoding="klingon"?><score-partwise/>', "no XML"),
    ],
)
def test_what_is_no_score_is_refused_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "a.musicxml").write_bytes(content)
    with pytest.raises(MediaRejected, match=why):
        read_musicxml(tmp_path / "a.musicxml", "a.musicxml")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"a_xml": b"<score-partwise/>"}, "unpacked"),
        ({"META-INF__container_xml": b"<container/>"}, "names no score"),
        ({"META-INF__container_xml": CONTAINER}, "unpacked"),
        ({"META-INF__container_xml": CONTAINER, "a_xml": bytes(31_000_000)}, "more than"),
        ({"META-INF__container_xml": ENTITIES, "a_xml": b"<score-partwise/>"}, "entities"),
    ],
)
def test_a_packed_score_that_lies_is_refused_in_words(
    tmp_path: Path, parts: dict[str, bytes], why: str
) -> None:
    with pytest.raises(MediaRejected, match=why):
        read_musicxml(packed(tmp_path / "a.mxl", **parts), "a.mxl")


def test_music_that_cannot_be_set_is_refused_in_words() -> None:
    with pytest.raises(MediaRejected, match="no music"):
        engrave("<score-partwise/>", "empty.musicxml")
