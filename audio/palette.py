"""The dominant colours of a picture, in words and as hex codes."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from audio.colours import Bytes, Reals, to_oklab

_MOST = 6
_LEAST_SHARE = 0.01
_SAME = 0.08
"""Colours this close in OKLab are one."""
_GREY_CHROMA = 0.03
_HUES = ((15, "pink"), (45, "red"), (75, "orange"), (115, "yellow"), (165, "green"),
         (215, "cyan"), (275, "blue"), (315, "purple"), (345, "magenta"),
         (361, "pink"))  # fmt: skip
"""Upper edge in degrees of OKLab's hue, and its name."""


@dataclass(frozen=True)
class Swatch:
    """One dominant colour."""

    name: str
    hex: str
    """``#rrggbb``."""
    share: float
    """Part of the picture, 0..1."""


def dominant_colours(picture: Image.Image) -> list[Swatch]:
    """The picture's main colours, the most frequent first.

    Args:
        picture: in mode RGB.
    """
    small = picture.resize(
        (min(picture.width, 192), min(picture.height, 192)), Image.Resampling.NEAREST
    )
    reduced = small.quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette: Bytes = np.array(reduced.getpalette("RGB"), np.uint8).reshape(-1, 3)
    counts = np.bincount(np.asarray(reduced).ravel(), minlength=len(palette))
    order = np.argsort(-counts[: len(palette)], kind="stable")
    lab = to_oklab(palette)
    kept: list[int] = []
    shares: list[float] = []
    for index in order.tolist():
        distances = [float(np.linalg.norm(lab[index] - lab[other])) for other in kept]
        share = counts[index] / counts.sum()
        if distances and min(distances) < _SAME:
            shares[int(np.argmin(distances))] += share
        else:
            kept.append(index)
            shares.append(float(share))
    found = [
        Swatch(name_colour(lab[index]), "#{:02x}{:02x}{:02x}".format(*palette[index]), share)
        for index, share in zip(kept, shares, strict=True)
        if share >= _LEAST_SHARE
    ]
    return sorted(found, key=lambda swatch: -swatch.share)[:_MOST]


def name_colour(lab: Reals) -> str:
    """A colour in plain words, such as ``dark blue``, from its OKLab values: float64, (3,)."""
    lightness, green_red, blue_yellow = (float(part) for part in lab)
    chroma = math.hypot(green_red, blue_yellow)
    if chroma < _GREY_CHROMA:
        names = ((0.2, "black"), (0.45, "dark grey"), (0.75, "grey"), (0.95, "light grey"))
        return next((name for edge, name in names if lightness < edge), "white")
    if lightness < 0.15:
        return "black"
    degrees = math.degrees(math.atan2(blue_yellow, green_red)) % 360
    hue = next(name for edge, name in _HUES if degrees < edge)
    if hue in ("orange", "yellow", "red") and lightness < 0.55 and degrees > 35:
        return "dark brown" if lightness < 0.35 else "brown"
    strength = "pale " if chroma < 0.07 and lightness > 0.7 else ""
    depth = "dark " if lightness < 0.35 else "light " if lightness > 0.82 and not strength else ""
    return f"{depth}{strength}{hue}"
