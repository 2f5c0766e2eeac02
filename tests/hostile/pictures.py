"""Picture files that lie, break off, blow up, or are something else."""

import io
import struct
import zlib

from PIL import Image

from tests.hostile.sounds import Make


def picture(form: str = "PNG", width: int = 40, height: int = 30) -> bytes:
    """A plain picture as a file."""
    held = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(held, form)
    return held.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def _png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = _chunk(b"IHDR", head) + b"".join(chunks)
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _bomb() -> bytes:
    """A black square of 169 million pixels in 20 kB."""
    row = b"\0" * (1 + 13_000 // 8)
    return _png(13_000, 13_000, pixels=zlib.compress(row * 13_000, 9))


def _words_that_swell(name: bytes) -> bytes:
    packed = zlib.compress(bytes(80_000_000), 9)
    told = _chunk(name, b"Comment\0\0" + packed)
    return _png(8, 8, told, pixels=zlib.compress(b"\0\0" * 8))


def _jpeg_saying(size: int) -> bytes:
    content = bytearray(picture("JPEG"))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", size, size)
    return bytes(content)


BROKEN: dict[str, Make] = {
    "empty.png": lambda: b"",
    "cut.png": lambda: picture()[:60],
    "cut.jpg": lambda: picture("JPEG")[:100],
    "cut.webp": lambda: picture("WEBP")[:30],
    "no pixels.png": lambda: _png(0, 0),
    "said large.png": lambda: _png(2**31 - 1, 2**31 - 1),
    "bomb.png": _bomb,
    "said large.jpg": lambda: _jpeg_saying(65535),
    "said large.webp": lambda: b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6,
    "a film.gif": lambda: picture("GIF"),
    "a scan.tiff": lambda: picture("TIFF"),
    "a drawing.png": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a letter.png": lambda: b"This is a letter. " * 40,
    "zeros.png": lambda: bytes(5000),
}
"""None of these is a picture that is taken, by file name."""

ODD: dict[str, Make] = {
    "one pixel.png": lambda: picture(width=1, height=1),
    "a strip.png": lambda: picture(width=20_000, height=1),
    "swelling words.png": lambda: _words_that_swell(b"zTXt"),
    "swelling colours.png": lambda: _words_that_swell(b"iCCP"),
    "and a page.png": lambda: picture() + b"<html><script>alert(1)</script></html>",
    "a jpeg.png": lambda: picture("JPEG"),
    "no film.png": lambda: _png(8, 8, _chunk(b"acTL", bytes(8)), pixels=zlib.compress(b"\0\0" * 8)),
}
"""These are taken or refused; nothing else may come of them."""
