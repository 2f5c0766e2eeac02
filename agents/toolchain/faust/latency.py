"""How much later the sound comes out of a member of the family."""

from agents.toolchain.sources.limiter import GUARD
from agents.toolchain.sources.limiter import HALF as LIMITER_HALF
from agents.toolchain.sources.oversampling import HALF
from agents.toolchain.specification import Specification


def latency_samples(specification: Specification, rate: int) -> int:
    """What the package's ``latency_samples`` is, worked out from the specification.

    Args:
        specification: of a member of the family.
        rate: sample rate in hertz.
    """
    options = specification.options
    times, ahead = options.get("oversampling", 1), options.get("lookahead_ms")
    if isinstance(ahead, int | float):
        more = LIMITER_HALF + GUARD if options.get("true_peak") else 0
        return max(1, round(ahead / 1000 * rate)) - 1 + more
    return 2 * HALF if isinstance(times, int) and times > 1 else 0
