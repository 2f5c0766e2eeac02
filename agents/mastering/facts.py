"""What the stages of a mastering hand on: small words, and references to files."""

from agents.mastering.steps import MasterChain, StemChain, Step
from audio.assets import AssetRef
from audio.mastering.faults import Fault
from memory.context import Word


class StemFacts(Word):
    """What is known of an input."""

    id: str
    name: str
    seconds: float
    sample_rate_hz: int
    channels: int
    lufs: float | None
    true_peak_dbtp: float | None
    silent: bool


class Inspected(Word):
    """What the inputs are, and what is wrong with them."""

    stems: tuple[StemFacts, ...]
    faults: tuple[Fault, ...]
    sample_rate_hz: int
    """Of the mix."""
    channels: int
    """Of the mix."""


class Repaired(Word):
    """A fault that was repaired, and whether it is still found."""

    fault: Fault
    gone: bool | None
    """None where it can't be told from the stem alone."""


class Balanced(Word):
    """How far a tonal balance lies from what it is held against."""

    against: str
    before_db: float
    after_db: float


class MadeMaster(Word):
    """One file of one target, with what was measured of it."""

    chain: MasterChain
    ref: AssetRef
    lufs: float | None
    """On the studio's meter, after decoding."""
    second_lufs: float | None
    """On the second meter, after decoding."""
    true_peak_dbtp: float | None
    """After decoding."""
    range_lu: float | None
    crest_db: float | None
    correlation: float | None
    reduction_db: float
    """The most that the limiter took off a peak."""
    held_back: str = ""
    """Why the loudness was not reached; empty where it was."""


class Prepared(Word):
    """The stems as they are mixed."""

    chains: tuple[StemChain, ...]
    refs: tuple[AssetRef, ...]
    """Of each: the input itself where nothing was done to it."""
    repairs: tuple[Repaired, ...] = ()


class Mixed(Word):
    """The mix."""

    steps: tuple[Step, ...]
    ref: AssetRef
    """Float."""


class Toned(Word):
    """What is limited for each target."""

    ref: AssetRef
    """Float; the mix itself where nothing was done."""
    steps: tuple[Step, ...] = ()
    balance: Balanced | None = None
    notes: tuple[str, ...] = ()
    """What was done, and why."""
    bypassed: tuple[str, ...] = ()
    """What was left out, and why."""


class Made(Word):
    """All masters."""

    masters: tuple[MadeMaster, ...]


class Compared(Word):
    """Mix and master at equal loudness."""

    target: str
    gain_db: float
    """How much louder the master is."""
    changed_db: float | None
    """Level of what is left once one is taken from the other, against the master."""
    crest_db: tuple[float | None, float | None]
    """Mix, master."""
    range_lu: tuple[float | None, float | None]
    correlation: tuple[float | None, float | None]
    balance_db: tuple[float | None, float | None]
    """Distance of the tonal balance from what it is held against."""
