"""The form in which a model hands over its code."""

from pydantic import Field

from agents.boss.forms import CriterionForm, Form


class FileForm(Form):
    name: str = Field(max_length=60)
    """Such as ring_modulator.py: small letters, digits, underscores."""
    text: str = Field(max_length=60_000)
    """The whole Python source."""


class SaveForm(Form):
    file: str = Field(max_length=100)
    """Name of a result."""
    path: str = Field(max_length=1000)
    """Where the request says that it shall be, letter by letter."""


class CodeForm(Form):
    files: tuple[FileForm, ...] = Field(min_length=2, max_length=8)
    """The program first, then its tests (such as test_ring_modulator.py), then further modules."""
    criteria: tuple[CriterionForm, ...] = Field(default=(), max_length=12)
    """What can be measured of every resulting sound when the program is right."""
    keeps_sound: bool = False
    """True only if the result shall have exactly the samples of the source."""
    save_as: tuple[SaveForm, ...] = Field(default=(), max_length=8)
    """Only where the request itself names a path for a result."""
    why: str = Field(default="", max_length=2000)
    """How it does what is asked, in one or two sentences."""
