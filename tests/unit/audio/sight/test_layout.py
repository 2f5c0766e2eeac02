import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.sight.layout import SECONDS_PER_PATCH, Budget, Crop, lay_out, tiles
from grym_synth.errors import BadInput
from models.vision.eyes import Eyes

BUDGETS = st.builds(Budget, st.sampled_from((28, 32)), st.integers(256, 4096))
RATES = st.sampled_from((8000, 16000, 22050, 44100, 48000, 96000, 192000))


@given(seconds=st.floats(0.01, 7200), rate=RATES, budget=BUDGETS)
def test_a_picture_is_whole_patches_within_the_budget_and_so_is_each_cell(
    seconds: float, rate: int, budget: Budget
) -> None:
    layout = lay_out(seconds, rate, budget)
    patch, plot = budget.patch_pixels, layout.axes.plot
    assert layout.width % patch == layout.height % patch == 0
    assert layout.tokens <= budget.most_tokens
    for length, cells in ((plot.width, layout.across), (plot.height, layout.up)):
        assert length == cells.number * cells.patches * patch
    assert layout.axes.x.low == 0 and layout.axes.x.high >= seconds - 1e-6


@given(
    seconds=st.floats(0.5, 600), rate=RATES, budget=BUDGETS, share=st.floats(0, 0.9),
    part=st.floats(0.01, 1), low=st.floats(20, 3000), ratio=st.floats(1.02, 40),
)  # fmt: skip
def test_a_crop_shows_at_least_what_was_asked_for(
    seconds: float, rate: int, budget: Budget, share: float, part: float, low: float, ratio: float
) -> None:
    start = share * seconds
    crop = Crop(start, start + part * (seconds - start), low, min(low * ratio, rate / 2))
    axes = lay_out(seconds, rate, budget, crop).axes
    assert axes.x.low <= start + 1e-6 and axes.x.high >= (crop.end or 0) - 1e-6
    assert axes.y.low <= low * 1.001 and axes.y.high >= (crop.high_hz or 0) * 0.95


@given(seconds=st.floats(0.1, 5000), rate=RATES, budget=BUDGETS)
def test_a_long_sound_becomes_tiles_that_follow_each_other_and_are_not_squeezed(
    seconds: float, rate: int, budget: Budget
) -> None:
    shown = list(tiles(seconds, rate, budget))
    ends = [crop.end for crop in shown]
    assert shown[0].start == 0 and ends[-1] == pytest.approx(seconds)
    assert [crop.start for crop in shown[1:]] == ends[:-1]
    for crop in (shown[0], shown[-1]):
        layout = lay_out(seconds, rate, budget, crop)
        columns = layout.axes.plot.width / budget.patch_pixels
        span = layout.axes.x.high - layout.axes.x.low
        assert span / columns <= 2 * SECONDS_PER_PATCH
        assert layout.tokens <= budget.most_tokens


def test_a_budget_follows_from_a_models_eyes() -> None:
    eyes = Eyes(cell=28, least_pixels=3136, most_pixels=512 * 784, coordinates="pixels")
    budget = Budget.of(eyes)
    layout = lay_out(20.0, 44100, budget)
    assert budget == Budget(28, 512)
    assert eyes.seen(layout.width, layout.height) == (layout.width, layout.height)
    assert eyes.tokens_of(layout.width, layout.height) == layout.tokens


@pytest.mark.parametrize(
    ("budget", "crop"),
    [
        (Budget(28, 40), Crop()),
        (Budget(4, 1024), Crop()),
        (Budget(), Crop(12.0)),
        (Budget(), Crop(5.0, 4.0)),
        (Budget(), Crop(-1.0, 2.0)),
        (Budget(), Crop(float("nan"))),
        (Budget(), Crop(low_hz=30_000.0)),
        (Budget(), Crop(low_hz=500.0, high_hz=400.0)),
    ],
    ids=[
        "few tokens",
        "tiny patches",
        "after the end",
        "backwards",
        "before",
        "nan",
        "over",
        "empty",
    ],
)
def test_what_can_not_be_drawn_is_refused_in_words(budget: Budget, crop: Crop) -> None:
    with pytest.raises(BadInput, match="drawing"):
        lay_out(10.0, 44100, budget, crop)
