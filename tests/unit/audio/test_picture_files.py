import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from audio.picture_files import decode_picture, is_animated
from grym_synth.errors import MediaRejected

MOST = 1_000_000


def _encoded(form: str, **options: object) -> bytes:
    held = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(held, form, **options)
    return held.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(
        ">I", zlib.crc32(kind + content)
    )  # fmt: skip


def _with_chunk(chunk: bytes) -> bytes:
    """A PNG with one chunk more, behind its header."""
    png = _encoded("PNG")
    return png[:33] + chunk + png[33:]


def _odd_jpeg() -> bytes:
    """A JPEG whose EXIF points behind its end, and which calls itself the first of a series."""
    jpeg, segments = _encoded("JPEG"), b""
    tag = b"II*\0\x08\0\0\0\x02\0" + struct.pack("<HHII", 0x11A, 5, 90, 0x7FFFFFF0) * 2
    for marker, content in ((b"\xff\xe1", b"Exif\0\0" + tag), (b"\xff\xe2", b"MPF\0MM\0*\0\0\0")):
        segments += marker + struct.pack(">H", len(content) + 2) + content
    return jpeg[:2] + segments + jpeg[2:]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_each_format_is_told_by_its_content(tmp_path: Path, form: str) -> None:
    path = tmp_path / "picture.bin"
    path.write_bytes(_encoded(form))
    picture = decode_picture(path, "shot", MOST)
    assert (picture.format, picture.size) == (form, (40, 30))


def test_of_an_animation_the_first_picture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "moving.png"
    more = [Image.new("RGB", (40, 30), "red")]
    path.write_bytes(_encoded("PNG", save_all=True, append_images=more))
    picture = decode_picture(path, path.name, MOST)
    assert picture.convert("RGB").getpixel((5, 5)) == (0, 128, 128)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_an_animation_is_told_from_a_still_picture(form: str) -> None:
    more = [Image.new("RGB", (40, 30), "red")]

    assert is_animated(_encoded(form, save_all=True, append_images=more))
    assert not is_animated(_encoded(form))


@pytest.mark.parametrize(
    "content",
    [
        _with_chunk(_chunk(b"acTL", bytes(8))),
        _with_chunk(_chunk(b"acTL", b"\0\0\0\2" + bytes(4)) * 2),
        _odd_jpeg(),
    ],
    ids=["animation of no frames", "two animations", "odd EXIF"],
)
def test_odd_files_are_read_without_a_warning(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)
    assert decode_picture(path, "odd", MOST).size == (40, 30)


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(_encoded("PNG")[:8] + _chunk(b"IHDR", header) + _chunk(b"IDAT", b""))
    with pytest.raises(MediaRejected, match=r"my bomb.*3,600,000,000 pixels"):
        decode_picture(path, "my bomb", MOST)


def test_filters_for_warnings_stay_as_they_are_while_others_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.png"
    path.write_bytes(_with_chunk(_chunk(b"acTL", bytes(8))))
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda turn: decode_picture(path, "odd", MOST), range(40)))
    assert warnings.filters == before
