"""The words of a song that can be edited: notes in ticks, tracks, tempo, meter, sections, chords.

Ticks count from the start of bar 1; a quarter has `PPQ` of them, so that triplets, quintuplets and
128ths are whole. Bars count from 1. All words are frozen: a changed song is a new one.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from audio.songs.harmony import NO_CHORD, is_chord
from audio.songs.keys import key_of
from audio.songs.timeline import PPQ as PPQ
from audio.songs.timeline import Timeline, microseconds_of, tempo_of
from grym_synth.errors import BadInput

MOST_TICKS = PPQ * 4 * 5000
"""Later notes are refused: 5,000 bars of 4/4 last about three hours."""

MidiNumber = Annotated[int, Field(ge=0, le=127)]


class SongWord(BaseModel):
    """Base of the words of a song."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Note(SongWord):
    """One note."""

    start: Annotated[int, Field(ge=0, lt=MOST_TICKS)]
    """In ticks from the start of the song."""
    length: Annotated[int, Field(ge=1, le=MOST_TICKS)]
    """In ticks."""
    pitch: MidiNumber
    """MIDI number, 60 is middle C; of a drum kit: the sound, by the General MIDI drum map."""
    velocity: Annotated[int, Field(ge=1, le=127)] = 80

    @property
    def end(self) -> int:
        """The tick at which it ends."""
        return self.start + self.length


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes by time and pitch, as one instrument can play them and every format can hold them.

    Where a pitch sounds again before its end, the earlier note ends there; of two notes of one
    pitch at one time the longer one, or of the same length the louder one, is kept.
    """
    kept: list[Note] = []
    sounding: dict[int, int] = {}
    for note in sorted(notes, key=lambda one: (one.start, one.pitch, -one.length, -one.velocity)):
        place = sounding.get(note.pitch)
        if place is not None and kept[place].end > note.start:
            earlier = kept[place]
            if earlier.start == note.start:
                continue
            kept[place] = earlier.model_copy(update={"length": note.start - earlier.start})
        sounding[note.pitch] = len(kept)
        kept.append(note)
    return tuple(kept)


class Track(SongWord):
    """What one instrument plays."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the user reads it, such as ``Bass``; no two tracks of a song share it."""
    instrument: str = ""
    """Name in `audio.songs.instruments`; empty where the instrument is none of those."""
    program: MidiNumber = 0
    """General MIDI program, from 0; of a drum kit: the kit."""
    is_drums: bool = False
    notes: Annotated[tuple[Note, ...], AfterValidator(in_order)] = ()
    """By start, then pitch; no pitch sounds twice at a time, see `in_order`."""


class TempoMark(SongWord):
    """The tempo from a tick on."""

    tick: Annotated[int, Field(ge=0, lt=MOST_TICKS)] = 0
    bpm: Annotated[float, Field(ge=5, le=999)]
    """Quarters a minute, as exact as a MIDI file holds it: whole microseconds for a quarter."""

    @field_validator("bpm")
    @classmethod
    def _as_midi_holds_it(cls, bpm: float) -> float:
        return tempo_of(microseconds_of(bpm))


class MeterMark(SongWord):
    """The meter from a bar on."""

    bar: Annotated[int, Field(ge=1)] = 1
    beats: Annotated[int, Field(ge=1, le=64)] = 4
    """Upper number."""
    unit: Annotated[int, Field(ge=1, le=32)] = 4
    """Lower number: 1, 2, 4, 8, 16 or 32."""

    @field_validator("unit")
    @classmethod
    def _divides_the_whole(cls, unit: int) -> int:
        if unit & (unit - 1):
            raise ValueError(f"a meter counts halves, quarters, eighths …, not 1/{unit}")
        return unit


class SongSection(SongWord):
    """A part of the form."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the user reads it, such as ``Verse 1``."""
    role: str = ""
    """What it is: ``intro``, ``verse``, ``chorus``, ``bridge`` …; empty where that is unknown."""
    first_bar: Annotated[int, Field(ge=1)]
    bars: Annotated[int, Field(ge=1)]
    """How many bars it has."""

    @property
    def last_bar(self) -> int:
        """Its last bar, which is part of it."""
        return self.first_bar + self.bars - 1


