"""What a picture is: size, mode, main colours, and which of our plots it is or looks like."""

import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from audio.axes import Axes, read_axes
from audio.lookalike import Guess, guess_kind
from audio.palette import Swatch, dominant_colours
from audio.picture_files import decode_picture, is_animated

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
    is_animated: bool = False
    """It holds several pictures; only the first was read."""


def read_picture(path: Path, name: str = "") -> PictureReading:
    """Read a PNG, JPEG or WebP picture.

    Args:
        path: the file.
        name: what the user calls it, for errors; by default the file's own.

    Raises:
        MediaRejected: it can't be decoded, or is absurdly large.
    """
    with decode_picture(path, name or path.name, MOST_PIXELS) as picture:
        axes, opaque = read_axes(picture), _opaque(picture)
        width, height, mode = picture.width, picture.height, picture.mode
    palette = dominant_colours(opaque)
    moves = is_animated(path.read_bytes())
    return PictureReading(width, height, mode, palette, axes, guess_kind(opaque), moves)


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
