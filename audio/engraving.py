"""Music as an engraved score: notes become MusicXML, and Verovio sets it.

Verovio (LGPL-3) sets the music and resvg (MIT) draws it; both come with pip, neither needs a
program of the system. Text that stands in a file is set as text and never followed.
"""

import base64
import json
import math
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from audio.aspects import NOTE_CLASSES, parse_key
from grym_synth.errors import MediaRejected

_MOST_SECONDS = 60.0
STEPS = 4
"""Divisions of a quarter note: notes are set to sixteenths."""
MOST_NOTES = 2000

_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_FIFTHS = {0: 0, 7: 1, 2: 2, 9: 3, 4: 4, 11: 5, 6: 6, 1: -5, 8: -4, 3: -3, 10: -2, 5: -1}
"""Sharps (positive) or flats of the major key on each pitch class."""
_TYPES = {1: "16th", 2: "eighth", 3: "eighth", 4: "quarter", 6: "quarter", 8: "half", 12: "half",
          16: "whole"}  # fmt: skip
_DOTTED = (3, 6, 12)
_SIGNS = {-1: "flat", 0: "natural", 1: "sharp"}
_ORDER = "FCGDAEB"
"""Letters in the order in which key signatures sharpen them; flats go the other way."""


@dataclass(frozen=True)
class Sounding:
    """A note as it sounds."""

    start: float
    """In quarter notes from the first bar."""
    quarters: float
    pitch: int
    """MIDI number; 60 is the middle C."""


@dataclass(frozen=True)
class Head:
    """What stands before the notes."""

    title: str = ""
    key: str = ""
    """Such as ``F# minor``; empty for no signature."""
    beats: int = 4
    unit: int = 4
    bpm: float | None = None


def musicxml_of(notes: Iterable[Sounding], head: Head) -> str:
    """One voice of notes as MusicXML 4.0, set to sixteenths, with rests and ties.

    Of notes that overlap the later one begins where the earlier one is cut.
    """
    bar = max(1, round(head.beats * 4 * STEPS / head.unit))
    pieces = _voice(sorted(notes, key=lambda one: one.start)[:MOST_NOTES], bar)
    measures = "".join(
        f'<measure number="{number + 1}">{_attributes(head) if number == 0 else ""}'
        f"{''.join(held)}</measure>"
        for number, held in enumerate(_bars(pieces, bar, _fifths(head.key)))
    )
    title = f"<work><work-title>{escape(head.title)}</work-title></work>" if head.title else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0">{title}<part-list>'
        f'<score-part id="P1"><part-name>Melody</part-name></score-part></part-list>'
        f'<part id="P1">{measures}</part></score-partwise>'
    )


