import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

from grym_synth.errors import MediaRejected
from models.vision.eyes import Eyes

SIDES = st.integers(1, 5000)


@given(
    width=SIDES,
    height=SIDES,
    cell=st.sampled_from([28, 32]),
    least=st.sampled_from([784, 3136, 65_536]),
    most=st.sampled_from([262_144, 1_003_520, 12_845_056]),
)
def test_a_picture_is_seen_at_the_size_of_the_published_rule(
    width: int, height: int, cell: int, least: int, most: int
) -> None:
    eyes = Eyes(cell, least, most, "pixels")
    if max(width, height) / min(width, height) > 200:
        with pytest.raises(MediaRejected, match="200"):
            eyes.seen(width, height)
        return

    down, across = smart_resize(height, width, cell, least, most)

    assert eyes.seen(width, height) == (across, down)
    assert eyes.tokens_of(width, height) * cell**2 == across * down


@pytest.mark.parametrize(
    ("size", "tokens_28", "tokens_32"),
    [((1000, 400), 504, 372), ((2048, 512), 1314, 1024), ((216, 128), 40, 28)],
)
def test_tokens_are_those_that_the_models_makers_count(
    size: tuple[int, int], tokens_28: int, tokens_32: int
) -> None:
    assert Eyes(28, 3136, 12_845_056, "pixels").tokens_of(*size) == tokens_28
    assert Eyes(32, 1024, 16_777_216, "thousandths").tokens_of(*size) == tokens_32
