"""The plan of a piece: everything that is decided before a note is written."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from audio.composing.meters import Meter, meter_of
from audio.composing.scales import Scale, scale_of
from audio.composing.streams import Stream
from audio.composing.styles import Style, styles
from audio.songs.instruments import INSTRUMENTS, Instrument
from audio.songs.song import SongWord

Role = Literal["melody", "counter", "harmony", "pad", "bass", "drums"]
"""What a part does: `counter` is a line of long notes, `pad` chords held out."""

ROLES: tuple[Role, ...] = ("melody", "counter", "harmony", "pad", "bass", "drums")


class Motif(SongWord):
    """A musical idea of one bar, as symbols."""

    onsets: Annotated[tuple[float, ...], Field(min_length=1, max_length=24)]
    """Where its notes begin, in quarters from the start of the bar, rising from 0 or more."""
    contour: Annotated[tuple[int, ...], Field(min_length=1, max_length=24)]
    """How many scale steps each note lies above (or below) the first one, -12..12."""


class GivenNote(SongWord):
    """A note that is to be kept as it is."""

    start: Annotated[int, Field(ge=0)]
    """In ticks from the start of its section."""
    length: Annotated[int, Field(ge=1)]
    """In ticks."""
    pitch: Annotated[int, Field(ge=0, le=127)]
    """MIDI number."""
    velocity: Annotated[int, Field(ge=1, le=127)] = 84


class Material(SongWord):
    """What sections of one kind share, as far as it is given from outside."""

    chords: tuple[str, ...] = ()
    """One text a bar: chord names with spaces between them; the bars go round."""
    motifs: tuple[Motif, ...] = ()
    """Ideas for its melody."""
    notes: dict[Role, tuple[GivenNote, ...]] = Field(default_factory=dict)
    """Notes of a sketch, by the role that they play."""
    covered: tuple[int, ...] = ()
    """The bars, from 0, that these notes fill; the others are composed."""


class PlannedSection(SongWord):
    """One section of the form."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """As the user reads it; no two sections share it."""
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    """What it is, such as ``verse``; sections of one kind share their material."""
    occurrence: Annotated[int, Field(ge=1)] = 1
    """Which one of its kind it is."""
    bars: Annotated[int, Field(ge=1, le=512)]
    energy: Annotated[float, Field(ge=0, le=1)] = 0.6
    """How much goes on in it."""
    chords: tuple[str, ...] = ()
    """Chords of this section alone, in the form of a material's."""


class Part(SongWord):
    """What one instrument does; an instrument may have several parts on one track."""

    track: Annotated[str, Field(min_length=1, max_length=60)]
    """The track's name."""
    instrument: str
    """A name in `audio.songs.instruments`."""
    role: Role
    index: Annotated[int, Field(ge=0)] = 0
    """Counts the parts of one role."""

    @property
    def name(self) -> str:
        """Such as ``bass`` or ``counter 2``."""
        return self.role if self.index == 0 else f"{self.role} {self.index + 1}"

    @property
    def player(self) -> Instrument:
        """The instrument's facts."""
        return INSTRUMENTS[self.instrument]


class PiecePlan(SongWord):
    """A piece, as far as it is decided."""

    title: str
    identity: str
    """What makes it another piece than others of the same seed."""
    seed: int
    scale: str
    """Such as ``A minor`` or ``D dorian``."""
    tempo: float
    """In quarters a minute."""
    meter: str
    style: str
    """A style's id."""
    sections: Annotated[tuple[PlannedSection, ...], Field(min_length=1)]
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    materials: dict[str, Material] = Field(default_factory=dict)
    """By kind of section."""
    revisions: dict[str, int] = Field(default_factory=dict)
    """How often a part was composed anew, by ``kind/part name``."""
    chromatic: Annotated[float, Field(ge=0, le=1)] = 0.04
    """Greatest share of chord notes outside the scale, where chords are free."""

    @field_validator("scale")
    @classmethod
    def _known_scale(cls, text: str) -> str:
        return scale_of(text).name

    @property
    def scale_words(self) -> Scale:
        """Its scale."""
        return scale_of(self.scale)

    @property
    def meter_words(self) -> Meter:
        """Its meter."""
        return meter_of(self.meter)

    @property
    def habits(self) -> Style:
        """What is usual in its style."""
        return styles()[self.style]

    @property
    def bars(self) -> int:
        """How many bars all sections have."""
        return sum(one.bars for one in self.sections)

    def material(self, kind: str) -> Material:
        """What is given for a kind of section."""
        return self.materials.get(kind, Material())

    def stream(self, *names: str | int) -> Stream:
        """The stream of chance of one thing in this piece."""
        return Stream(self.identity, self.seed, *names)

    def part_stream(self, kind: str, part: Part, *names: str | int) -> Stream:
        """The stream of chance of a part in sections of one kind."""
        revision = self.revisions.get(f"{kind}/{part.name}", 0)
        return self.stream(kind, part.role, part.index, revision, *names)
