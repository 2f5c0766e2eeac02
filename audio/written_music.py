"""What stands in a score, as its MusicXML writes it: bars and notes of each staff.

This is what an eye reads: notes of transposing instruments are as written, not as they sound, and a
note that is tied over a bar line stands in both bars.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

from audio.pitch_names import midi_of_note


class WrittenNote(NamedTuple):
    """A note head."""

    onset: float
    """In quarter notes from the start of its bar."""
    pitch: str
    """As it is spelt, such as ``F#4``."""
    quarters: float
    """Length in quarter notes."""
    goes_on: bool = False
    """It is tied to the note before."""
    lasts_on: bool = False
    """It is tied to the note after."""

    @property
    def midi(self) -> int:
        """MIDI number of what is written; 60 is the middle C."""
        return midi_of_note(self.pitch)


@dataclass
class Staff:
    """One staff of a score, or one track of a file that has none."""

    name: str
    bars: dict[int, list[WrittenNote]] = field(default_factory=lambda: defaultdict(list))
    """Notes of each bar by onset and pitch; bars count from 1 as they stand."""


@dataclass
class WrittenMusic:
    """A piece as it is written."""

    staves: list[Staff]
    """The upper ones first."""
    fifths: int | None = None
    """Sharps (positive) or flats (negative) of the first key signature."""
    meter: str = ""
    """Such as ``3/4``, as it begins."""
    bpm: float | None = None
    """Quarter notes a minute of the first tempo mark."""
    lengths: bool = True
    """Whether lengths are those that are written; a performance has others."""


_QUARTERS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
_SIGNS = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}


def read_written(musicxml: str) -> WrittenMusic:
    """The notes of a MusicXML document as they are written.

    Args:
        musicxml: a checked document.
    """
    root = ElementTree.fromstring(musicxml)
    names = {one.get("id"): one.findtext("part-name") or "" for one in root.iter("score-part")}
    staves = [
        staff
        for part, measures in _parts(root).items()
        for _, staff in sorted(_staves(names.get(part, ""), measures).items())
    ]
    fifths, beats = root.find(".//key/fifths"), root.find(".//time/beats")
    unit = root.findtext(".//time/beat-type")
    return WrittenMusic(
        staves=staves,
        fifths=_whole(fifths.text) if fifths is not None else None,
        meter=f"{beats.text}/{unit}" if beats is not None and unit else "",
        bpm=_tempo(root),
    )


def _parts(root: ElementTree.Element) -> dict[str, list[ElementTree.Element]]:
    """The bars of each part, in both orders that MusicXML has."""
    parts: dict[str, list[ElementTree.Element]] = defaultdict(list)
    if root.tag == "score-partwise":
        for part in root.findall("part"):
            parts[part.get("id", "")] += part.findall("measure")
    else:
        for measure in root.findall("measure"):
            for part in measure.findall("part"):
                parts[part.get("id", "")].append(part)
    return parts


def _staves(name: str, measures: list[ElementTree.Element]) -> dict[int, Staff]:
    """The staves of a part by their number."""
    staves: dict[int, Staff] = {}
    divisions = 1.0
    for bar, measure in enumerate(measures, 1):
        divisions = _number(measure.findtext("attributes/divisions")) or divisions
        for staff, note in _notes(measure, divisions):
            staves.setdefault(staff, Staff(name)).bars[bar].append(note)
    for held in staves.values():
        for notes in held.bars.values():
            notes.sort(key=lambda one: (one.onset, one.midi))
    return staves


def _notes(measure: ElementTree.Element, divisions: float) -> Iterator[tuple[int, WrittenNote]]:
    """The notes of a bar with the number of their staff; grace notes are left out."""
    now = begun = 0.0
    for one in measure:
        length = (_number(one.findtext("duration")) or 0.0) / divisions
        if one.tag == "backup":
            now -= length
        elif one.tag == "forward":
            now += length
        elif one.tag == "note" and one.find("grace") is None:
            onset = begun if one.find("chord") is not None else now
            pitch = one.find("pitch")
            if pitch is not None and one.find("cue") is None:
                ties = {tie.get("type") for tie in one.findall("tie")}
                staff, length = _whole(one.findtext("staff")) or 1, round(length, 4)
                tied = ("stop" in ties, "start" in ties)
                yield staff, WrittenNote(round(onset, 4), _spelt(pitch), length, *tied)
            begun, now = onset, max(now, onset + length)


def _spelt(pitch: ElementTree.Element) -> str:
    alter = round(_number(pitch.findtext("alter")) or 0.0)
    sign = _SIGNS.get(alter, "")
    return f"{(pitch.findtext('step') or 'C').upper()}{sign}{_whole(pitch.findtext('octave')) or 0}"


def _tempo(root: ElementTree.Element) -> float | None:
    """The first tempo, in quarters a minute: as it is printed, else as it is played."""
    mark = root.find(".//metronome")
    if mark is not None and (told := _number(mark.findtext("per-minute"))):
        unit = _QUARTERS.get(mark.findtext("beat-unit") or "", 1.0)
        return told * unit * (1.5 if mark.find("beat-unit-dot") is not None else 1.0)
    played = root.find(".//sound[@tempo]")
    return _number(played.get("tempo")) if played is not None else None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    number = _number(text)
    return None if number is None else int(number)
