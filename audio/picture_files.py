"""Picture files that anybody may have made, decoded within bounds."""

from pathlib import Path

from PIL.ImageFile import ImageFile

from models.vision.decoding import decode, undecodable


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
