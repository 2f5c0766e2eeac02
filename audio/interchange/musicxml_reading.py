"""A song from a MusicXML score, whoever wrote it: partwise, one track for each part."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pydantic import ValidationError

from audio.interchange.musicxml import CHORDS_PART
from audio.interchange.musicxml_part import PartReader
from audio.interchange.song_building import BarLines, named_apart, section_spans, tempo_marks
from audio.interchange.xml_trees import parsed
from audio.songs.harmony import NO_CHORD
from audio.songs.instruments import INSTRUMENTS, instrument_of_program
from audio.songs.song import ChordSpan, Song, Track
from grym_synth.errors import BadInput, MediaRejected

_DO = "Give an uncompressed MusicXML file of the kind score-partwise"


@dataclass(frozen=True)
class _Listed:
    """What the part list says of a part."""

    name: str = ""
    instrument: str = ""
    is_nameless: bool = False
    """Whether it says that the instrument has no name."""
    program: int = 0
    is_drums: bool = False
    sounds: dict[str, int] = field(default_factory=dict)
    """MIDI pitch of each sound of a kit, by its id."""


def read_musicxml(content: bytes, name: str = "the score") -> Song:
    """The song that a score holds; repeats are not unfolded, ornaments and grace notes not played.

    Args:
        content: the file.
        name: what errors call it.

    Raises:
        MediaRejected: it is no MusicXML, or holds no song.
    """
    root = parsed(content, name)
    if root.tag != "score-partwise":
        raise MediaRejected(f"reading {name}", f"it is a <{root.tag}>", _DO)
    try:
        return _song(root)
    except ValidationError as fault:
        raise MediaRejected(f"reading {name}", fault.errors()[0]["msg"], _DO) from fault
    except (ValueError, ArithmeticError, KeyError, BadInput) as fault:
        why = f"an element of it is damaged ({fault})"
        raise MediaRejected(f"reading {name}", why, _DO) from fault


def _song(root: Element) -> Song:
    listed = {one.get("id", ""): _listed(one) for one in root.iterfind("part-list/score-part")}
    parts = []
    for part in root.iterfind("part"):
        about = listed.get(part.get("id", ""), _Listed())
        reader = PartReader(about.sounds, about.is_drums)
        reader.read(part)
        parts.append((part.get("id", ""), about, reader))
    if not parts:
        raise ValueError("it has no part")
    first = parts[0][2]
    ends = [note.end for _, _, reader in parts for note in reader.notes]
    lines = BarLines.of(first.meters, max([*ends, first.ticks]), first.ticks)
    tempos = {tick: bpm for _, _, one in reversed(parts) for tick, bpm in one.tempos.items()}
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    return Song(
        title=title.strip()[:200],
        key=first.key,
        bars=lines.bars,
        tempos=tempo_marks(tempos, lines.end),
        meters=lines.meters,
        sections=section_spans(first.marks, lines),
        chords=tuple(_chords(next((p[2].chords for p in parts if p[2].chords), {}), lines.end)),
        tracks=named_apart([_track(about, reader) for key, about, reader in parts
                            if key != CHORDS_PART or reader.notes]),
    )  # fmt: skip


def _listed(part: Element) -> _Listed:
    instruments = {
        one.get("id", ""): one.findtext("instrument-name", "")
        for one in part.iterfind("score-instrument")
    }
    midi = part.findall("midi-instrument")
    sounds = {
        one.get("id", ""): int(pitch) - 1
        for one in midi
        if (pitch := one.findtext("midi-unpitched")) is not None
    }
    return _Listed(
        name=part.findtext("part-name", "").strip(),
        instrument=next(iter(instruments.values()), "").strip(),
        is_nameless=next(iter(instruments.values()), None) == "",
        program=int(next((p for m in midi if (p := m.findtext("midi-program"))), "1")) - 1,
        is_drums=bool(sounds) or any(one.findtext("midi-channel") == "10" for one in midi),
        sounds=sounds,
    )


def _track(listed: _Listed, reader: PartReader) -> Track:
    is_drums = listed.is_drums or reader.is_unpitched
    known = INSTRUMENTS.get(listed.instrument)
    if known is None and not listed.is_nameless:
        known = instrument_of_program(listed.program, is_drums)
    return Track(
        name=(listed.name or listed.instrument or "Track")[:70],
        instrument=known.name if known and known.is_drums is is_drums else "",
        program=listed.program,
        is_drums=is_drums,
        notes=tuple(reader.notes),
    )


def _chords(starts: dict[int, str], end: int) -> Iterator[ChordSpan]:
    """Each chord until the next one; nothing where a score says that none is told."""
    ticks = [*sorted(tick for tick in starts if tick < end), end]
    for place, tick in enumerate(ticks[:-1]):
        if starts[tick]:
            length = ticks[place + 1] - tick
            yield ChordSpan(start=tick, length=length, name=starts[tick] or NO_CHORD)
