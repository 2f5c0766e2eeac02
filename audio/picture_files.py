"""Picture files that anybody may have made, decoded within bounds."""

from pathlib import Path

from PIL.ImageFile import ImageFile

from models.vision.decoding import decode, undecodable

_WEBP_ANIMATION = 0x02
"""The bit of an extended WebP file's header that says so."""


def decode_picture(path: Path, name: str, most_pixels: int) -> ImageFile:
    """Decode a PNG, JPEG or WebP picture; of an animation the still or the first frame.

    Args:
        path: the file.
        name: what the user calls it, for errors.
        most_pixels: more are not decoded.

    Raises:
        MediaRejected: it can't be decoded, or has more pixels.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise undecodable(name, fault) from fault
    return decode(content, name, most_pixels)


def is_animated(content: bytes) -> bool:
    """Whether a picture file holds several pictures; of these only the first is decoded.

    Args:
        content: the file's bytes.
    """
    if content.startswith(b"RIFF"):
        return content[12:16] == b"VP8X" and bool(content[20] & _WEBP_ANIMATION)
    return b"acTL" in content.split(b"IDAT", 1)[0]
