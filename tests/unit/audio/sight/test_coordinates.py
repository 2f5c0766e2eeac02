import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.axes import Axes, Axis, PlotBox
from audio.musical_time import SteadyTime
from audio.sight.coordinates import (
    Bounded,
    Box,
    Shown,
    box_of,
    in_words,
    place_of_box,
    place_of_point,
)
from models.vision.eyes import Eyes

PLOT = PlotBox(left=56, top=28, width=1120, height=560)
TIME = Axis(quantity="time", unit="s", low=10.0, high=30.0)
SCALES = {
    "linear": Axis(quantity="frequency", unit="Hz", low=0.0, high=8000.0),
    "log": Axis(quantity="frequency", unit="Hz", scale="log", low=31.25, high=32000.0),
    "mel": Axis(quantity="frequency", unit="Hz", scale="mel", low=0.0, high=22050.0),
    "pitch": Axis(quantity="pitch", unit="MIDI", low=21.0, high=108.0),
}
SHOWN = st.sampled_from(
    (
        Shown(1204, 616, "pixels"),
        Shown(1204, 616, "pixels", 588, 308),
        Shown(1204, 616, "pixels", 1820, 924),
        Shown(1204, 616, "thousandths"),
    )
)
SHARE = st.floats(0.001, 0.999)


@given(
    name=st.sampled_from(sorted(SCALES)), shown=SHOWN, x=st.tuples(SHARE, SHARE),
    y=st.tuples(SHARE, SHARE),
)  # fmt: skip
def test_what_lies_in_a_box_comes_back_within_the_bound_that_is_told(
    name: str, shown: Shown, x: tuple[float, float], y: tuple[float, float]
) -> None:
    axes = Axes(kind="spectrogram", plot=PLOT, x=TIME, y=SCALES[name])
    start, end = sorted(TIME.value(share) for share in x)
    low, high = sorted(axes.y.value(share) for share in y)
    place = place_of_box(axes, shown, box_of(axes, shown, start, end, low, high))
    assert place is not None
    pairs = zip(
        (place.start, place.end, place.low, place.high), (start, end, low, high), strict=True
    )
    for told, true in pairs:
        assert abs(told.value - true) <= told.error


@given(shown=SHOWN, x=SHARE, y=SHARE)
def test_the_bound_is_one_pixel_or_one_step_of_the_model(shown: Shown, x: float, y: float) -> None:
    axes = Axes(kind="spectrogram", plot=PLOT, x=TIME, y=SCALES["linear"])
    pixel = axes.pixel_at(TIME.value(x), axes.y.value(y))
    place = place_of_point(axes, shown, *shown.coordinates_of(*pixel))
    assert place is not None
    assert place.x.error == pytest.approx(max(1, shown.step.x) * 20 / 1120, rel=1e-6)
    assert place.y.error == pytest.approx(max(1, shown.step.y) * 8000 / 560, rel=1e-6)


def test_corners_may_come_in_any_order_and_are_cut_to_the_plot() -> None:
    axes = Axes(kind="spectrogram", plot=PLOT, x=TIME, y=SCALES["log"])
    place = place_of_box(axes, Shown(1204, 616, "pixels"), Box(5000, 616, -20, 300))
    assert place is not None
    assert (place.start.value, place.end.value) == (10.0, 30.0)
    assert place.low.value == pytest.approx(31.25)


@pytest.mark.parametrize("x", [0.0, 40.0, 1190.0, float("nan"), float("inf")])
def test_a_point_outside_the_plot_means_nothing(x: float) -> None:
    axes = Axes(kind="spectrogram", plot=PLOT, x=TIME, y=SCALES["log"])
    assert place_of_point(axes, Shown(1204, 616, "pixels"), x, 100.0) is None


def test_a_picture_that_a_model_sees_smaller_keeps_its_places() -> None:
    axes = Axes(kind="spectrogram", plot=PLOT, x=TIME, y=SCALES["linear"])
    eyes = Eyes(cell=28, least_pixels=3136, most_pixels=200 * 784, coordinates="pixels")
    shown = Shown.to(eyes, 1204, 616)
    assert shown.resized_width is not None and shown.resized_width < 1204
    pixel = axes.pixel_at(20.0, 4000.0)
    place = place_of_point(axes, shown, *shown.coordinates_of(*pixel))
    assert place is not None and abs(place.x.value - 20.0) <= place.x.error < 0.1


def test_figures_are_told_in_musical_words_with_no_more_digits_than_are_known() -> None:
    time = SteadyTime(120)
    assert in_words(TIME, Bounded(16.0123, 0.018), time) == "16.012 s (± 0.018), bar 9, beat 1.02"
    assert in_words(SCALES["linear"], Bounded(441.2, 14.3)) == "441 Hz (± 14), near A4"
    assert in_words(SCALES["pitch"], Bounded(60.2, 0.2)) == "C4 (± 0.2 semitones)"
    lanes = Axis(
        quantity="channel", unit="", scale="classes", low=0, high=2, classes=("right", "left")
    )
    assert in_words(lanes, Bounded(1.7, 0.1)) == "left"
