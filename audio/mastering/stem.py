"""A recording of a session: its name, and what was heard of it."""

from dataclasses import dataclass

import numpy as np

from audio.mastering.faults import Fault, FaultKind
from audio.mastering.inspection import Heard

SILENT_PEAK = 10 ** (-75 / 20)
"""Below this no sample of a silent file lies; dither of 16 bits reaches -84 dBFS."""
_ONE_SOURCE = 0.98
"""Correlation from which on both channels hold one source: its lean is where it is panned."""


@dataclass(frozen=True)
class Stem:
    """A recording with its name and what was heard of it."""

    id: str
    name: str
    lossy: bool
    """Whether its file is MP3 or OGG."""
    heard: Heard

    def fault(
        self,
        kind: FaultKind,
        says: str,
        value: float,
        unit: str,
        limit: float,
        method: str,
        *,
        certain: bool = True,
        numbers: tuple[float, ...] = (),
    ) -> Fault:
        """A fault of this stem."""
        return Fault(
            kind=kind, stem=self.id, name=self.name, says=says, value=round(value, 6), unit=unit,
            limit=limit, method=method, certain=certain, numbers=numbers,
        )  # fmt: skip

    def is_silent(self) -> bool:
        """Whether nothing is heard in it."""
        return self.heard.peak < SILENT_PEAK

    def lean_db(self) -> float:
        """Level of right over left in dB; 0 for mono."""
        rms = np.maximum(self.heard.rms, 1e-7)
        return float(20 * np.log10(rms[1] / rms[0])) if len(rms) >= 2 else 0.0

    def likeness(self) -> float:
        """Correlation of left and right; 1 for mono and where one is silent."""
        value = self.heard.measured["stereo.correlation"].value
        return float(value) if isinstance(value, float) else 1.0

    def is_one_source(self) -> bool:
        """Whether both channels hold the same but for its level."""
        return self.likeness() >= _ONE_SOURCE
