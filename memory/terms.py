"""One word of the trade and what it means: the form of the glossary's entries."""

from typing import Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audio.aspects import ASPECTS

Domain = Literal[
    "tone", "dynamics", "space", "time", "pitch", "technical", "arrangement", "UI", "notation",
    "code",
]  # fmt: skip
Direction = Literal["too much", "too little", "wanted high", "wanted low"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


class Band(NamedTuple):
    """A region of the spectrum, in hertz."""

    low_hz: float
    high_hz: float


class Term(BaseModel):
    """One word of the trade and what it means for measuring, drawing and building."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(min_length=1, max_length=60)
    synonyms: tuple[str, ...] = Field(default=(), max_length=60)
    means: str = Field(default="", max_length=400)
    """One sentence."""
    domain: Domain = "tone"
    aspects: tuple[str, ...] = ()
    """Names of ``audio.aspects`` that it bears on, the closest first."""
    band: Band | None = None
    """Where in the spectrum it lies."""
    direction: Direction | None = None
    """Whether it complains of too much or too little of its aspects, or wishes them high or low."""
    opposite: str = ""
    """The name of the term that says the contrary."""
    heard: str = ""
    """The same for one who listens: plain hearing words."""
    seen: str = ""
    """The same for one who looks at a picture of the sound."""
    code: str = ""
    """The same for one who writes code: units, parameters, formulas."""
    above: dict[str, float] = Field(default_factory=dict)
    """The word fits where an aspect's value lies above this."""
    below: dict[str, float] = Field(default_factory=dict)
    """The word fits where an aspect's value lies below this."""
    plans: tuple[str, ...] = ()
    """The planner's concepts (``quality.muddy``) that its name and synonyms stand for."""
    own: bool = False
    """Whether a project made it."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        unknown = {*self.aspects, *self.above, *self.below} - ASPECTS.keys()
        if unknown:
            raise ValueError(f"{self.name}: there is no aspect {', '.join(sorted(unknown))}")
        if self.band is not None and not 0 < self.band.low_hz < self.band.high_hz:
            raise ValueError(f"{self.name}: a band runs from a lower to a higher frequency")
        return self

    @property
    def phrases(self) -> tuple[str, ...]:
        """Its name and its synonyms."""
        return (self.name, *self.synonyms)

    def bears_on(self, aspect: str) -> bool:
        """Whether it says something about an aspect, or about a family such as ``loudness``."""
        return any(one == aspect or one.startswith(f"{aspect}.") for one in self.aspects)
