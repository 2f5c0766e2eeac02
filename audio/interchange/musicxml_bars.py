"""The notes and rests of one part's bars in MusicXML."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from audio.interchange.note_values import Region, Value, regions_of, values_of
from audio.interchange.voices import Chord
from audio.interchange.xml_trees import add
from audio.songs.keys import key_of, octave_of
from audio.songs.song import Note, Song, Track

DRUM_PLACES = {
    35: "D4", 36: "F4", 37: "C5", 38: "C5", 39: "C5", 40: "C5", 41: "G4", 42: "G5", 43: "A4",
    44: "D4", 45: "B4", 46: "G5", 47: "D5", 48: "D5", 49: "A5", 50: "E5", 51: "F5", 52: "B5",
    53: "F5", 55: "B5", 56: "E5", 57: "A5", 59: "F5",
}  # fmt: skip
"""Where the sounds of a kit are written on a five-line staff, by the usual percussion key."""
_ELSEWHERE = "E5"
_FORTE = 90
"""The MIDI velocity that MusicXML's dynamics are a percentage of."""
_ALTERS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_ORDER = "FCGDAEB"


class _Piece(NamedTuple):
    """What a voice does in one written value: a chord or a part of it, or a rest."""

    value: Value
    chord: Chord | None
    is_first: bool
    is_last: bool


def instrument_id(part_id: str, pitch: int | None = None) -> str:
    """The id of a part's instrument, or of one sound of its kit."""
    return f"{part_id}-I1" if pitch is None else f"{part_id}-D{pitch}"


class BarWriter:
    """Writes the bars of one part, one after the other."""

    def __init__(
        self, part_id: str, track: Track, voices: Sequence[Sequence[Chord]], song: Song
    ) -> None:
        self._part_id, self._track, self._time = part_id, track, song.timeline
        self._voices = [list(reversed(voice)) for voice in voices]
        self._key = key_of(song.key or "C major")
        self._accidentals: dict[tuple[str, int], int] = {}

    def write(self, measure: Element, bar: int) -> None:
        """Write the next bar; bars must be written in their order."""
        start, end = self._time.tick_of_bar(bar), self._time.tick_of_bar(bar + 1)
        self._accidentals.clear()
        sounding = [
            (number, chords)
            for number, voice in enumerate(self._voices)
            if (chords := _taken(voice, start, end))
        ]
        if not sounding:
            self._write_empty(measure, end - start)
        for place, (number, chords) in enumerate(sounding):
            if place:
                add(add(measure, "backup"), "duration", end - start)
            self._write_voice(measure, number + 1, chords, start, end)

    def _write_empty(self, measure: Element, ticks: int) -> None:
        note = add(measure, "note")
        add(note, "rest", measure="yes")
        add(note, "duration", ticks)
        add(note, "voice", 1)

    def _write_voice(
        self, measure: Element, voice: int, chords: Sequence[Chord], start: int, end: int
    ) -> None:
        points = [tick - start for chord in chords for tick in chord[:2]]
        regions = regions_of(points, end - start)
        pieces = _pieces(chords, start, end, regions)
        edges = _tuplet_edges([one.value for one in pieces], regions)
        for piece, edge in zip(pieces, edges, strict=True):
            if piece.chord is None:
                self._write_rest(measure, voice, piece.value, edge)
            else:
                self._write_chord(measure, voice, piece, piece.chord, edge)

    def _write_rest(
        self, measure: Element, voice: int, value: Value, edge: tuple[str, ...]
    ) -> None:
        note = add(measure, "note", **({"print-object": "no"} if voice > 1 else {}))
        add(note, "rest")
        add(note, "duration", value.ticks)
        _add_value(note, voice, value)
        if edge:
            _add_tuplet(add(note, "notations"), edge)

    def _write_chord(
        self, measure: Element, voice: int, piece: _Piece, chord: Chord, edge: tuple[str, ...]
    ) -> None:
        for place, played in enumerate(chord.notes):
            note = add(measure, "note", **_performance(played, chord, piece))
            if place:
                add(note, "chord")
            accidental = self._add_pitch(note, played, is_tied=not piece.is_first)
            add(note, "duration", piece.value.ticks)
            ties = ([] if piece.is_first else ["stop"]) + ([] if piece.is_last else ["start"])
            for tie in ties:
                add(note, "tie", type=tie)
            if self._track.is_drums:
                add(note, "instrument", id=instrument_id(self._part_id, played.pitch))
            _add_value(note, voice, piece.value, accidental)
            _add_notations(note, ties, edge if place == 0 else ())

    def _add_pitch(self, note: Element, played: Note, *, is_tied: bool) -> str:
        """Write how a note is called; the accidental that it needs in this bar, else empty."""
        if self._track.is_drums:
            place = DRUM_PLACES.get(played.pitch, _ELSEWHERE)
            unpitched = add(note, "unpitched")
            add(unpitched, "display-step", place[0])
            add(unpitched, "display-octave", place[1])
            return ""
        letter, alter = self._key.spell(played.pitch % 12)
        octave = octave_of(played.pitch, letter, alter)
        pitch = add(note, "pitch")
        add(pitch, "step", letter)
        if alter:
            add(pitch, "alter", alter)
        add(pitch, "octave", octave)
        holds = self._accidentals.get((letter, octave), self._signed(letter))
        if is_tied or holds == alter:
            return ""
        self._accidentals[letter, octave] = alter
        return _ALTERS[alter]

    def _signed(self, letter: str) -> int:
        """How the key signature alters a letter."""
        place = _ORDER.index(letter)
        if self._key.fifths > 0:
            return int(place < self._key.fifths)
        return -int(6 - place < -self._key.fifths)


