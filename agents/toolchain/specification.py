"""What is to be built, as data: read from text or a table, checked before anything is written."""

from typing import Literal

from pydantic import Field, JsonValue

from memory.context import Word

Scale = Literal["linear", "log"]
Measure = Literal["gain_db", "phase_degrees", "output_dbfs", "latency_samples", "thd_percent"]
SAMPLE_RATES = (44_100, 48_000, 96_000, 192_000)
"""What a processor works at where its specification names no sample rate, in hertz."""


class ParameterSpec(Word):
    """One parameter as the specification wants it."""

    name: str
    """By which it is set."""
    role: str
    """What it does, whatever it is called; for code that a model writes, its name."""
    unit: str = ""
    minimum: float
    maximum: float
    default: float
    scale: Scale = "linear"
    smoothing_ms: float = Field(default=20.0, ge=0, le=10_000)
    """Time constant of its glide, in milliseconds."""
    factor: float = 1.0
    """What one ``unit`` is in the unit that the processor computes with."""
    text: str = ""
    """What the specification says of it."""


class Requirement(Word):
    """Something that must be measured of the processor, in the specification's own numbers."""

    measure: Measure
    target: float
    tolerance: float = Field(gt=0)
    """Largest distance from the target, in the measure's unit."""
    at_hz: float = Field(default=1000.0, gt=0)
    """Frequency of the tone, in hertz."""
    level_dbfs: float = Field(default=-20.0, ge=-120, le=20)
    """Level of the tone, in dBFS of its peak."""
    settings: dict[str, float] = Field(default_factory=dict)
    """What parameters are set to."""
    sample_rate: int = 48_000
    """In hertz."""


class Specification(Word):
    """All that is known of a processor before it is built."""

    title: str
    name: str
    """Of its package: small letters, digits and underscores."""
    kind: str
    """Which member of the documented family; ``free`` for what only a model can write."""
    options: dict[str, JsonValue] = Field(default_factory=dict)
    """How it is made, such as its order: fixed in the package."""
    channels: int = Field(default=2, ge=1, le=64)
    sample_rates: tuple[int, ...] = SAMPLE_RATES
    """Those at which it is measured, in hertz."""
    parameters: tuple[ParameterSpec, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    text: str = ""
    """The specification as it was given."""
    notes: tuple[str, ...] = ()
    """What it left open, and how that was filled in."""
