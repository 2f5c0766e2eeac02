"""What can be wrong with a recording that somebody hands in, as data."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

FaultKind = Literal[
    "clipping", "dc", "polarity", "imbalance", "hum", "offset", "silent", "sample_rate", "cutoff",
    "damaged",
]  # fmt: skip

CALLED: dict[FaultKind, str] = {
    "clipping": "clipping",
    "dc": "DC offset",
    "polarity": "inverted polarity",
    "imbalance": "level imbalance between left and right",
    "hum": "mains hum",
    "offset": "offset in time against the other stems",
    "silent": "silent stem",
    "sample_rate": "sample rate that differs from the other stems'",
    "cutoff": "cut-off of a lossy or low-rate source",
    "damaged": "damaged samples",
}
"""Each kind in words."""


class Fault(BaseModel):
    """One thing that is wrong with one recording, and by which number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: FaultKind
    stem: str
    """SHA-256 of the recording."""
    name: str
    """Its file name."""
    says: str
    """One sentence for people."""
    value: float
    """What was measured, in ``unit``."""
    unit: str
    limit: float
    """From where on it is a fault, in ``unit``."""
    method: str
    """How it was measured."""
    certain: bool = True
    """False where the recording may be meant to be so: it is told, and never repaired."""
    numbers: tuple[float, ...] = ()
    """What a repair needs: the offset of each channel, the lines of a hum in hertz, the channel
    that is inverted, the seconds by which a stem is late."""
