"""What a user orders of the composer, in fields; what is left out the style decides."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator

from audio.composing.meters import meter_of
from audio.composing.numerals import is_numeral
from audio.composing.plan import Role
from audio.composing.scales import scale_of
from audio.composing.styles import style_words, styles
from audio.songs.harmony import NO_CHORD, chord_of
from audio.songs.instruments import instrument_of
from grym_synth.errors import BadInput, UnknownName
from memory.context import Word

TEMPO_RANGE = (30.0, 300.0)
"""In quarters a minute."""
MOST_BARS = 600
AssetId = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_DO = "Change the brief; docs/composing.md describes what it may hold"


class SectionOrder(Word):
    """One section of the form."""

    kind: Annotated[str, Field(min_length=1, max_length=40)]
    """Such as ``verse``; sections of one kind share their harmony and melody."""
    name: Annotated[str, Field(max_length=60)] = ""
    """As it stands in markers; empty: its kind and number."""
    bars: Annotated[int, Field(ge=1, le=256)] | None = None
    """None: what is usual."""
    chords: tuple[str, ...] = ()
    """One text a bar: chord names or numerals with spaces between; the bars go round."""


class InstrumentOrder(Word):
    """One instrument of the band."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    role: Role | None = None
    """What it does; None: what it is best at."""

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            return instrument_of(name).name
        except UnknownName as fault:
            raise ValueError(f"no instrument called {name!r} is known") from fault


class Change(Word):
    """One part of an earlier session that is to be composed anew."""

    section: str = ""
    """A section's name or kind; empty: all of them."""
    part: str
    """A role (``bass``, ``melody`` …), a track's name, or ``chords``."""


class ComposeOrder(Word):
    """A song that is ordered."""

    title: Annotated[str, Field(max_length=120)] = ""
    tempo: float | None = None
    """In quarters a minute, 30 to 300; None: what is usual in the style."""
    pace: Annotated[float, Field(ge=0, le=1)] | None = None
    """Where in the style's range of tempo it lies, where no tempo is told; 0 is slowest."""
    meter: str | None = None
    """Such as ``7/8``."""
    key: str | None = None
    """A tonic and a mode, such as ``A minor`` or ``D dorian``."""
    style: str | None = None
    """A name of one of the styles."""
    form: tuple[SectionOrder, ...] = Field(default=(), max_length=64)
    bars: Annotated[int, Field(ge=1, le=MOST_BARS)] | None = None
    """How many bars all sections have together."""
    seconds: Annotated[float, Field(gt=0, le=1800)] | None = None
    """About how long it plays, where no bars are told."""
    chords: tuple[str, ...] = ()
    """Chords of sections that have none of their own; one text a bar."""
    instruments: tuple[InstrumentOrder, ...] = Field(default=(), max_length=24)
    without: tuple[str, ...] = ()
    """Instruments that must not play."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Another number gives another song."""
    sketch: AssetId | None = None
    """A MIDI file that the song grows from."""
    base: AssetId | None = None
    """The ``project.json`` of an earlier session that is changed."""
    changes: tuple[Change, ...] = ()
    """What of the base is composed anew; everything else stays as it is."""
    wish: Annotated[str, Field(max_length=2000)] = ""
    """The same in words, such as ``change only the bass of the chorus``."""
    least_in_key: Annotated[float, Field(ge=0, le=1)] = 0.9
    """Least share of pitched notes that belong to the scale."""
    least_chord_tones: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Least share of notes on strong beats that belong to the chord."""

    @field_validator("tempo")
    @classmethod
    def _playable(cls, tempo: float | None) -> float | None:
        low, high = TEMPO_RANGE
        if tempo is not None and not low <= tempo <= high:
            raise ValueError(f"a tempo of {tempo:g} is out of range: {low:g} to {high:g} bpm")
        return tempo

    @field_validator("meter")
    @classmethod
    def _possible(cls, meter: str | None) -> str | None:
        return None if meter is None else _or_fault(lambda: meter_of(meter).name)

    @field_validator("key")
    @classmethod
    def _named(cls, key: str | None) -> str | None:
        return None if key is None else _or_fault(lambda: scale_of(key).name)

    @field_validator("style")
    @classmethod
    def _style(cls, style: str | None) -> str | None:
        if style is None:
            return None
        known = style_words().get(style.strip().casefold())
        if known is None:
            raise ValueError(f"no style called {style!r} is known; there are {', '.join(styles())}")
        return known

    @field_validator("without")
    @classmethod
    def _left_out(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(InstrumentOrder(name=name).name for name in names)

    @model_validator(mode="after")
    def _adds_up(self) -> "ComposeOrder":
        stated = [one.bars for one in self.form if one.bars is not None]
        total = sum(stated)
        if self.bars is not None and len(stated) == len(self.form) > 0 and total != self.bars:
            raise ValueError(f"the bars don't add up: the sections have {total}, not {self.bars}")
        if self.bars is not None and total > self.bars:
            raise ValueError(f"the bars don't add up: sections have {total} of {self.bars}")
        if total > MOST_BARS:
            raise ValueError(f"{total} bars are too many: at most {MOST_BARS}")
        if (self.changes or self.wish) and self.base is None:
            raise ValueError("changes need the project.json of the session that is changed (base)")
        for bar in (*self.chords, *(bar for one in self.form for bar in one.chords)):
            _check_chords(bar)
        return self


def order_of(fields: Mapping[str, JsonValue]) -> ComposeOrder:
    """The order of some fields.

    Raises:
        BadInput: a field is unknown, or what it says is impossible.
    """
    try:
        return ComposeOrder.model_validate(fields)
    except ValidationError as fault:
        raise BadInput("reading the order of a song", told(fault), _DO) from fault


def told(fault: ValidationError) -> str:
    """What is wrong with fields, in words."""
    lines = []
    for one in fault.errors(include_url=False)[:4]:
        place = ".".join(map(str, one["loc"]))
        says = str(one["msg"]).removeprefix("Value error, ")
        if one["type"] == "extra_forbidden":
            says = "there is no such field"
        lines.append(f"{place}: {says}" if place else says)
    return "; ".join(lines)


def _check_chords(bar: str) -> None:
    for name in bar.split():
        if name != NO_CHORD and not is_numeral(name):
            _or_fault(partial(_chord_name, name))


def _chord_name(name: str) -> str:
    return chord_of(name).name


def _or_fault(read: Callable[[], str]) -> str:
    """What a reader says, its refusal as a fault of the field."""
    try:
        return read()
    except BadInput as fault:
        raise ValueError(f"{fault.tried}: {fault.happened}. {fault.do}") from fault
