"""Colours that are even to the eye: a colour map for levels, and OKLab for comparing colours.

OKLab is B. Ottosson's perceptual colour space (2020): equal steps in it look equal.
"""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Reals = NDArray[np.float64]

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

_STOPS = ((0.0, 0.07, 0.02, 285.0), (0.2, 0.22, 0.09, 285.0), (0.4, 0.38, 0.15, 315.0),
          (0.6, 0.55, 0.18, 365.0), (0.8, 0.75, 0.16, 415.0), (1.0, 0.97, 0.08, 465.0))  # fmt: skip
"""The map's stops: position, lightness 0..1, chroma, hue in degrees (night blue to pale yellow)."""


def to_oklab(rgb: Bytes) -> Reals:
    """Turn sRGB into OKLab.

    Args:
        rgb: uint8, (..., 3).

    Returns:
        float64, (..., 3): lightness 0..1, then green-red and blue-yellow about -0.4..0.4.
    """
    share = rgb.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    lab: Reals = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: Reals) -> Bytes:
    """Turn OKLab into sRGB, clipping what a screen can't show. Shapes as in ``to_oklab``."""
    linear = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    linear = np.clip(linear, 0, 1)
    share = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(share * 255).astype(np.uint8)


def level_colours() -> Bytes:
    """The colour map for levels: uint8, (256, 3), lightness rising evenly from low to high."""
    position = np.linspace(0, 1, 256)
    stops = np.array(_STOPS).T
    lightness, chroma, hue = (np.interp(position, stops[0], row) for row in stops[1:])
    angle = np.radians(hue)
    lab = np.stack((lightness, chroma * np.cos(angle), chroma * np.sin(angle)), axis=1)
    return from_oklab(lab)


def paint(levels: NDArray[np.float32], low: float, high: float) -> Bytes:
    """Colour a picture of levels.

    Args:
        levels: float32, (rows, columns).
        low: the level of the darkest colour.
        high: the level of the lightest colour.

    Returns:
        uint8, (rows, columns, 3).
    """
    step = np.clip((levels - low) / (high - low) * 255 + 0.5, 0, 255).astype(np.uint8)
    picture: Bytes = level_colours()[step]
    return picture
