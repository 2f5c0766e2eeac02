"""What a picture is: size, mode, main colours, and which of our plots it is or looks like."""

import math
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from audio.assets import IMAGE_FORMATS
from audio.axes import Axes, read_axes
from audio.lookalike import Guess, guess_kind
from audio.palette import Swatch, dominant_colours
from grym_synth.errors import MediaRejected

MOST_PIXELS = 100_000_000
"""More are never decoded, whatever the limit for new assets is."""

_LOOKED_AT = 2_000_000
"""Colours and looks are told from a copy with about so many pixels."""


@dataclass(frozen=True)
class PictureReading:
    """What a picture says about itself."""

    width: int
    height: int
    mode: str
    """Pillow's name: RGB, RGBA, L, P …"""
    palette: list[Swatch]
    axes: Axes | None
    """The axes that it claims to carry, when they hold together."""
    guess: Guess
    """What it looks like."""


def read_picture(path: Path) -> PictureReading:
    """Read a PNG, JPEG or WebP picture.

    Raises:
        MediaRejected: it can't be decoded, or is absurdly large.
    """
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # of odd files; the size is checked below
            Image.open(path, formats=list(IMAGE_FORMATS)) as picture,
        ):
            if picture.width * picture.height > MOST_PIXELS:
                raise _unreadable(path, f"it has {picture.width} x {picture.height} pixels")
            picture.load()
            axes, opaque = read_axes(picture), _opaque(picture)
            width, height, mode = picture.width, picture.height, picture.mode
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise _unreadable(path, "it can't be decoded") from fault
    palette = dominant_colours(opaque)
    return PictureReading(width, height, mode, palette, axes, guess_kind(opaque))


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture in RGB on white, no larger than needed."""
    factor = max(1, round(math.sqrt(picture.width * picture.height / _LOOKED_AT)))
    small = picture.reduce(factor) if factor > 1 and picture.mode not in ("P", "1") else picture
    if small.mode not in ("RGBA", "LA", "PA", "P"):
        return small.convert("RGB")
    clear = small.convert("RGBA")
    sheet = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    sheet.alpha_composite(clear)
    return sheet.convert("RGB")


def _unreadable(path: Path, happened: str) -> MediaRejected:
    return MediaRejected(
        f"reading the picture {path.name}", happened, "Give a PNG, JPEG or WebP file"
    )
