"""Waveshapers in Faust: the oversampling filter is written out as its phases."""

from agents.toolchain.faust.body import Body, body, role
from agents.toolchain.faust.phases import phase_filters
from agents.toolchain.sources.oversampling import HALF, taps_of
from agents.toolchain.specification import Specification

_CURVES = {
    "tanh": "ma.tanh(x)",
    "arctan": "2 / PI * atan(PI / 2 * x)",
    "cubic": "within - 4 / 27 * within * within * within with { within = max(-1.5, min(1.5, x)); }",
    "hard": "max(-1, min(1, x))",
}


def waveshaper_body(specification: Specification) -> Body:
    """Drive, curve at a higher rate, output gain."""
    times, curve = specification.options["oversampling"], str(specification.options["curve"])
    assert isinstance(times, int)
    late = 2 * HALF if times > 1 else 0
    up = "" if times == 1 else phase_filters(taps_of(times), times)
    gain = role(specification, "output", 0.0)
    return body(
        f"""
curve(x) = {_CURVES[curve]};
{up}
wet(x) = {_shaped(times)};
out(x) = mixed({role(specification, "mix", 1.0)}, x @ {late}, wet(x));
process = par(channel, {specification.channels}, out);
""".replace("{drive}", role(specification, "drive", 0.0)).replace("{output}", gain)
    )


def _shaped(times: int) -> str:
    """The way up, through the curve, and down again."""
    if times == 1:
        return "curve(x * amplitude({drive})) * amplitude({output})"
    first = "(shaped_0 : phase_0)"
    rest = [f"(shaped_{times - n}' : phase_{n})" for n in range(1, times)]
    inner = "\n".join(
        f"    shaped_{n} = driven : phase_{n} : *({times}) : curve;" for n in range(times)
    )
    total = "\n        + ".join([first, *rest])
    return (
        f"({total}) * amplitude({{output}}) with {{\n    driven = x * amplitude({{drive}});\n"
        f"{inner}\n}}"
    )
