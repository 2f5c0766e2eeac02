"""Filters: second-order sections whose numbers follow the parameters."""

import numpy as np
from scipy import signal

from agents.toolchain.sources.filter_designs import (
    FLAT_Q,
    Design,
    Response,
    Sections,
    band_sections,
    pass_sections,
    shape_sections,
)
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, without_denormals


class Filter(Processor):
    """One filter over all channels."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        response: Response,
        design: Design = "butterworth",
        order: int = 2,
    ) -> None:
        """Make a filter at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: how many it filters alike.
            parameters: of the roles ``frequency``, ``q`` and ``gain``.
            response: its shape.
            design: of a low-pass or high-pass filter.
            order: poles.
        """
        super().__init__(sample_rate, channels, parameters)
        self._response, self._design, self._order = response, design, order
        self._made_for: tuple[float, ...] = ()
        self._sections = self._designed()
        self._clear()

    def _clear(self) -> None:
        self._state = np.zeros((len(self._sections), self.channels, 2))

    def _stretch(self, block: Samples) -> Samples:
        self._sections = self._designed()
        filtered, state = signal.sosfilt(self._sections, block, axis=1, zi=self._state)
        self._state = without_denormals(state)
        return np.asarray(filtered)

    def _designed(self) -> Sections:
        """The sections for the parameters as they are; those of before where none moved."""
        frequency, q = self._now("frequency"), self._now("q", FLAT_Q)
        gain = self._now("gain")
        if self._made_for == (frequency, q, gain):
            return self._sections
        self._made_for = (frequency, q, gain)
        match self._response:
            case "lowpass" | "highpass" as side:
                return pass_sections(
                    side, self._design, self._order, frequency, q, self.sample_rate
                )
            case "bandpass" | "notch" as band:
                return band_sections(band, self._order, frequency, q, self.sample_rate)
            case shape:
                return shape_sections(shape, self._order, frequency, q, gain, self.sample_rate)
