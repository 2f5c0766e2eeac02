"""Filters as second-order sections.

Biquads follow R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients":
analogue prototypes moved by the bilinear transform, exact at their frequency. A Butterworth filter
of order n has its poles evenly on a circle, so that its sections have Q = 1 / (2 cos(angle)).
A Linkwitz-Riley filter is a Butterworth filter of half the order, twice.
"""

import cmath
import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Response = Literal[
    "lowpass", "highpass", "bandpass", "notch", "peak", "allpass", "low_shelf", "high_shelf"
]
Design = Literal["butterworth", "linkwitz_riley"]
Sections = NDArray[np.float64]
"""Second-order sections, (n, 6): b0 b1 b2 a0 a1 a2 with a0 = 1."""

FLAT_Q = math.sqrt(0.5)
"""Q of a second-order Butterworth filter."""


def butterworth_qs(order: int) -> list[float]:
    """Q of each second-order section of a Butterworth filter, the gentlest first."""
    return [1 / (2 * math.cos(math.pi * (2 * k + 1 + order % 2) / (2 * order)))
            for k in range(order // 2)]  # fmt: skip


def pass_sections(
    response: Literal["lowpass", "highpass"],
    design: Design,
    order: int,
    frequency: float,
    q: float,
    rate: float,
) -> Sections:
    """A low-pass or high-pass filter.

    Args:
        response: which side passes.
        design: Butterworth (-3 dB at its frequency) or Linkwitz-Riley (-6 dB).
        order: poles; 6 dB per octave each.
        frequency: in hertz, below half the rate.
        q: resonance; 0.707 is flat. It raises the sharpest section.
        rate: sample rate in hertz.
    """
    if design == "linkwitz_riley":
        half = pass_sections(response, "butterworth", order // 2, frequency, FLAT_Q, rate)
        return np.concatenate([half, half])
    qs = butterworth_qs(order)
    if qs:
        qs[-1] *= q / FLAT_Q
    rows = [biquad(response, frequency, one, 0.0, rate) for one in qs]
    if order % 2:
        rows.append(first_order(response, frequency, 0.0, rate))
    return np.array(rows)


def band_sections(
    response: Literal["bandpass", "notch"], order: int, frequency: float, q: float, rate: float
) -> Sections:
    """A band-pass or notch filter whose band is ``frequency / q`` wide at -3 dB.

    Args:
        response: what becomes of the band.
        order: poles, an even number.
        frequency: geometric middle of the band in hertz.
        q: the middle over the width.
        rate: sample rate in hertz.
    """
    if order == 2:
        return np.array([biquad(response, frequency, q, 0.0, rate)])
    warped = math.tan(math.pi * frequency / rate)
    rows = []
    for pole in butterworth_poles(order // 2):
        # The low-pass pole p becomes the two roots of s^2 - (p / q) s + 1; so does 1 / p.
        root = cmath.sqrt((pole / q) ** 2 - 4)
        for one in ((pole / q + root) / 2, (pole / q - root) / 2):
            own = rate / math.pi * math.atan(abs(one) * warped)
            section = biquad("bandpass", own, -abs(one) / (2 * one.real), 0.0, rate)
            rows.append(_balanced(response, section, 2 * math.pi * frequency / rate))
    if order // 2 % 2:
        rows.append(biquad(response, frequency, q, 0.0, rate))
    return np.array(rows)


def butterworth_poles(order: int) -> list[complex]:
    """Poles of a Butterworth low-pass on the unit circle, those above the real axis."""
    angles = [math.pi * (2 * k + 1 + order % 2) / (2 * order) for k in range(order // 2)]
    return [complex(-math.cos(one), math.sin(one)) for one in angles]


def _balanced(response: Response, section: list[float], angle: float) -> list[float]:
    """A section whose gain is 1 in the middle of a band-pass, or at 0 Hz for a notch there.

    Equal gains keep the states of all sections alike, so that a frequency can glide.
    """
    b, a = section[:3], section[3:]
    turn = cmath.exp(-1j * angle)
    if response == "notch":
        b, turn = [1.0, -2 * math.cos(angle), 1.0], complex(1.0)
    above, below = (one[0] + one[1] * turn + one[2] * turn * turn for one in (b, a))
    return [one * abs(below / above) for one in b] + a


def shape_sections(
    response: Literal["peak", "allpass", "low_shelf", "high_shelf"],
    order: int,
    frequency: float,
    q: float,
    gain_db: float,
    rate: float,
) -> Sections:
    """A bell, a shelf or an all-pass filter; an all-pass of a high order is a chain.

    Args:
        response: its shape.
        order: poles.
        frequency: in hertz: the bell's middle, or where a shelf has half its gain in decibels.
        q: narrowness of a bell, steepness of a shelf.
        gain_db: of a bell or a shelf.
        rate: sample rate in hertz.
    """
    rows = [biquad(response, frequency, q, gain_db, rate) for _ in range(order // 2)]
    if order % 2:
        rows.append(first_order(response, frequency, gain_db, rate))
    return np.array(rows)


def biquad(
    response: Response, frequency: float, q: float, gain_db: float, rate: float
) -> list[float]:
    """One second-order section: b0 b1 b2 1 a1 a2."""
    angle = 2 * math.pi * frequency / rate
    cosine, alpha = math.cos(angle), math.sin(angle) / (2 * q)
    a = 10 ** (gain_db / 40)
    if response in ("low_shelf", "high_shelf"):
        return _shelf(1.0 if response == "high_shelf" else -1.0, a, cosine, alpha)
    middle = -2 * cosine
    above = {
        "lowpass": ((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2),
        "highpass": ((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2),
        "bandpass": (alpha, 0.0, -alpha),
        "notch": (1.0, middle, 1.0),
        "allpass": (1 - alpha, middle, 1 + alpha),
        "peak": (1 + alpha * a, middle, 1 - alpha * a),
    }[response]
    narrow = alpha / a if response == "peak" else alpha
    return _normalised((*above, 1 + narrow, middle, 1 - narrow))


def first_order(response: Response, frequency: float, gain_db: float, rate: float) -> list[float]:
    """One first-order section, written as a second-order one."""
    k = math.tan(math.pi * frequency / rate)
    if response in ("low_shelf", "high_shelf"):
        root = 10 ** (gain_db / 40)
        low = response == "low_shelf"
        ups = (1 + k * root, k * root - 1) if low else (root + k, k - root)
        downs = (1 + k / root, k / root - 1) if low else (1 / root + k, k - 1 / root)
        return _normalised((ups[0], ups[1], 0.0, downs[0], downs[1], 0.0))
    b0, b1 = {"lowpass": (k, k), "highpass": (1.0, -1.0), "allpass": (k - 1, k + 1)}[response]
    return _normalised((b0, b1, 0.0, k + 1, k - 1, 0.0))


def _shelf(side: float, a: float, cosine: float, alpha: float) -> list[float]:
    """A shelf; the high one (``side`` 1) and the low one (-1) differ in the cosine's sign."""
    c, root = side * cosine, 2 * math.sqrt(a) * alpha
    plus, minus = a + 1, a - 1
    return _normalised(
        (
            a * (plus + minus * c + root),
            -2 * side * a * (minus + plus * c),
            a * (plus + minus * c - root),
            plus - minus * c + root,
            2 * side * (minus - plus * c),
            plus - minus * c - root,
        )
    )


def _normalised(row: tuple[float, ...]) -> list[float]:
    return [one / row[3] for one in row]
