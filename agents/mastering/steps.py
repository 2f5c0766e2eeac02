"""Every step that a mastering chain is made of, with all of its parameters."""

from typing import Annotated, Literal

from pydantic import Field

from agents.mastering.order import FileFormat, Target
from memory.context import Word


class RemoveOffset(Word):
    """Take a constant off each channel."""

    op: Literal["remove_offset"] = "remove_offset"
    offsets: tuple[float, ...]
    """Full scale 1."""


class Invert(Word):
    """Turn channels upside down."""

    op: Literal["invert"] = "invert"
    channels: tuple[int, ...]
    """Counted from 0."""


class Notch(Word):
    """Cut narrow lines out."""

    op: Literal["notch"] = "notch"
    lines_hz: tuple[float, ...]
    width_hz: float
    """From -3 dB to -3 dB."""


class Gain(Word):
    """Turn up or down, each channel by its own."""

    op: Literal["gain"] = "gain"
    db: tuple[float, ...]
    """One number, or one for each channel."""


class Resample(Word):
    """Change the sample rate."""

    op: Literal["resample"] = "resample"
    sample_rate_hz: int


class Move(Word):
    """Move in time."""

    op: Literal["move"] = "move"
    frames: int
    """Later where positive: silence is put before it; earlier where negative: its start is cut."""


class Spread(Word):
    """Put one channel into as many as the mix has."""

    op: Literal["spread"] = "spread"
    channels: int


class Equalise(Word):
    """Change tonal balance by a linear-phase filter."""

    op: Literal["equalise"] = "equalise"
    hertz: tuple[float, ...]
    gains_db: tuple[float, ...]
    """At these frequencies; straight lines over the logarithm of the frequency between."""
    taps: int


class MonoBelow(Word):
    """Make what lies below a frequency mono."""

    op: Literal["mono_below"] = "mono_below"
    hertz: float
    taps: int


class Compress(Word):
    """Turn loud moments down, gently."""

    op: Literal["compress"] = "compress"
    threshold_db: float
    """Level (root mean square over ``window_seconds``, dBFS) from which on it works."""
    ratio: float
    knee_db: float
    window_seconds: float
    smooth_seconds: float
    """Over which its gain is averaged."""


class Limit(Word):
    """Turn up, and keep true peaks below a ceiling."""

    op: Literal["limit"] = "limit"
    gain_db: float
    ceiling_dbtp: float
    attack_seconds: float
    release_db_per_second: float
    trim_db: float = 0.0
    """Gain after limiting."""


Step = Annotated[
    RemoveOffset | Invert | Notch | Gain | Resample | Move | Spread | Equalise | MonoBelow
    | Compress | Limit,
    Field(discriminator="op"),
]  # fmt: skip


class Encoding(Word):
    """A file that a master is written as."""

    name: str
    format: FileFormat
    bit_depth: int
    """0 for MP3."""
    dither_seed: int = 0
    """Of the triangular dither of one step."""


class StemChain(Word):
    """What is done to one input before it is mixed."""

    source: str
    """SHA-256 of the input."""
    name: str
    steps: tuple[Step, ...]


class MasterChain(Word):
    """What makes one file of a target from the toned mix."""

    target: Target
    steps: tuple[Step, ...]
    encoding: Encoding


class Chain(Word):
    """The whole way from the inputs to the masters; ``replay`` goes it again."""

    version: Literal[1] = 1
    sample_rate_hz: int
    channels: int
    stems: tuple[StemChain, ...]
    mix: tuple[Step, ...]
    """After the sum of the stems; it makes the mix."""
    tone: tuple[Step, ...]
    """From the mix to what is limited for each target."""
    masters: tuple[MasterChain, ...]
    bypassed: tuple[str, ...] = ()
    """Steps that were tried and left out, and why."""
