"""A song and its sounds from a DAWproject session, whoever wrote it."""

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element

from pydantic import ValidationError

from audio.interchange.dawproject import (
    DRUM_CHANNEL,
    HIGHEST_VELOCITY,
    METADATA_FILE,
    PROJECT_FILE,
)
from audio.interchange.song_building import BarLines, named_apart, section_spans, tempo_marks
from audio.interchange.xml_trees import MOST_BYTES, parsed
from audio.songs.instruments import INSTRUMENTS
from audio.songs.song import PPQ, Note, Song, Track
from audio.songs.timeline import Timeline, microseconds_of, tempo_of
from grym_synth.errors import MediaRejected

_DO = "Give a .dawproject file of version 1.0"
ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
"""What the zip reader raises where a file is damaged or of an unknown kind."""
_DEEPEST = 16
"""Clips in clips beyond this depth are refused."""


@dataclass(frozen=True)
class SessionAudio:
    """A sound file that a session plays."""

    track: str
    """Name of its track."""
    path: str
    """Its place in the zip, or elsewhere when it is not in it."""
    start: float
    """In beats."""
    seconds: float
    """Length of the file."""


class Session(NamedTuple):
    """What a DAWproject file holds."""

    song: Song
    audio: tuple[SessionAudio, ...]


class Window(NamedTuple):
    """What is heard of a clip's content, in beats."""

    start: float = 0.0
    end: float = math.inf


@dataclass
class _Lane:
    """What one track plays, in beats."""

    notes: list[Note] = field(default_factory=list)
    is_drums: bool = False
    audio: list[SessionAudio] = field(default_factory=list)
    end: int = 0
    """The tick at which its last clip ends."""


def read_dawproject(content: bytes, name: str = "the session") -> Session:
    """The song of a session, with a list of its sound files; aliases of clips are not followed.

    Raises:
        MediaRejected: it is no DAWproject, or holds no song.
    """
    with opened(content, name) as file:
        root = parsed(part_of(file, PROJECT_FILE, name), f"{PROJECT_FILE} of {name}")
        title = ""
        if METADATA_FILE in file.namelist():
            metadata = parsed(part_of(file, METADATA_FILE, name), f"{METADATA_FILE} of {name}")
            title = (metadata.findtext("Title") or "").strip()
    try:
        return _session(root, title[:200])
    except ValidationError as fault:
        raise MediaRejected(f"reading {name}", fault.errors()[0]["msg"], _DO) from fault
    except (ValueError, ArithmeticError) as fault:
        why = f"an element of it is damaged ({fault})"
        raise MediaRejected(f"reading {name}", why, _DO) from fault


def opened(content: bytes, name: str) -> zipfile.ZipFile:
    """The zip of a session.

    Raises:
        MediaRejected: it is none.
    """
    try:
        return zipfile.ZipFile(BytesIO(content))
    except ZIP_FAULTS as fault:
        raise MediaRejected(f"reading {name}", f"it is no zip ({fault})", _DO) from fault


def part_of(file: zipfile.ZipFile, part: str, name: str) -> bytes:
    """One document of a session.

    Raises:
        MediaRejected: it is missing, damaged or too large.
    """
    tried = f"reading {name}"
    try:
        if file.getinfo(part).file_size > MOST_BYTES:
            raise MediaRejected(tried, f"{part} is larger than any session", _DO)
        return file.read(part)
    except KeyError as fault:
        raise MediaRejected(tried, f"there is no {part} in it", _DO) from fault
    except ZIP_FAULTS as fault:
        raise MediaRejected(tried, f"{part} can't be read ({fault})", _DO) from fault


def _session(root: Element, title: str) -> Session:
    if root.tag != "Project":
        raise ValueError(f"it is a <{root.tag}>")
    tempos, meters = _tempos(root), _meters(root)
    clock = Timeline(
        tuple((one.tick, one.bpm) for one in tempo_marks(tempos, 1 << 40)), ((1, 4, 4),)
    )
    lanes: dict[str, _Lane] = {}
    names = {one.get("id", ""): one.get("name", "") for one in root.iter("Track")}
    for lane in root.iterfind("Arrangement/Lanes"):
        _read_lane(lane, "", "beats", lanes, names, clock)
    end = max((lane.end for lane in lanes.values()), default=0)
    notes_end = max((note.end for lane in lanes.values() for note in lane.notes), default=0)
    lines = BarLines.of(meters, notes_end, end)
    marks = _markers(root, clock)
    song = Song(
        title=title,
        bars=lines.bars,
        tempos=tempo_marks(tempos, lines.end),
        meters=lines.meters,
        sections=section_spans(marks, lines),
        tracks=named_apart(list(_tracks(root, lanes))),
    )
    return Session(song, tuple(one for lane in lanes.values() for one in lane.audio))


def _markers(root: Element, clock: Timeline) -> dict[int, str]:
    """Names of the markers by tick."""
    names = {}
    for markers in root.iterfind("Arrangement/Markers"):
        in_seconds = markers.get("timeUnit") == "seconds"
        for one in markers.iterfind("Marker"):
            time = float(one.get("time", "0"))
            tick = clock.tick_at(time) if in_seconds else time * PPQ
            if one.get("name", "").strip():
                names[max(0, round(tick))] = one.get("name", "").strip()
    return names


