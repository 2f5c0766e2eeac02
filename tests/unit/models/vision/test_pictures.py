import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from grym_synth.errors import MediaRejected
from models.vision.pictures import PictureLimits, read_picture

LIMITS = PictureLimits(1_000_000, 1_000_000)


def encoded(picture: Image.Image, form: str = "PNG") -> bytes:
    held = io.BytesIO()
    picture.save(held, form)
    return held.getvalue()


def test_what_is_transparent_lies_on_white() -> None:
    glass = Image.new("RGBA", (4, 4), (255, 0, 0, 0))

    assert read_picture(encoded(glass), LIMITS).getpixel((0, 0)) == (255, 255, 255)


def test_grey_of_16_bits_keeps_its_levels() -> None:
    ramp = np.linspace(0, 65_535, 256, dtype=np.uint16).reshape(16, 16)

    seen = np.asarray(read_picture(encoded(Image.fromarray(ramp)), LIMITS))[:, :, 0]

    assert np.array_equal(seen.ravel(), np.arange(256))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_picture_comes_in_three_colours(mode: str) -> None:
    picture = read_picture(encoded(Image.new(mode, (30, 20))), LIMITS)

    assert (picture.mode, picture.size) == ("RGB", (30, 20))


@pytest.mark.parametrize(
    ("limits", "why"),
    [(PictureLimits(50, 1_000_000), "bytes"), (PictureLimits(1_000_000, 599), "600 pixels")],
)
def test_limits_hold(limits: PictureLimits, why: str) -> None:
    with pytest.raises(MediaRejected, match=why):
        read_picture(encoded(Image.new("RGB", (30, 20))), limits)


def test_no_file_of_a_hostile_collection_does_worse_than_be_refused() -> None:
    material = os.environ.get("GRYM_TEST_DATA")
    if material is None:
        pytest.skip("GRYM_TEST_DATA names no folder of material")
    for path in sorted(Path(material, "hostile").rglob("*")):
        if path.is_file():
            try:
                assert read_picture(path.read_bytes()[:5_000_000], LIMITS).mode == "RGB"
            except MediaRejected as refused:
                assert refused.do
