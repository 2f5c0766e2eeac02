"""Waveshapers in Faust: the oversampling filter is written out as its phases."""

from agents.toolchain.faust.body import Body, body, number, role
from agents.toolchain.sources.oversampling import HALF, taps_of
from agents.toolchain.specification import Specification

_CURVES = {
    "tanh": "ma.tanh(x)",
    "arctan": "2 / PI * atan(PI / 2 * x)",
    "cubic": "within - 4 / 27 * within * within * within with { within = max(-1.5, min(1.5, x)); }",
    "hard": "max(-1, min(1, x))",
}

_TOGETHER = 8
"""Products in a sum."""


def waveshaper_body(specification: Specification) -> Body:
    """Drive, curve at a higher rate, output gain."""
    times, curve = specification.options["oversampling"], str(specification.options["curve"])
    assert isinstance(times, int)
    late = 2 * HALF if times > 1 else 0
    up = [] if times == 1 else _phases(times)
    gain = role(specification, "output", 0.0)
    return body(
        f"""
curve(x) = {_CURVES[curve]};
{_filters(up)}
wet(x) = {_shaped(times)};
out(x) = mixed({role(specification, "mix", 1.0)}, x @ {late}, wet(x));
process = par(channel, {specification.channels}, out);
""".replace("{drive}", role(specification, "drive", 0.0)).replace("{output}", gain)
    )


def _phases(times: int) -> list[list[float]]:
    """The taps of each phase, for a sound of the lower rate."""
    taps = taps_of(times)
    return [taps[phase::times].tolist() for phase in range(times)]


def _filters(phases: list[list[float]]) -> str:
    """One filter for each phase, as short sums that are delayed.

    One long sum would take the compiler many times as long to put in order.
    """
    lines = []
    for phase, taps in enumerate(phases):
        parts = []
        for start in range(0, len(taps), _TOGETHER):
            few = taps[start : start + _TOGETHER]
            terms = " + ".join(f"{number(tap)} * x@{late}" for late, tap in enumerate(few))
            parts.append(f"    ({terms})@{start}")
        lines.append(f"phase_{phase}(x) =\n" + " +\n".join(parts) + ";")
    return "\n".join(lines)


def _shaped(times: int) -> str:
    """The way up, through the curve, and down again."""
    if times == 1:
        return "curve(x * amplitude({drive})) * amplitude({output})"
    first = "phase_0(shaped_0)"
    rest = [f"phase_{n}(shaped_{times - n}')" for n in range(1, times)]
    inner = "\n".join(f"    shaped_{n} = curve({times} * phase_{n}(driven));" for n in range(times))
    total = "\n        + ".join([first, *rest])
    return (
        f"({total}) * amplitude({{output}}) with {{\n    driven = x * amplitude({{drive}});\n"
        f"{inner}\n}}"
    )
