"""Pictures on their way to a model: bytes only, within limits, as three colours."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from grym_synth.errors import MediaRejected
from models.base import Message
from models.vision.decoding import decode

_NAME = "what is to be looked at"


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may be."""

    most_bytes: int
    most_pixels: int


def read_picture(content: bytes, limits: PictureLimits) -> Image.Image:
    """A picture in red, green and blue; what is transparent lies on white.

    Args:
        content: a PNG, JPEG or WebP file; of an animation the first frame counts.
        limits: what it may be.

    Raises:
        MediaRejected: it is no such file, broken, or beyond a limit.
    """
    if not isinstance(content, bytes):
        raise MediaRejected(
            f"reading {_NAME} as a picture",
            f"it is {type(content).__name__}, not the bytes of a file",
            "Hand over the file's bytes; nothing is fetched",
        )
    if len(content) > limits.most_bytes:
        raise MediaRejected(
            f"reading {_NAME} as a picture",
            f"it has {len(content):,} bytes, {limits.most_bytes:,} are allowed",
            "Give a smaller picture",
        )
    return _in_colours(decode(content, _NAME, limits.most_pixels))


def picture_bytes(picture: Image.Image) -> bytes:
    """A picture as a PNG file."""
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()


def opened(messages: Sequence[Message], limits: PictureLimits) -> list[list[Image.Image]]:
    """The pictures of each message.

    Raises:
        MediaRejected: one can't be used.
    """
    return [[read_picture(one, limits) for one in message.pictures] for message in messages]


def _in_colours(picture: ImageFile) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip at 255
        grey = np.asarray(picture, np.uint32) >> 8
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
