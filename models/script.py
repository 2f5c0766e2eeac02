"""The lines of a scripted model: what it says to which message, how fast, and how it fails."""

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)

from grym_synth.errors import BadInput
from models.base import Finish, Message, Options, Role
from models.vision.eyes import Coordinates

FaultKind = Literal["absent", "missing", "busy", "crashed", "unable", "cut", "error"]
"""``cut`` and ``error`` come in mid-answer, after ``after`` pieces; the others before it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Part):
    """Which calls a line answers; what is left out fits every call."""

    role: Role | None = None
    """Only messages of this role are searched; the last one of them for ``user``."""
    match: str = ""
    """Regular expression that is searched for in the messages."""
    schema_: bool | None = Field(default=None, alias="schema")
    """Only calls with a schema, or only calls without."""
    think: bool | None = None
    """Only calls that ask for thinking, or only calls that forbid it."""

    @field_validator("match")
    @classmethod
    def _compiles(cls, match: str) -> str:
        try:
            re.compile(match)
        except re.error as fault:
            raise ValueError(f"no regular expression: {fault}") from fault
        return match

    def fits(self, messages: Sequence[Message], options: Options) -> bool:
        """Whether a call is one of those."""
        if self.schema_ is not None and self.schema_ != (options.schema is not None):
            return False
        if self.think is not None and self.think != options.think:
            return False
        texts = [one.text for one in messages if self.role in (None, one.role)]
        if self.role == "user":
            texts = texts[-1:]
        return not self.match or any(re.search(self.match, text) for text in texts)


class Line(_Part):
    """One answer of the script."""

    when: When = When()
    times: int = Field(default=1, ge=0)
    """How many calls it answers; 0: every call."""
    thinking: str = ""
    answer: JsonValue = ""
    """Text; anything else is said as JSON."""
    chunk: int = Field(default=4, ge=1)
    """Characters of one piece, which counts as one token."""
    load_seconds: float = Field(default=0.0, ge=0)
    """Time that the model takes to load."""
    first_seconds: float = Field(default=0.0, ge=0)
    """Time till the first piece, after loading."""
    piece_seconds: float = Field(default=0.0, ge=0)
    """Time between pieces."""
    endless: bool = False
    """It thinks, or without thinking answers, over and over until it is stopped."""
    finish: Finish = "stop"
    fault: FaultKind | None = None
    after: int = Field(default=1, ge=0)
    """Pieces before a fault in mid-answer."""

    @model_validator(mode="after")
    def _endless_words(self) -> Self:
        if self.endless and not (self.thinking or self.answer):
            raise ValueError("an endless line needs words to repeat")
        return self


class Abilities(_Part):
    """What the scripted model says that it can do; the script's first line may give them."""

    context_tokens: int = Field(default=16_384, ge=1)
    thinks: bool = True
    schema_: bool = Field(default=True, alias="schema")
    images: bool = True
    coordinates: Coordinates = "pixels"
    """How it tells places in pictures."""


class _First(_Part):
    facts: Abilities


class Script:
    """The lines of a script and how often each was used; safe to use from several threads."""

    def __init__(self, lines: Sequence[Line], abilities: Abilities | None = None) -> None:
        self.lines, self.abilities = tuple(lines), abilities or Abilities()
        self._used = [0] * len(self.lines)
        self._lock = threading.Lock()

    def take(self, messages: Sequence[Message], options: Options) -> Line | None:
        """The first line that fits a call and is not used up; None when there is none."""
        with self._lock:
            for at, line in enumerate(self.lines):
                spent = line.times and self._used[at] >= line.times
                if not spent and line.when.fits(messages, options):
                    self._used[at] += 1
                    return line
        return None


def read_script(path: Path) -> Script:
    """Read a script: JSON Lines, of which the first may be ``{"facts": {…}}``.

    Raises:
        BadInput: it can't be read, or a line is not of the form of ``Line``.
    """
    try:
        texts = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"reading the script {path}", str(fault), "Name a script") from fault
    lines: list[Line] = []
    abilities = None
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            if number == 1 and '"facts"' in text:
                abilities = _First.model_validate_json(text).facts
            else:
                lines.append(Line.model_validate_json(text))
        except ValidationError as fault:
            why = "; ".join(f"{error['loc']}: {error['msg']}" for error in fault.errors())
            tried = f"reading line {number} of the script {path}"
            raise BadInput(tried, why, "See docs/scripted.md for the form of a line") from fault
    return Script(lines, abilities)
