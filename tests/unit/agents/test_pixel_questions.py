"""Questions about pixels: which second and hertz they are, and which pixel a second or hertz is."""

import pytest

from agents.planning.text import read_text
from agents.reckoning.pixels import asks_for_pixels, pixel_answers
from audio.assets import AssetRef
from audio.axes import Axes, Axis, PlotBox

BOX = PlotBox(left=100, top=50, width=1000, height=500)
TIME = Axis(quantity="time", unit="s", low=0.0, high=100.0)
HERTZ = Axis(quantity="frequency", unit="Hz", low=0.0, high=20_000.0)
SPECTROGRAM = Axes(kind="spectrogram", plot=BOX, x=TIME, y=HERTZ)
CHANNELS = Axis(
    quantity="channel", unit="", scale="classes", low=0, high=2, classes=("right", "left")
)
WAVEFORM = Axes(kind="waveform", plot=BOX, x=TIME, y=CHANNELS)
DRAWN = {"a-spectrogram.png": SPECTROGRAM, "b-waveform.png": WAVEFORM, "photo.png": None}
PICTURES = [
    AssetRef(id=name, kind="image", name=name, suffix="png", size_bytes=1) for name in DRAWN
]


def told(request: str) -> str:
    return "\n".join(pixel_answers(read_text(request), PICTURES, lambda one: DRAWN[one.name]))


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("which time is pixel 600 of the spectrogram?", "600 of a-spectrogram.png is 50.05 s"),
        ("Welche Zeit ist Pixel 600 im Spektrogramm?", "600 of a-spectrogram.png is 50.05 s"),
        ("what hertz is pixel row 299 in a spectrogram?", "row 299 of a-spectrogram.png is 10020"),
        ("what is at pixel x=600, y=299 of the spectrogram?", "a-spectrogram.png is 10020 Hz"),
        ("what times are pixels 200 and 300?", "Pixel column 300"),
        ("what is pixel 400, 100 of the waveform?", "Pixel row 100 of b-waveform.png is left"),
        ("which pixel is 1 kHz in the spectrogram?", "is at pixel row 525 of a-spectrogram.png"),
        ("at which pixel column is 0:50 in the spectrogram?", "50 s is at pixel column 600"),
        ("which pixel of the spectrogram is 200 s?", "lies outside a-spectrogram.png"),
        ("what is pixel column 5 of the spectrogram?", "which takes columns 100 to 1099"),
    ],
)  # fmt: skip
def test_a_pixel_is_told_in_the_units_of_the_picture_that_is_meant(
    request_: str, answer: str
) -> None:
    assert asks_for_pixels(read_text(request_))
    assert answer in told(request_)


def test_both_ways_meet_in_the_middle_of_a_pixel() -> None:
    for column in (100, 345, 1099):
        seconds = SPECTROGRAM.point_at(column + 0.5, 60).x
        request = f"which pixel is {seconds:.3f} s of the spectrogram?"
        assert f"pixel column {column} " in told(request)


@pytest.mark.parametrize(
    "request_",
    [
        "The image is 1200x800 pixels, what does it show?",
        "how many pixels does the picture have?",
        "make the spectrogram 1600 pixels wide",
        "at which pixel is the hum?",
    ],
)
def test_sizes_in_pixels_are_no_question_about_a_place(request_: str) -> None:
    assert not asks_for_pixels(read_text(request_))


def test_where_no_picture_knows_its_axes_the_answer_says_how_to_get_one() -> None:
    answer = pixel_answers(read_text("which time is pixel 400?"), PICTURES, lambda _: None)
    assert "show me the spectrogram" in answer[0]