def engrave(musicxml: str, name: str) -> list[bytes]:
    """Each page of a score as a PNG.

    Args:
        musicxml: a MusicXML document.
        name: what it is called, for errors.

    Raises:
        MediaRejected: it is no MusicXML that can be set.
    """
    _check(musicxml, name)
    command = [sys.executable, "-m", "audio.engraver"]
    try:
        done = subprocess.run(
            command, input=musicxml.encode(), capture_output=True, timeout=_MOST_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        raise _unreadable(name, "the engraver can't set it") from fault
    pages = [base64.b64decode(page) for page in json.loads(done.stdout)]
    if not pages:
        raise _unreadable(name, "there is no music in it that can be set")
    return pages


def read_musicxml(path: Path, name: str) -> str:
    """The text of a MusicXML file.

    Raises:
        MediaRejected: it is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise _unreadable(name, "it is no text in UTF-8 (compressed .mxl is not taken)") from fault


def _check(musicxml: str, name: str) -> None:
    """Refuse what is no MusicXML, and documents that declare entities of their own."""
    if "<!ENTITY" in musicxml:
        raise _unreadable(name, "it declares entities")
    try:
        root = ElementTree.fromstring(musicxml)
    except ElementTree.ParseError as fault:
        raise _unreadable(name, f"it is no XML ({fault})") from fault
    if root.tag not in ("score-partwise", "score-timewise"):
        raise _unreadable(name, "it is no MusicXML")


def _unreadable(name: str, why: str) -> MediaRejected:
    return MediaRejected(f"engraving {name}", why, "Give a MusicXML file (.musicxml)")


@dataclass(frozen=True)
class _Piece:
    """A part of a note or a rest that lies in one bar, in steps."""

    at: int
    length: int
    pitch: int | None
    tied: bool
    """It goes on in the next piece."""
    goes_on: bool
    """It goes on from the piece before."""


def _voice(notes: Sequence[Sounding], bar: int) -> list[_Piece]:
    """The notes and the rests between them, cut at bar lines into lengths that can be written."""
    pieces: list[_Piece] = []
    now = 0
    for index, note in enumerate(notes):
        start = max(now, round(note.start * STEPS))
        end = max(start + 1, round((note.start + note.quarters) * STEPS))
        if index + 1 < len(notes):
            end = min(end, max(start + 1, round(notes[index + 1].start * STEPS)))
        pieces += _cut(now, start, None, bar)
        pieces += _cut(start, end, note.pitch, bar)
        now = end
    return pieces + _cut(now, math.ceil(max(now, 1) / bar) * bar, None, bar)


def _cut(start: int, end: int, pitch: int | None, bar: int) -> list[_Piece]:
    parts: list[tuple[int, int]] = []
    while start < end:
        room = min(end, (start // bar + 1) * bar) - start
        length = max(one for one in _TYPES if one <= room)
        parts.append((start, length))
        start += length
    last = len(parts) - 1
    return [
        _Piece(at, length, pitch, index < last and pitch is not None,
               index > 0 and pitch is not None)
        for index, (at, length) in enumerate(parts)
    ]  # fmt: skip


def _bars(pieces: Sequence[_Piece], bar: int, fifths: int) -> list[list[str]]:
    count = max((one.at // bar for one in pieces), default=0) + 1
    bars: list[list[str]] = [[] for _ in range(count)]
    altered: dict[tuple[int, str, int], int] = {}
    for one in pieces:
        number = one.at // bar
        sign = ""
        if one.pitch is not None and not one.goes_on:
            step, alter, octave = _spelt(one.pitch, fifths)
            place = (number, step, octave)
            if alter != altered.get(place, _in_signature(step, fifths)):
                sign = f"<accidental>{_SIGNS[alter]}</accidental>"
            altered[place] = alter
        bars[number].append(_written(one, fifths, sign))
    return bars


def _written(piece: _Piece, fifths: int, sign: str) -> str:
    ties = ('<tie type="stop"/>' if piece.goes_on else "") + (
        '<tie type="start"/>' if piece.tied else ""
    )
    marks = ties.replace("<tie ", "<tied ")
    notations = f"<notations>{marks}</notations>" if marks else ""
    dot = "<dot/>" if piece.length in _DOTTED else ""
    what = "<rest/>" if piece.pitch is None else _pitch(piece.pitch, fifths)
    return (
        f"<note>{what}<duration>{piece.length}</duration>{ties}<voice>1</voice>"
        f"<type>{_TYPES[piece.length]}</type>{dot}{sign}{notations}</note>"
    )


def _spelt(midi: int, fifths: int) -> tuple[str, int, int]:
    """Letter, alteration in semitones and octave of a pitch, as its key spells it."""
    name = (_FLATS if fifths < 0 else _SHARPS)[midi % 12]
    alter = {"#": 1, "b": -1}.get(name[1:], 0)
    return name[0], alter, (midi - NOTE_CLASSES[name[0]] - alter) // 12 - 1


def _in_signature(step: str, fifths: int) -> int:
    """How the key signature alters a letter."""
    if fifths > 0:
        return int(step in _ORDER[:fifths])
    return -int(step in _ORDER[::-1][:-fifths]) if fifths < 0 else 0


def _pitch(midi: int, fifths: int) -> str:
    step, alter, octave = _spelt(midi, fifths)
    altered = f"<alter>{alter}</alter>" if alter else ""
    return f"<pitch><step>{step}</step>{altered}<octave>{octave}</octave></pitch>"


def _fifths(key: str) -> int:
    parsed = parse_key(key)
    if parsed is None:
        return 0
    tonic, mode = parsed
    return _FIFTHS[(tonic + 3) % 12 if mode == "minor" else tonic]


def _attributes(head: Head) -> str:
    tempo = (
        f'<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>'
        f"<per-minute>{head.bpm:.0f}</per-minute></metronome></direction-type></direction>"
        if head.bpm
        else ""
    )
    return (
        f"<attributes><divisions>{STEPS}</divisions><key><fifths>{_fifths(head.key)}</fifths></key>"
        f"<time><beats>{head.beats}</beats><beat-type>{head.unit}</beat-type></time>"
        f"<clef><sign>G</sign><line>2</line></clef></attributes>{tempo}"
    )
