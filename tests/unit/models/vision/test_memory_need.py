import pytest
from transformers import PreTrainedConfig, Qwen2_5_VLConfig, Qwen3VLConfig

from models.local.precision import Precision
from models.vision.memory_need import estimate

GIB = 2**30
QWEN2_5_VL_7B = Qwen2_5_VLConfig.from_dict(
    {
        "text_config": {
            "vocab_size": 152_064,
            "hidden_size": 3584,
            "intermediate_size": 18_944,
            "num_hidden_layers": 28,
            "num_attention_heads": 28,
            "num_key_value_heads": 4,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 1e6, "mrope_section": [16, 24, 24]
            },
        },
        "vision_config": {"hidden_size": 1280, "out_hidden_size": 3584},
    }
)  # fmt: skip
QWEN3_VL_8B = Qwen3VLConfig.from_dict(
    {
        "text_config": {
            "vocab_size": 151_936,
            "hidden_size": 4096,
            "intermediate_size": 12_288,
            "num_hidden_layers": 36,
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "head_dim": 128,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 5e6, "mrope_section": [24, 20, 20]
            },
        },
        "vision_config": {"out_hidden_size": 4096},
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("config", "precision", "weights_gib"),
    [
        (QWEN2_5_VL_7B, "bfloat16", 15.45),
        (QWEN3_VL_8B, "bfloat16", 16.33),
    ],
)
def test_weights_take_what_the_published_files_take(
    config: PreTrainedConfig, precision: Precision, weights_gib: float
) -> None:
    weights = estimate(config, precision, 4096).weights

    assert weights / GIB == pytest.approx(weights_gib, rel=0.005)


@pytest.mark.parametrize("config", [QWEN2_5_VL_7B, QWEN3_VL_8B])
def test_smaller_numbers_take_less(config: PreTrainedConfig) -> None:
    full, eight, four = (estimate(config, one, 4096).total for one in ("bfloat16", "int8", "int4"))

    assert 0.3 < four / full < 0.5 < eight / full < 0.7


@pytest.mark.parametrize(("config", "kib"), [(QWEN2_5_VL_7B, 56), (QWEN3_VL_8B, 144)])
def test_a_token_of_the_window_takes_its_keys_and_values(
    config: PreTrainedConfig, kib: int
) -> None:
    cache = estimate(config, "bfloat16", 1000).cache

    assert cache == kib * 1024 * 1000
