"""Decoding of pictures that anybody may have made: within bounds, and without a word to stderr.

Pillow's own ``open`` warns about odd files, and filters for warnings hold for all threads at once.
So its decoders are called directly, and of a file they get no animation and no camera data, which
is what they warn about.
"""

import struct
from io import BytesIO

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from grym_synth.errors import MediaRejected

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
"""How such files begin."""
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
"""Chunks of a PNG that only an animation has; without them it is the still picture it also is."""


class _Jpeg(JpegImageFile):
    """A JPEG of which only the picture is read."""

    def _read_dpi_from_exif(self) -> None:
        """Leave the camera's data alone."""


def decode(content: bytes, name: str, most_pixels: int) -> ImageFile:
    """Decode a PNG, JPEG or WebP picture; of an animation the still or the first frame.

    Args:
        content: the file's bytes.
        name: what the user calls it, for errors.
        most_pixels: more are not decoded.

    Raises:
        MediaRejected: it can't be decoded, or has more pixels.
    """
    try:
        picture = _open(content)
        pixels = picture.width * picture.height
        if pixels > most_pixels:
            raise MediaRejected(
                f"reading {name} as a picture",
                f"it has {pixels:,} pixels, {most_pixels:,} are allowed",
                "Give a smaller picture",
            )
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise undecodable(name, fault) from fault
    return picture


def undecodable(name: str, fault: Exception) -> MediaRejected:
    """The error for a file that can't be decoded, without its path."""
    why = (isinstance(fault, OSError) and fault.strerror) or str(fault)
    return MediaRejected(
        f"reading {name} as a picture",
        f"it can't be decoded ({why})",
        "Give a PNG, JPEG or WebP file",
    )


def _open(content: bytes) -> ImageFile:
    """Read the header; its faults are ``SyntaxError``."""
    if content.startswith(PNG):
        return PngImageFile(BytesIO(_without_animation(content)))
    if content.startswith(JPEG):
        return _Jpeg(BytesIO(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WebPImageFile(BytesIO(content))
    raise ValueError("it is none by its first bytes")


def _without_animation(content: bytes) -> bytes:
    """A PNG with all but the chunks of its animation; where it breaks off, the rest as it is."""
    kept, place = [PNG], len(PNG)
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        chunk = content[place : place + length + 12]
        if kind not in _ANIMATION:
            kept.append(chunk)
        place += len(chunk)
    return b"".join((*kept, content[place:]))