def _taken(voice: list[Chord], start: int, end: int) -> list[Chord]:
    """The chords of a voice that sound in a bar; those that end in it are taken off its stack."""
    found = []
    while voice and voice[-1].start < end:
        found.append(voice[-1])
        if voice[-1].end > end:
            break
        voice.pop()
    return [one for one in found if one.end > start]


def _pieces(
    chords: Iterable[Chord], start: int, end: int, regions: Sequence[Region]
) -> list[_Piece]:
    """A voice's bar as values without gaps."""
    pieces: list[_Piece] = []
    now = 0
    for chord in chords:
        first, last = max(chord.start, start) - start, min(chord.end, end) - start
        pieces += [_Piece(one, None, True, True) for one in values_of(now, first, regions)]
        values = values_of(first, last, regions)
        for place, value in enumerate(values):
            begins = place == 0 and chord.start >= start
            ends = place == len(values) - 1 and chord.end <= end
            pieces.append(_Piece(value, chord, begins, ends))
        now = last
    pieces += [_Piece(one, None, True, True) for one in values_of(now, end - start, regions)]
    return pieces


def _tuplet_edges(values: Sequence[Value], regions: Sequence[Region]) -> list[tuple[str, ...]]:
    """Which tuplet brackets begin or end with each value."""
    begins = {one.start for one in regions if one.tuplet}
    ends = {one.end for one in regions if one.tuplet}
    edges = []
    for value in values:
        inside = value.tuplet is not None
        start = ("start",) if inside and value.start in begins else ()
        stop = ("stop",) if inside and value.start + value.ticks in ends else ()
        edges.append((*start, *stop))
    return edges


def _add_value(note: Element, voice: int, value: Value, accidental: str = "") -> None:
    add(note, "voice", voice)
    add(note, "type", value.kind)
    if value.dotted:
        add(note, "dot")
    if accidental:
        add(note, "accidental", accidental)
    if value.tuplet:
        modification = add(note, "time-modification")
        add(modification, "actual-notes", value.tuplet.actual)
        add(modification, "normal-notes", value.tuplet.normal)


def _add_notations(note: Element, ties: Sequence[str], edge: Sequence[str]) -> None:
    if ties or edge:
        notations = add(note, "notations")
        for tie in ties:
            add(notations, "tied", type=tie)
        _add_tuplet(notations, edge)


def _add_tuplet(notations: Element, edge: Iterable[str]) -> None:
    for kind in edge:
        add(notations, "tuplet", type=kind, number=1)


def _performance(played: Note, chord: Chord, piece: _Piece) -> dict[str, str | float]:
    """How a note is played beside what is written: velocity, and ticks late or early."""
    told: dict[str, str | float] = {"dynamics": round(100 * played.velocity / _FORTE, 2)}
    if piece.is_first and played.start != chord.start:
        told["attack"] = played.start - chord.start
    if piece.is_last and played.end != chord.end:
        told["release"] = played.end - chord.end
    return told
