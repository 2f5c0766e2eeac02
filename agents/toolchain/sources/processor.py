"""What all processors share: parameters that glide, blocks of any size, and clean numbers.

Parameters take a step every ``GRID`` samples, counted from the start of the sound, so that the
result does not depend on how the sound is cut into blocks.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from agents.toolchain.sources.parameters import Glide, Parameter

Samples = NDArray[np.float64]
"""A block of samples: (channels, frames), full scale -1..1."""

GRID = 16
"""Samples between two steps of a parameter."""

TINY = 1e-30
"""What is smaller (-600 dBFS) counts as nothing, long before numbers become denormal."""


class Processor:
    """Base of all processors: a stream of blocks goes in, blocks of the same length come out."""

    latency_samples = 0
    """How much later the sound comes out."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: Sequence[Parameter],
        inputs: int = 0,
    ) -> None:
        """Make a processor at rest, every parameter at its default.

        Args:
            sample_rate: in hertz.
            channels: of the sound.
            parameters: what can be set.
            inputs: rows of a block, where that is more than the sound has channels.

        Raises:
            ValueError: a frequency reaches half of the sample rate, or there is no channel.
        """
        if channels < 1:
            raise ValueError("there must be at least one channel")
        for one in parameters:
            if one.unit in ("Hz", "kHz") and one.maximum * one.factor >= sample_rate / 2:
                raise ValueError(
                    f"{one.name} reaches {one.maximum:g} {one.unit}, which needs a sample rate "
                    f"above {2 * one.maximum * one.factor:g} Hz, not {sample_rate:g} Hz"
                )
        self.sample_rate, self.channels = float(sample_rate), channels
        self.inputs = inputs or channels
        self.parameters = tuple(parameters)
        self._by_name = {one.name: Glide(one, sample_rate, GRID) for one in parameters}
        self._by_role = {one.parameter.role: one for one in self._by_name.values()}
        self._position = 0
        self._rests = True

    def set(self, name: str, value: float) -> None:
        """Set a parameter; the sound glides there.

        Raises:
            ValueError: there is no such parameter, or the value is out of range.
        """
        if name not in self._by_name:
            raise ValueError(f"there is no parameter {name}; there are {', '.join(self._by_name)}")
        glide = self._by_name[name]
        glide.set = glide.parameter.checked(value)
        self._rests = False

    def get(self, name: str) -> float:
        """What a parameter is set to.

        Raises:
            ValueError: there is no such parameter.
        """
        if name not in self._by_name:
            raise ValueError(f"there is no parameter {name}; there are {', '.join(self._by_name)}")
        return self._by_name[name].set

    def reset(self) -> None:
        """Forget all sound, and let every parameter be where it is set."""
        for glide in self._by_name.values():
            glide.jump()
        self._position, self._rests = 0, True
        self._clear()

    def process(self, block: NDArray[np.floating]) -> Samples:
        """Process the next block of a sound.

        Args:
            block: (inputs, frames), any number of frames. Samples that are no finite numbers
                count as silence.

        Returns:
            The result: float64, with as many frames.

        Raises:
            ValueError: the block has another number of rows.
        """
        samples = np.asarray(block, dtype=np.float64)
        if samples.ndim != 2 or samples.shape[0] != self.inputs:
            raise ValueError(f"a block is ({self.inputs}, frames), not {samples.shape}")
        samples = np.where(np.isfinite(samples), samples, 0.0)
        parts = [self._stretch(samples[:, one]) for one in self._stretches(samples.shape[1])]
        return without_denormals(np.concatenate(parts, axis=1)) if parts else samples

    def _stretch(self, block: Samples) -> Samples:
        """Process samples over which each parameter stands still or goes in a straight line."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Forget all sound."""
        raise NotImplementedError

    def _now(self, role: str, otherwise: float = 0.0) -> float:
        """A parameter's value in this stretch; a constant where there is no such parameter."""
        glide = self._by_role.get(role)
        return otherwise if glide is None else glide.now

    def _curve(self, role: str, frames: int, otherwise: float = 0.0) -> NDArray[np.float64]:
        """A parameter's value at each sample of this stretch: (frames,)."""
        glide = self._by_role.get(role)
        if glide is None or glide.before == glide.now:
            return np.full(frames, self._now(role, otherwise))
        share = (self._position % GRID + 1 + np.arange(frames)) / GRID
        return np.asarray(glide.before + (glide.now - glide.before) * share)

    def _stretches(self, frames: int) -> Iterator[slice]:
        """Cut a block where parameters take a step; they take none once all have arrived."""
        start = 0
        while start < frames:
            if not self._rests and self._position % GRID == 0:
                self._step()
            size = frames - start
            if not self._rests:
                size = min(size, GRID - self._position % GRID)
            yield slice(start, start + size)
            self._position += size
            start += size

    def _step(self) -> None:
        for glide in self._by_name.values():
            glide.step()
        self._rests = all(glide.rests for glide in self._by_name.values())


def without_denormals(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values, those that are next to nothing replaced by nothing."""
    return np.where(np.abs(values) < TINY, 0.0, values)


def amplitude(decibels: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The factor that a gain in decibels stands for."""
    return np.asarray(10 ** (np.asarray(decibels) / 20))


def pole_of(milliseconds: float, sample_rate: float) -> float:
    """Pole of a one-pole smoother that covers 63.2 % of a step in a time; 0 for no time."""
    samples = milliseconds / 1000 * sample_rate
    return float(np.exp(-1 / samples)) if samples > 0 else 0.0
