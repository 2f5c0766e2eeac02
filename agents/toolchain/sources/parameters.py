"""Parameters: what may be set, in which range, and how a value glides to the next one."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Parameter:
    """One thing that can be set while sound runs."""

    name: str
    role: str
    """What it does in the processor, whatever it is called."""
    unit: str
    minimum: float
    maximum: float
    default: float
    scale: Literal["linear", "log"] = "linear"
    """How it glides: in equal steps, or in equal ratios."""
    smoothing_ms: float = 20.0
    """Time constant of the glide; 0 for a jump."""
    factor: float = 1.0
    """What one ``unit`` is in the unit that the processor computes with."""

    def checked(self, value: float) -> float:
        """The value, if it may be set.

        Raises:
            ValueError: it is no number or out of range.
        """
        if not (math.isfinite(value) and self.minimum <= value <= self.maximum):
            ends = f"{self.minimum:g} to {self.maximum:g} {self.unit}".rstrip()
            raise ValueError(f"{self.name} goes from {ends}, not {value:g}")
        return float(value)


class Glide:
    """A parameter's value on its way to where it was set."""

    def __init__(self, parameter: Parameter, sample_rate: float, grid: int) -> None:
        """Start at the default.

        Args:
            parameter: what glides.
            sample_rate: in hertz.
            grid: samples between two steps.
        """
        self.parameter = parameter
        self.set = parameter.default
        samples = parameter.smoothing_ms / 1000 * sample_rate
        self._pole = math.exp(-grid / samples) if samples > 0 else 0.0
        self._near = (parameter.maximum - parameter.minimum) * parameter.factor * 1e-6
        self.jump()

    @property
    def target(self) -> float:
        """Where it goes, in the unit that the processor computes with."""
        return self.set * self.parameter.factor

    @property
    def rests(self) -> bool:
        """Whether it has arrived, and did not move in its last step."""
        return self.before == self.now == self.target

    def jump(self) -> None:
        """Be there at once."""
        self.before = self.now = self.target

    def step(self) -> None:
        """Go one step of the grid."""
        self.before, target = self.now, self.target
        if self.parameter.scale == "log":
            self.now = target * (self.now / target) ** self._pole
        else:
            self.now = target + (self.now - target) * self._pole
        if abs(self.now - target) <= self._near:
            self.now = target