class ChordSpan(SongWord):
    """A chord and how long it holds."""

    start: Annotated[int, Field(ge=0, lt=MOST_TICKS)]
    """In ticks."""
    length: Annotated[int, Field(ge=1, le=MOST_TICKS)]
    """In ticks."""
    name: Annotated[str, Field(min_length=1, max_length=24)]
    """Such as ``Am``, ``F#maj7``, ``G7/B``, or ``N`` for none; read by `audio.songs.harmony`."""

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name != NO_CHORD and not is_chord(name):
            raise ValueError(f"the chord {name!r} is not known")
        return name.strip()

    @property
    def end(self) -> int:
        """The tick at which it ends."""
        return self.start + self.length


class Song(SongWord):
    """A song: the one thing that MIDI, MusicXML, DAWproject and the renderer are made from."""

    title: Annotated[str, Field(max_length=200)] = ""
    key: str = ""
    """Such as ``A minor``: tonic and ``major`` or ``minor``; empty where it is unknown."""
    bars: Annotated[int, Field(ge=1, le=5000)]
    """How many it has; notes, chords and sections lie inside them."""
    tempos: Annotated[tuple[TempoMark, ...], Field(min_length=1)]
    """In order of time; the first one at tick 0."""
    meters: Annotated[tuple[MeterMark, ...], Field(min_length=1)] = (MeterMark(),)
    """In order of time; the first one at bar 1."""
    sections: tuple[SongSection, ...] = ()
    """In order of time; they don't overlap."""
    chords: tuple[ChordSpan, ...] = ()
    """In order of time; they don't overlap. Gaps mean that nothing is said."""
    tracks: tuple[Track, ...] = ()

    @cached_property
    def timeline(self) -> Timeline:
        """Bars, ticks and seconds, each from the others."""
        return Timeline(
            tuple((one.tick, one.bpm) for one in self.tempos),
            tuple((one.bar, one.beats, one.unit) for one in self.meters),
        )

    @property
    def ticks(self) -> int:
        """How long it is: the tick at which its last bar ends."""
        return self.timeline.tick_of_bar(self.bars + 1)

    @property
    def seconds(self) -> float:
        """How long it is, without what rings after its last bar."""
        return self.timeline.seconds_at(self.ticks)

    def track(self, name: str) -> Track | None:
        """The track of that name."""
        return next((one for one in self.tracks if one.name == name), None)

    def with_track(self, track: Track) -> Self:
        """The song with one track in the place of the one of the same name, else added to it."""
        kept = tuple(track if one.name == track.name else one for one in self.tracks)
        return self._changed(tracks=kept if track in kept else (*self.tracks, track))

    def with_chords(self, chords: Iterable[ChordSpan]) -> Self:
        """The song with other chords."""
        return self._changed(chords=tuple(chords))

    def _changed(self, **fields: object) -> Self:
        """A copy that has been checked like a new song."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return self.model_validate({**kept, **fields})

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, name: str) -> str:
        try:
            return key_of(name).name if name else ""
        except BadInput as fault:
            raise ValueError(str(fault)) from fault

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _begins_and_rises("tempos", [one.tick for one in self.tempos], 0)
        _begins_and_rises("meters", [one.bar for one in self.meters], 1)
        if self.meters[-1].bar > self.bars or self.tempos[-1].tick >= self.ticks:
            raise ValueError("a tempo or meter lies after the last bar")
        _follow("sections", [(one.first_bar, one.last_bar + 1) for one in self.sections])
        _follow("chords", [(one.start, one.end) for one in self.chords])
        if self.sections and self.sections[-1].last_bar > self.bars:
            raise ValueError(f"a section ends after the last bar, {self.bars}")
        if len({one.name for one in self.tracks}) < len(self.tracks):
            raise ValueError("two tracks share a name")
        ends = [note.end for track in self.tracks for note in track.notes]
        ends += [one.end for one in self.chords]
        if ends and max(ends) > self.ticks:
            raise ValueError(f"a note or chord ends after the last bar, {self.bars}")
        return self


def _begins_and_rises(what: str, places: list[int], first: int) -> None:
    if places[0] != first or any(b <= a for a, b in pairwise(places)):
        raise ValueError(f"the {what} must begin at {first} and follow each other")


def _follow(what: str, spans: list[tuple[int, int]]) -> None:
    if any(b[0] < a[1] for a, b in pairwise(spans)):
        raise ValueError(f"the {what} overlap, or are not in order of time")
