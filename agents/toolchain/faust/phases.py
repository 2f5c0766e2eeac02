"""An oversampling filter in Faust: each phase is a filter of its own at the lower rate."""

import numpy as np
from numpy.typing import NDArray

from agents.toolchain.faust.body import number

_TOGETHER = 8
"""Products in a sum."""


def phase_filters(taps: NDArray[np.float64], times: int) -> str:
    """Definitions ``phase_0`` … of the filters, as short sums that are delayed.

    One long sum would take the compiler many times as long to put in order.

    Args:
        taps: of the whole filter at the higher rate.
        times: higher rate over lower rate.
    """
    lines = []
    for phase in range(times):
        own = taps[phase::times].tolist()
        parts = []
        for start in range(0, len(own), _TOGETHER):
            few = own[start : start + _TOGETHER]
            terms = " + ".join(f"{number(tap)} * x@{late}" for late, tap in enumerate(few))
            parts.append(f"    ({terms})@{start}")
        lines.append(f"phase_{phase}(x) =\n" + " +\n".join(parts) + ";")
    return "\n".join(lines)