def _tempos(root: Element) -> dict[int, float]:
    tempo = root.find("Transport/Tempo")
    tempos = {0: float(tempo.get("value", "120"))} if tempo is not None else {}
    for point in root.iterfind("Arrangement/TempoAutomation/RealPoint"):
        tempos[_ticks(point.get("time", "0"))] = float(point.get("value", "120"))
    return {tick: tempo_of(microseconds_of(max(bpm, 5.0))) for tick, bpm in tempos.items()}


def _meters(root: Element) -> dict[int, tuple[int, int]]:
    first = root.find("Transport/TimeSignature")
    points = {0: first} if first is not None else {}
    for point in root.iterfind("Arrangement/TimeSignatureAutomation/TimeSignaturePoint"):
        points[_ticks(point.get("time", "0"))] = point
    return {
        tick: (int(one.get("numerator", "4")), int(one.get("denominator", "4")))
        for tick, one in points.items()
    }


def _read_lane(
    lane: Element, track: str, unit: str, lanes: dict[str, _Lane], names: dict[str, str],
    clock: Timeline,
) -> None:  # fmt: skip
    """Read what lies in a lane; its track and time unit hold for the lanes in it."""
    track, unit = lane.get("track", track), lane.get("timeUnit", unit)
    for part in lane:
        if part.tag == "Lanes":
            _read_lane(part, track, unit, lanes, names, clock)
        elif part.tag in ("Clips", "Notes"):
            found = _Reading(lanes.setdefault(track, _Lane()), names.get(track, ""), clock)
            found.read(part, 0.0, Window(), part.get("timeUnit", unit), 0)


@dataclass(frozen=True)
class _Reading:
    """Reads the clips of one track, however deep they lie in each other."""

    lane: _Lane
    name: str
    clock: Timeline

    def read(self, part: Element, start: float, window: Window, unit: str, depth: int) -> None:
        """Read what counts from a beat, as far as it lies in a window."""
        if depth > _DEEPEST:
            raise ValueError("clips lie too deep in each other")
        match part.tag:
            case "Notes":
                for note in part.iterfind("Note"):
                    self._add_note(note, start, window, unit)
            case "Clips":
                for clip in part.iterfind("Clip"):
                    self._read_clip(clip, start, window, part.get("timeUnit", unit), depth)
            case "Lanes" | "Warps":
                for inner in part:
                    self.read(inner, start, window, part.get("timeUnit", unit), depth + 1)
            case "Audio":
                file = part.find("File")
                path = file.get("path", "") if file is not None else ""
                seconds = float(part.get("duration", "0"))
                self.lane.audio.append(SessionAudio(self.name, path, start, seconds))

    def _read_clip(
        self, clip: Element, start: float, window: Window, unit: str, depth: int
    ) -> None:
        if clip.get("enable") == "false":
            return
        begins = self._later(start, float(clip.get("time", "0")), unit)
        ends = window.end
        if clip.get("duration") is not None:
            ends = min(self._later(begins, float(clip.get("duration", "0")), unit), window.end)
            self.lane.end = max(self.lane.end, round(ends * PPQ))
        shown = Window(max(begins, window.start), ends)
        inside = clip.get("contentTimeUnit", unit)
        shift = -float(clip.get("playStart", "0"))
        for part in clip:
            self.read(part, self._later(begins, shift, inside), shown, inside, depth + 1)

    def _add_note(self, note: Element, start: float, window: Window, unit: str) -> None:
        begins = self._later(start, float(note.get("time", "0")), unit)
        stops = self._later(begins, float(note.get("duration", "0")), unit)
        stops = min(stops, window.end)
        if begins < window.start or stops <= begins:
            return
        self.lane.is_drums = self.lane.is_drums or note.get("channel") == str(DRUM_CHANNEL)
        velocity = round(float(note.get("vel", "0.63")) * HIGHEST_VELOCITY)
        tick = round(begins * PPQ)
        self.lane.notes.append(
            Note(
                start=tick,
                length=max(1, round(stops * PPQ) - tick),
                pitch=int(note.get("key", "60")),
                velocity=min(max(velocity, 1), HIGHEST_VELOCITY),
            )
        )

    def _later(self, beat: float, by: float, unit: str) -> float:
        """The beat that lies later than another one by so many beats or seconds."""
        if unit == "beats":
            return beat + by
        return self.clock.tick_at(self.clock.seconds_at(beat * PPQ) + by) / PPQ


def _tracks(root: Element, lanes: dict[str, _Lane]) -> Iterator[Track]:
    """The tracks that hold notes, or are meant to."""
    for track in root.iter("Track"):
        lane = lanes.get(track.get("id", ""), _Lane())
        is_for_notes = track.get("contentType", "").split() == ["notes"]
        if not lane.notes and not is_for_notes:
            continue
        known = INSTRUMENTS.get(track.get("comment", ""))
        is_drums = lane.is_drums or (known is not None and known.is_drums)
        fitting = known if known is not None and known.is_drums is is_drums else None
        yield Track(
            name=(track.get("name", "").strip() or "Track")[:70],
            instrument=fitting.name if fitting else "",
            program=fitting.program if fitting else 0,
            is_drums=is_drums,
            notes=tuple(lane.notes),
        )


def _ticks(beats: str) -> int:
    return round(float(beats) * PPQ)
