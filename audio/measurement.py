"""One measured value, as every instrument returns it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from audio.aspects import ASPECTS


@dataclass(frozen=True)
class Measurement:
    """What an instrument says about one aspect of a whole file."""

    aspect: str
    """A name of `audio.aspects.ASPECTS`."""
    value: JsonValue
    """In ``unit``; None where it can't be told, with the reason in ``method``, and None with a
    confidence above 0 where it was looked for and there is none."""
    unit: str
    method: str
    """How it was measured, or why it can't be told, in one line."""
    confidence: float
    """0 (can't be told) to 1."""
    instrument: str
    """The module of ``audio`` that measured it."""
    absent: bool = False
    """It was looked for and is not there: the value is None, and that is what was measured."""


@dataclass(frozen=True)
class Reporter:
    """Words an instrument's measurements, so that each says unit and source the same way."""

    instrument: str

    def told(
        self, aspect: str, value: JsonValue, method: str, confidence: float = 1.0
    ) -> Measurement:
        """A value that was measured."""
        if isinstance(value, float) and not math.isfinite(value):
            return self.untold(aspect, "the calculation gives no finite number")
        unit = ASPECTS[aspect].unit
        sure = round(min(max(confidence, 0.0), 1.0), 3)
        return Measurement(aspect, value, unit, method, sure, self.instrument)

    def none(self, aspect: str, method: str) -> Measurement:
        """What was looked for and is not there."""
        unit = ASPECTS[aspect].unit
        return Measurement(aspect, None, unit, method, 0.0, self.instrument, absent=True)

    def untold(self, aspect: str, reason: str) -> Measurement:
        """A value that can't be told, with the reason."""
        return Measurement(aspect, None, ASPECTS[aspect].unit, reason, 0.0, self.instrument)

    def all_untold(self, aspects: Sequence[str], reason: str) -> list[Measurement]:
        """Several values that can't be told for the same reason."""
        return [self.untold(aspect, reason) for aspect in aspects]
