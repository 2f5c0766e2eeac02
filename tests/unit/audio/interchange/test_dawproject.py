import io
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from audio.interchange.dawproject import AudioTrack, write_dawproject
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.dawproject_validation import problems_of
from audio.songs.song import Note, Song, TempoMark, Track
from audio.synthesis.rendering import wav_bytes
from grym_synth.errors import MediaRejected
from tests.unit.audio.interchange.songs import pop_song, wild_song

SOUND = AudioTrack(
    name="Mix",
    file_name="Mix.wav",
    content=wav_bytes(np.zeros((48_000, 2), np.int32)),
    sample_rate_hz=48_000,
    channels=2,
    frames=48_000,
)


def _rewritten(content: bytes, change: Callable[[str], str], part: str = "project.xml") -> bytes:
    """A session with one of its documents changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return out.getvalue()


def _session(project: str) -> bytes:
    return _rewritten(write_dawproject(pop_song()), lambda _: f"<Project>{project}</Project>")


@pytest.mark.parametrize("seed", range(8))
def test_a_song_comes_back_from_its_session_as_it_was(seed: int) -> None:
    song = wild_song(seed, grid=1)
    back = read_dawproject(write_dawproject(song)).song
    assert back == song.model_copy(update={"key": "", "sections": back.sections})
    assert [(s.name, s.first_bar) for s in back.sections] == [
        (s.name, s.first_bar) for s in song.sections
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_session_is_what_the_format_asks_for(seed: int) -> None:
    assert problems_of(write_dawproject(wild_song(seed), (SOUND,))) == ()


def test_the_same_song_gives_the_same_session() -> None:
    assert write_dawproject(pop_song(), (SOUND,)) == write_dawproject(pop_song(), (SOUND,))


def test_a_session_holds_its_sound_and_says_where_it_plays() -> None:
    song = pop_song(bpm=60)
    content = write_dawproject(song, (SOUND,))
    (audio,) = read_dawproject(content).audio
    assert (audio.track, audio.start, audio.seconds) == ("Mix", 0.0, 1.0)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.read(audio.path) == SOUND.content


def test_an_empty_track_stays_and_stays_drums() -> None:
    tracks = (
        Track(name="Kick", instrument="808 Kit", program=25, is_drums=True),
        Track(name="Lead", notes=(Note(start=0, length=5, pitch=60),)),
    )
    song = Song(bars=2, tempos=(TempoMark(bpm=100),), tracks=tracks)
    assert read_dawproject(write_dawproject(song)).song == song


def test_clips_in_clips_and_seconds_are_placed_in_beats() -> None:
    song = read_dawproject(
        _session(
            """<Application name="x" version="1"/><Transport><Tempo unit="bpm" value="60"/>
            </Transport><Structure><Track id="a" name="A"/></Structure><Arrangement>
            <Lanes timeUnit="beats"><Lanes track="a"><Clips><Clip time="8" duration="4">
            <Clips><Clip time="1" duration="2" playStart="1" contentTimeUnit="seconds">
            <Notes><Note time="0.5" duration="9" channel="0" key="60"/>
            <Note time="1.5" duration="9" channel="0" key="62"/></Notes></Clip></Clips>
            </Clip></Clips></Lanes></Lanes></Arrangement>"""
        )
    ).song
    assert [(one.start, one.end, one.pitch) for one in song.tracks[0].notes] == [
        (4560, 5280, 62),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('track="notes0"', 'track="nobody"', "'nobody', which is not there"),
        ('id="notes1"', 'id="notes0"', "given 2 times"),
        (' unit="bpm"', "", "no attribute unit"),
        ('key="60"', 'key="200"', "not allowed"),
        ('path="audio/Mix.wav"', 'path="audio/other.wav"', "not in the session"),
        ("<Transport>", "<Nonsense/><Transport>", "unknown element Nonsense"),
        (' duration="1"', ' duration="0"', "not allowed"),
        ('version="1.0">\n <App', 'versio="1.0">\n <App', "no attribute version"),
    ],
)
def test_a_wrong_session_is_called_wrong(old: str, new: str, told: str) -> None:
    content = write_dawproject(pop_song(), (SOUND,))

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    assert any(told in one for one in problems_of(_rewritten(content, change)))


def test_elements_in_the_wrong_order_are_called_wrong() -> None:
    content = write_dawproject(pop_song())

    def change(text: str) -> str:
        start, end = text.index(" <Transport>"), text.index(" <Structure>")
        return text[:start] + text[end:].replace(" <Arrangement", text[start:end] + " <Arrangement")

    assert any("behind" in one for one in problems_of(_rewritten(content, change)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK nothing", "no zip"),
        (_rewritten(write_dawproject(pop_song()), lambda _: "<Song/>"), "<Song>"),
        (_rewritten(write_dawproject(pop_song()), lambda _: "<Project"), "no XML"),
        (
            _rewritten(
                write_dawproject(pop_song()), lambda text: text.replace('time="1"', 'time="x"')
            ),
            "damaged",
        ),
    ],
)
def test_what_is_no_session_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(MediaRejected, match=why):
        read_dawproject(content, "song.dawproject")
    assert problems_of(content) != ()
