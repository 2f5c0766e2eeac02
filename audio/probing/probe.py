"""Probes: known signals that go through a processor, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
"""(channels, frames), full scale 1."""


@dataclass(frozen=True)
class Change:
    """A parameter that is set while the signal runs."""

    frame: int
    name: str
    value: float
    """In the parameter's own unit."""


@dataclass(frozen=True)
class Probe:
    """One run of a signal through a processor that begins at rest."""

    signal: Samples
    sample_rate: int
    """In hertz."""
    settings: dict[str, float] = field(default_factory=dict)
    """What parameters are set to before, by name."""
    changes: tuple[Change, ...] = ()
    block: int = 0
    """Frames of a block; 0 for the whole signal at once."""


@dataclass(frozen=True)
class Answer:
    """What came of one probe."""

    probe: Probe
    output: Samples
    """As long as the signal."""
    latency: int = 0
    """How much later the sound comes out, as the processor says, in samples."""
    read: dict[str, float] = field(default_factory=dict)
    """What a meter reads at the end."""


Bench = Callable[[Sequence[Probe]], list[Answer]]
"""Runs probes through one processor, in their order."""
