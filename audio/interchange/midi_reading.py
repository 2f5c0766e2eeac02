"""A song from a MIDI file, whoever wrote it: of type 0 or 1, at any number of ticks."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

import mido
from pydantic import ValidationError

from audio.interchange.midi import DRUM_CHANNEL
from audio.interchange.song_building import BarLines, named_apart, section_spans, tempo_marks
from audio.midi_files import parse_midi
from audio.songs.instruments import INSTRUMENTS, instrument_of_program
from audio.songs.keys import key_of
from audio.songs.song import PPQ, Note, Song, Track
from audio.songs.timeline import tempo_of
from grym_synth.errors import MediaRejected

_DO = "Give a standard MIDI file of type 0 or 1"


@dataclass
class _Part:
    """The notes of one channel of one track of the file."""

    name: str
    instrument: str
    channel: int
    notes: list[Note] = field(default_factory=list)


@dataclass
class _Heard:
    """What all tracks of the file say together."""

    end: int = 0
    """The last tick at which a track ends."""
    title: str = ""
    key: str = ""
    tempos: dict[int, float] = field(default_factory=dict)
    meters: dict[int, tuple[int, int]] = field(default_factory=dict)
    markers: dict[int, str] = field(default_factory=dict)
    programs: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Ticks and programs of each channel."""
    parts: list[_Part] = field(default_factory=list)


def read_midi(content: bytes, name: str = "the MIDI file") -> Song:
    """The song that a MIDI file holds.

    Ticks become those of a song; a meter that changes within a bar ends that bar. Notes that never
    end last as long as their track.

    Args:
        content: the file.
        name: what errors call it.

    Raises:
        MediaRejected: it can't be read, has no common time, or holds no song.
    """
    try:
        file = parse_midi(content)
        if file.type == 2:
            raise ValueError("its tracks have no common time (type 2)")
        if file.ticks_per_beat <= 0:
            raise ValueError("it counts film frames and no beats")
        return _song(_listen(file))
    except ValidationError as fault:
        raise MediaRejected(f"reading {name}", fault.errors()[0]["msg"], _DO) from fault
    except ValueError as fault:
        raise MediaRejected(f"reading {name}", f"it can't be decoded ({fault})", _DO) from fault


def _listen(file: mido.MidiFile) -> _Heard:
    heard = _Heard()
    for index, track in enumerate(file.tracks):
        ticks = [
            round(at * PPQ / file.ticks_per_beat) for at in accumulate(one.time for one in track)
        ]
        events = list(zip(ticks, track, strict=True))
        heard.end = max([heard.end, *ticks[-1:]])
        if index == 0 and file.type == 1:
            heard.title = _text_of(events, "track_name")
        for tick, event in events:
            _take(heard, tick, event)
        heard.parts += _parts(events, ticks[-1] if ticks else 0)
    return heard


def _take(heard: _Heard, tick: int, event: mido.Message | mido.MetaMessage) -> None:
    """Keep what an event says of the whole song."""
    match event.type:
        case "set_tempo" if event.tempo > 0:
            heard.tempos[tick] = tempo_of(event.tempo)
        case "time_signature":
            heard.meters[tick] = (event.numerator, event.denominator)
        case "key_signature" if not heard.key:
            heard.key = key_of(event.key).name
        case "marker" if event.text.strip():
            heard.markers.setdefault(tick, _utf8(event.text))
        case "program_change":
            heard.programs[event.channel].append((tick, event.program))


def _parts(events: Iterable[tuple[int, mido.Message]], end: int) -> list[_Part]:
    """The notes of a track of the file, one part for each channel that has any."""
    events = list(events)
    name, instrument = _text_of(events, "track_name"), _text_of(events, "instrument_name")
    parts: dict[int, _Part] = {}
    sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)

    def close(channel: int, pitch: int, tick: int) -> None:
        start, velocity = sounding[channel, pitch].popleft()
        note = Note(start=start, length=max(1, tick - start), pitch=pitch, velocity=velocity)
        parts[channel].notes.append(note)

    for tick, event in events:
        if event.type == "note_on" and event.velocity > 0:
            parts.setdefault(event.channel, _Part(name, instrument, event.channel))
            sounding[event.channel, event.note].append((tick, event.velocity))
        elif event.type in ("note_on", "note_off") and sounding[event.channel, event.note]:
            close(event.channel, event.note, tick)
    for (channel, pitch), waiting in sounding.items():
        while waiting:
            close(channel, pitch, end)
    return [parts[channel] for channel in sorted(parts)]


def _song(heard: _Heard) -> Song:
    ends = [note.end for part in heard.parts for note in part.notes]
    lines = BarLines.of(heard.meters, max(ends, default=0), heard.end)
    return Song(
        title=heard.title[:200],
        key=heard.key,
        bars=lines.bars,
        tempos=tempo_marks(heard.tempos, lines.end),
        meters=lines.meters,
        sections=section_spans(heard.markers, lines),
        tracks=_tracks(heard),
    )


def _tracks(heard: _Heard) -> tuple[Track, ...]:
    tracks = []
    for part in heard.parts:
        is_drums = part.channel == DRUM_CHANNEL
        program = _program(heard.programs[part.channel], min(note.start for note in part.notes))
        known = INSTRUMENTS.get(part.instrument) or instrument_of_program(program, is_drums)
        instrument = known.name if known and known.is_drums is is_drums else ""
        tracks.append(
            Track(
                name=(part.name or part.instrument or instrument or "Track").strip()[:70],
                instrument=instrument,
                program=program,
                is_drums=is_drums,
                notes=tuple(part.notes),
            )
        )
    return named_apart(tracks)


def _program(changes: list[tuple[int, int]], first_note: int) -> int:
    """The program with which a part begins to play."""
    before = [program for tick, program in sorted(changes) if tick <= first_note]
    return before[-1] if before else 0


def _text_of(events: Iterable[tuple[int, mido.Message]], kind: str) -> str:
    """The first text of a kind of event."""
    return next((_utf8(one.name) for _, one in events if one.type == kind and one.name), "")


def _utf8(text: str) -> str:
    """Text as it was meant: of UTF-8 where its bytes are that, without what can't be shown."""
    content = text.encode("latin1")
    try:
        meant = content.decode("utf-8")
    except UnicodeDecodeError:
        meant = text
    return "".join(sign for sign in meant if sign.isprintable()).strip()
