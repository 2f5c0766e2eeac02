"""What a specification means in numbers, worked out from the laws and not from the code.

Analogue prototypes: a Butterworth low-pass of order n has |H|² = 1 / (1 + x^(2n)) with x = f / fc,
a high-pass the same with x = fc / f; Linkwitz-Riley is the square of a Butterworth filter of
half the order; a resonant second-order low-pass has |H| = Q at its frequency.
"""

import math
from dataclasses import dataclass

from agents.toolchain.sources.limiter import ROOM_DB
from agents.toolchain.specification import ParameterSpec, Specification

LOUD, QUIET = 0.3, -60.0


@dataclass(frozen=True)
class Tone:
    """How loud a tone has to come out."""

    settings: dict[str, float]
    """Parameters by name."""
    hertz: float
    gain_db: float
    tolerance: float
    """In decibels."""


def parameter(specification: Specification, role: str) -> ParameterSpec | None:
    """The parameter of a role; None where there is none."""
    return next((one for one in specification.parameters if one.role == role), None)


def inputs_of(specification: Specification) -> int:
    """Rows of a block that goes in: the sound's channels, with a side chain as many again."""
    return specification.channels * (2 if specification.options.get("sidechain") else 1)


def value_of(specification: Specification, role: str, otherwise: float) -> float:
    """The default of a role's parameter in the processor's unit; a constant where there is none."""
    one = parameter(specification, role)
    return otherwise if one is None else one.default * one.factor


def low_cut(specification: Specification, share: float = 1 / 12) -> float:
    """A frequency within the range that lies well below half of every sample rate, in hertz.

    Args:
        specification: of something with a frequency.
        share: of the lowest sample rate, at most.
    """
    one = parameter(specification, "frequency")
    assert one is not None
    most = min(specification.sample_rates) * share
    wanted = min(max(one.default * one.factor, 30.0), most)
    return min(max(wanted, one.minimum * one.factor), one.maximum * one.factor)


def expected_tones(specification: Specification) -> list[Tone]:
    """Gains of single tones for the filters; nothing for other processors."""
    if "response" not in specification.options:
        return []
    frequency = parameter(specification, "frequency")
    assert frequency is not None
    hertz = low_cut(specification)
    settings = {frequency.name: hertz / frequency.factor}
    rows = _gains(specification, hertz)
    gain = parameter(specification, "gain")
    if gain is not None:
        settings[gain.name] = gain.maximum
    return [Tone(dict(settings), at, level, LOUD) for at, level in rows]


def ringing_seconds(specification: Specification) -> int:
    """How long an answer to an impulse has to be to hold all that rings."""
    if "response" not in specification.options:
        return 1
    q = value_of(specification, "q", 1.0)
    return math.ceil(min(8.0, max(1.0, (20 + 6 * q) / low_cut(specification))))


def _gains(specification: Specification, hertz: float) -> list[tuple[float, float]]:
    """Frequencies with the gains that the law gives there."""
    q = value_of(specification, "q", math.sqrt(0.5))
    order = specification.options.get("order")
    assert isinstance(order, int)
    gain = parameter(specification, "gain")
    top = gain.maximum * gain.factor if gain is not None else 0.0
    far, near = hertz / 30, min(hertz * 30, 0.4 * max(specification.sample_rates))
    match specification.options["response"]:
        case "lowpass":
            return [(far, 0.0), (hertz, corner_db(specification, q, order))]
        case "highpass":
            return [(near, 0.0), (hertz, corner_db(specification, q, order))]
        case "bandpass":
            return [(hertz, 0.0)]
        case "notch":
            return [(hertz, -60.1), (hertz / 100 / max(1 / q, 1), 0.0)]
        case "allpass":
            return [(hertz * share, 0.0) for share in (0.2, 1.0, 3.0)]
        case "peak":
            return [(hertz, top)]
        case "low_shelf":
            return [(hertz, chained(top / 2, order)), (far / 10, chained(top, order))]
        case _:
            return [(hertz, chained(top / 2, order)), (far / 10, 0.0)]


def chained(gain_db: float, order: int) -> float:
    """The gain of a shelf: it has one section, of one or two poles."""
    return gain_db if order <= 2 else gain_db * (order // 2 + order % 2)


def corner_db(specification: Specification, q: float, order: int) -> float:
    """Gain of a low-pass or high-pass filter at its frequency."""
    if specification.options.get("design") == "linkwitz_riley":
        return 20 * math.log10(0.5)
    flat = 20 * math.log10(math.sqrt(0.5))
    return flat if order == 1 else flat + 20 * math.log10(q * math.sqrt(2))


def expected_levels(specification: Specification) -> list[tuple[float, float]]:
    """Levels in and out at the defaults, in dBFS, for what acts on levels."""
    if specification.kind == "compressor":
        return [(level, compressed(specification, level)) for level in (-50.0, -30.0, -10.0, 0.0)]
    if specification.kind == "limiter":
        gain, ceiling = (
            value_of(specification, "gain", 0.0),
            value_of(specification, "ceiling", -1.0),
        )
        if specification.options.get("true_peak"):
            ceiling -= ROOM_DB
        return [(level, min(level + gain, ceiling)) for level in (-30.0, -10.0, 6.0)]
    return []


def compressed(specification: Specification, level: float) -> float:
    """A compressor's output level by its static curve (Giannoulis et al., 2012), in dBFS.

    Args:
        specification: of a compressor.
        level: of a steady sound, in dBFS.
    """
    threshold = value_of(specification, "threshold", -20.0)
    ratio, knee = value_of(specification, "ratio", 4.0), value_of(specification, "knee", 0.0)
    over = level - threshold
    if 2 * over <= -knee:
        change = 0.0
    elif 2 * over >= knee:
        change = (1 / ratio - 1) * over
    else:
        change = (1 / ratio - 1) * (over + knee / 2) ** 2 / (2 * knee)
    wet, mix = 10 ** ((change + value_of(specification, "makeup", 0.0)) / 20), _mix(specification)
    return level + 20 * math.log10(1 - mix + mix * wet)


def _mix(specification: Specification) -> float:
    return value_of(specification, "mix", 1.0)
