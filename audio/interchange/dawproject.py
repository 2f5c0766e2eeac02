"""A song, and the sound that goes with it, as a DAWproject 1.0 session.

The format is public (https://github.com/bitwig/dawproject): a zip with ``project.xml``,
``metadata.xml`` and the audio files. Times are in beats, and a beat is a quarter. The zip is stored
without compression and with one fixed date, so that the same song gives the same bytes.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from audio.interchange.xml_trees import add, number, written
from audio.songs.song import PPQ, Song, Track

PROJECT_FILE, METADATA_FILE = "project.xml", "metadata.xml"
DRUM_CHANNEL = 9
HIGHEST_VELOCITY = 127

_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold."""
_UNIX = 3
_MASTER = "master"
_TEMPO, _METER = "tempo", "meter"


@dataclass(frozen=True)
class AudioTrack:
    """A sound file on a track of its own."""

    name: str
    """Name of the track."""
    file_name: str
    """Name in the session's folder ``audio``, such as ``Bass.wav``."""
    content: bytes
    """The file, WAV or FLAC."""
    sample_rate_hz: int
    channels: int
    frames: int
    """Samples per channel."""
    start_tick: int = 0
    """Where in the song it begins."""
    skipped: float = 0.0
    """Seconds of its beginning that are not played."""
    end_tick: int | None = None
    """Where its clip ends; None: where the sound does."""
    muted: bool = False
    """Whether its track is silent at first, such as beside the notes that it was rendered from."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.frames / self.sample_rate_hz

    @property
    def path(self) -> str:
        """Its place in the zip."""
        return str(PurePosixPath("audio", self.file_name))


def write_dawproject(song: Song, audio: Sequence[AudioTrack] = ()) -> bytes:
    """A song as the content of a ``.dawproject`` file.

    Each track of the song is a track with one note clip over the whole song; each sound file is a
    track with one audio clip, played as it is, whatever the tempo. Sections are markers.

    Raises:
        ValueError: two sound files share a name.
    """
    if len({one.path for one in audio}) < len(audio):
        raise ValueError("two sound files of one session share a name")
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for name, part in (
            (METADATA_FILE, written(_metadata(song))),
            (PROJECT_FILE, written(_project(song, audio))),
            *((one.path, one.content) for one in audio),
        ):
            file.writestr(_entry(name), part)
    return content.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """A file of the zip: the same on every system, and readable where it is unpacked."""
    entry = zipfile.ZipInfo(name, _DATE)
    entry.create_system, entry.external_attr = _UNIX, 0o644 << 16
    return entry


def _metadata(song: Song) -> Element:
    root = Element("MetaData")
    add(root, "Title", song.title)
    return root


def _project(song: Song, audio: Sequence[AudioTrack]) -> Element:
    root = Element("Project", {"version": "1.0"})
    add(root, "Application", name="grym-synth", version="1.0")
    transport = add(root, "Transport")
    bpm = song.tempos[0].bpm
    add(transport, "Tempo", id=_TEMPO, name="Tempo", max=999, min=5, unit="bpm", value=bpm)
    meter = song.meters[0]
    add(transport, "TimeSignature", id=_METER, denominator=meter.unit, numerator=meter.beats)
    structure = add(root, "Structure")
    for index, track in enumerate(song.tracks):
        _add_track(structure, f"notes{index}", track.name, "notes", track.instrument)
    for index, sound in enumerate(audio):
        _add_track(structure, f"audio{index}", sound.name, "audio", "", muted=sound.muted)
    _add_track(structure, _MASTER, "Master", "audio notes", "")
    arrangement = add(root, "Arrangement", id="arrangement")
    lanes = add(arrangement, "Lanes", timeUnit="beats", id="lanes")
    for index, track in enumerate(song.tracks):
        _add_notes(lanes, f"notes{index}", track, song)
    for index, sound in enumerate(audio):
        _add_audio(lanes, f"audio{index}", sound, song)
    _add_marks(arrangement, song)
    return root


def _add_track(
    structure: Element, key: str, name: str, content: str, instrument: str, *, muted: bool = False
) -> None:
    comment = {"comment": instrument} if instrument else {}
    track = add(
        structure, "Track", id=key, name=name, contentType=content, loaded="true", **comment
    )
    master = key == _MASTER
    channel = add(
        track, "Channel", id=f"{key}-channel", audioChannels=2,
        **({"role": "master"} if master else
           {"role": "regular", "destination": f"{_MASTER}-channel"}),
    )  # fmt: skip
    add(channel, "Mute", id=f"{key}-mute", name="Mute", value="true" if muted else "false")
    add(channel, "Pan", id=f"{key}-pan", name="Pan", max=1, min=0, unit="normalized", value=0.5)
    add(channel, "Volume", id=f"{key}-volume", name="Volume", max=2, min=0, unit="linear", value=1)


def _add_notes(lanes: Element, key: str, track: Track, song: Song) -> None:
    lane = add(lanes, "Lanes", track=key, id=f"{key}-lanes")
    clips = add(lane, "Clips", id=f"{key}-clips")
    clip = add(clips, "Clip", name=track.name, time=0, duration=_beats(song.ticks), playStart=0)
    notes = add(clip, "Notes", id=f"{key}-clip")
    for note in track.notes:
        add(
            notes,
            "Note",
            time=_beats(note.start),
            duration=_beats(note.length),
            channel=DRUM_CHANNEL if track.is_drums else 0,
            key=note.pitch,
            vel=number(round(note.velocity / HIGHEST_VELOCITY, 6)),
            rel=number(0.5),
        )


def _add_audio(lanes: Element, key: str, sound: AudioTrack, song: Song) -> None:
    time = song.timeline
    end = time.tick_at(time.seconds_at(sound.start_tick) + sound.seconds - sound.skipped)
    end = end if sound.end_tick is None else min(end, sound.end_tick)
    lane = add(lanes, "Lanes", track=key, id=f"{key}-lanes")
    clip = add(
        add(lane, "Clips", id=f"{key}-clips"),
        "Clip",
        name=sound.name,
        time=_beats(sound.start_tick),
        duration=round((end - sound.start_tick) / PPQ, 9),
        contentTimeUnit="seconds",
        playStart=number(round(sound.skipped, 6)),
    )
    audio = add(
        clip,
        "Audio",
        id=f"{key}-clip",
        algorithm="raw",
        channels=sound.channels,
        duration=sound.seconds,
        sampleRate=sound.sample_rate_hz,
    )
    add(audio, "File", path=sound.path)


def _add_marks(arrangement: Element, song: Song) -> None:
    """Sections; tempo and meter over time where they change."""
    time = song.timeline
    if song.sections:
        markers = add(arrangement, "Markers", id="markers", timeUnit="beats")
        for section in song.sections:
            tick = time.tick_of_bar(section.first_bar)
            add(markers, "Marker", name=section.name, time=_beats(tick))
    if len(song.tempos) > 1:
        points = add(arrangement, "TempoAutomation", id="tempos", timeUnit="beats", unit="bpm")
        add(points, "Target", parameter=_TEMPO)
        for mark in song.tempos:
            place = _beats(mark.tick)
            add(points, "RealPoint", time=place, value=mark.bpm, interpolation="hold")
    if len(song.meters) > 1:
        points = add(arrangement, "TimeSignatureAutomation", id="meters", timeUnit="beats")
        add(points, "Target", parameter=_METER)
        for one in song.meters:
            place = _beats(time.tick_of_bar(one.bar))
            add(points, "TimeSignaturePoint", time=place, numerator=one.beats, denominator=one.unit)


def _beats(ticks: int) -> float:
    return ticks / PPQ
