"""How a model sees a picture: the size it is brought to, its tokens, and how places are told."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from grym_synth.errors import MediaRejected

Coordinates = Literal["pixels", "thousandths"]
"""``pixels`` of the picture as it is seen (Qwen2.5-VL), or ``thousandths`` of each side, 0..1000
(Qwen3-VL and later), from the upper left corner."""

MOST_RATIO = 200
"""Of the longer side to the shorter one; the published rule refuses more."""


class Size(NamedTuple):
    """A picture's size in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a model makes of a picture before it looks at it."""

    cell: int
    """Side of the square that one token shows, in pixels: 28 in Qwen2.5-VL, 32 in Qwen3-VL."""
    least_pixels: int
    """Smaller pictures are enlarged to it."""
    most_pixels: int
    """Larger pictures are made smaller than it."""
    coordinates: Coordinates | None
    """How it tells places; None where neither its files nor its server say so."""

    def seen(self, width: int, height: int) -> Size:
        """The size at which a picture is seen: whole cells, within the limits.

        The rule is ``smart_resize`` of Qwen2-VL's image processor: both sides are rounded to whole
        cells (halves to even); if that is too large or too small, they are scaled by the same
        factor and rounded down or up instead.

        Raises:
            MediaRejected: the picture is a strip of more than 200 : 1.
        """
        if max(width, height) > MOST_RATIO * min(width, height):
            raise MediaRejected(
                f"looking at a picture of {width} x {height} pixels",
                f"one side is more than {MOST_RATIO} times the other",
                "Cut it into pieces",
            )
        cell, pixels = self.cell, width * height
        across, down = round(width / cell), round(height / cell)
        if across * down * cell**2 > self.most_pixels:
            scale = math.sqrt(pixels / self.most_pixels)
            across = max(1, math.floor(width / scale / cell))
            down = max(1, math.floor(height / scale / cell))
        elif across * down * cell**2 < self.least_pixels:
            scale = math.sqrt(self.least_pixels / pixels)
            across, down = math.ceil(width * scale / cell), math.ceil(height * scale / cell)
        return Size(across * cell, down * cell)

    def tokens_of(self, width: int, height: int) -> int:
        """Tokens that a picture takes, without the two marks round it."""
        across, down = self.seen(width, height)
        return across * down // self.cell**2
