"""How wide a filter is, in words: its edges or its width, told as centre and resonance."""

import math
import re

from agents.toolchain.family import KINDS
from agents.toolchain.quantities import PLAIN_NUMBER, number_of, quantities_in

_EDGES = re.compile(
    rf"(?:from |between |von |zwischen )?(?P<low>{PLAIN_NUMBER})\s?"
    rf"(?P<low_k>k?)(?:Hz)?\s?(?:–|—|-|to|bis|and|und)\s?(?P<high>{PLAIN_NUMBER})\s?"
    rf"(?P<high_k>k?)Hz",
    re.I,
)
"""A span that a band-pass or notch is named with, which is its band and not a range."""
_RANGES = re.compile(r"(?:range|bereich|adjustable|einstellbar|sweep\w*)\W*$", re.I)
_WORD = r"(?:bandwidth|band ?breite|breite|bw)"
_SHARE = rf"(?:{PLAIN_NUMBER}\s?/\s?\d+|{PLAIN_NUMBER})"
_UNIT = r"(?:k?Hz|octaves?|oct|oktaven?)"
_WIDTH = (
    rf"(?P<low>{_SHARE})[ -]?(?P<low_unit>{_UNIT})?"
    rf"(?:\s?(?:–|-|to|bis)\s?(?P<high>{_SHARE})[ -]?(?P<unit>{_UNIT}))?"
)
_WIDE = (
    re.compile(rf"{_WORD}\s?(?:of |von |is |ist |=|:)?\s?{_WIDTH}(?!\w)", re.I),
    re.compile(rf"(?<![\w.,]){_WIDTH}[ -](?:wide|breit\w*|{_WORD})(?!\w)", re.I),
)
_HALF = re.compile(r"(?<!\w)(?:half an?|(?:eine )?halbe)(?=[ -](?:octave|oktave))", re.I)
_THIRD = re.compile(
    r"(?<!\w)(?:(?:an? |one )?third(?: of an?)?[ -]octave|(?:einer? |eine )?terz)(?=[ -]|\W|$)",
    re.I,
)


def with_resonance(text: str, kind: str) -> str:
    """A text in which a width is a resonance, where the member has one.

    A band of n octaves has the resonance 1 / (2 sinh(n ln 2 / 2)), one of b hertz around a centre f
    has f / b (R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients).

    Args:
        text: words.
        kind: the member of the family that it is about.
    """
    if kind not in ("bandpass", "notch", "peak"):
        return text
    text = _THIRD.sub("1/3 octave", _HALF.sub("1/2", text))
    found = _WIDE[0].search(text) or _WIDE[1].search(text)
    if found is None:
        return _with_edges(text, kind) if kind != "peak" else text
    rest = f"{text[: found.start()]} ; {text[found.end() :]}"
    units = (found["low_unit"] or found["unit"] or "", found["unit"] or "")
    widths = [(n, unit) for n, unit in zip(found.group("low", "high"), units, strict=True) if n]
    sharp = [q for n, unit in widths if (q := _sharpness(n, unit, rest)) is not None]
    told = " to ".join(f"{one:.6g}" for one in sorted(sharp))
    return f"{rest} ; q {told} ; " if len(sharp) == len(widths) else text


def _sharpness(width: str, unit: str, rest: str) -> float | None:
    """The resonance that a width means; None where no centre is named that it belongs to."""
    above, _, below = width.partition("/")
    value = number_of(above) / (number_of(below) if below else 1.0)
    if value <= 0 or not unit:
        return None
    if unit.casefold().startswith("o"):
        return 1 / (2 * math.sinh(value * math.log(2) / 2))
    centres = [one for one in quantities_in(rest) if "Hz" in one.unit and one.high is None]
    if not centres:
        return None
    hertz = centres[0].low * (1000 if centres[0].unit == "kHz" else 1)
    return hertz / (value * (1000 if unit.casefold() == "khz" else 1))


def _with_edges(text: str, kind: str) -> str:
    """The edges of a band as its centre and resonance, where neither is named."""
    roles = KINDS[kind].roles
    named = "|".join(roles[name].words for name in ("frequency", "q"))
    band = _EDGES.search(text)
    if band is None or re.search(rf"(?<!\w)(?:{named})(?!\w)", text, re.I):
        return text
    high = number_of(band["high"]) * (1000 if band["high_k"] else 1)
    low = number_of(band["low"])
    if band["low_k"] or (
        band["high_k"] and low < 20 and "Hz" not in band[0][: band.end("low") + 4]
    ):
        low *= 1000
    if not 0 < low < high or _RANGES.search(text[: band.start()]):
        return text
    centre = (low * high) ** 0.5
    said = f" frequency {centre:.6g} Hz ; q {centre / (high - low):.6g} ; "
    return text[: band.start()] + said + text[band.end() :]
