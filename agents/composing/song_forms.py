"""What a model plans of a song: form, harmony and motifs as symbols, held to a schema."""

from typing import Annotated

from pydantic import Field

from agents.boss.forms import Form


class MotifForm(Form):
    onsets: Annotated[tuple[float, ...], Field(min_length=2, max_length=16)]
    """Where its notes begin, in quarter notes from the start of the bar, rising; 0.5 is an
    eighth after the first beat."""
    contour: Annotated[tuple[int, ...], Field(min_length=2, max_length=16)]
    """One number for each onset: scale steps above (or below) the first note, which is 0."""


class PartForm(Form):
    """One kind of section."""

    kind: Annotated[str, Field(min_length=1, max_length=40)]
    """``verse``, ``chorus`` …: a kind that the form names."""
    chords: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    """One text a bar, such as "Am" or "Dm7 G7"; the bars go round. Empty keeps the draft's."""
    motifs: Annotated[tuple[MotifForm, ...], Field(max_length=3)] = ()
    """The ideas of its melody, each one bar long, the most important first."""


class SectionForm(Form):
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    """Sections of one kind share chords and melody."""
    bars: Annotated[int, Field(ge=1, le=256)]
    energy: Annotated[float, Field(ge=0, le=1)]
    """How much goes on: 0.4 an intro, 0.9 a chorus."""


class SongForm(Form):
    title: Annotated[str, Field(max_length=80)] = ""
    """Where the brief has none."""
    sections: Annotated[tuple[SectionForm, ...], Field(max_length=32)] = ()
    """The form; empty keeps the draft's."""
    parts: Annotated[tuple[PartForm, ...], Field(max_length=12)]
    """One for each kind of section that you plan."""
    why: str
    """The idea of the song in one sentence."""
