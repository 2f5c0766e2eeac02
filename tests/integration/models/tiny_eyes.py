"""Checkpoints of models that see at a tiny size, with random weights, made on the spot."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers, trainers
from tokenizers.models import BPE
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLImageProcessorPil,
    Qwen3_5Config,
    Qwen3_5ForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

_SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>",
    "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
_TEMPLATE = (
    "{% if messages[0].role != 'system' %}<|im_start|>system\nYou are a helpful assistant."
    "<|im_end|>\n{% endif %}"
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% for content in message.content %}"
    "{% if content.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ content.text }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_READ = ["What is shown here? A kick, a sweep or noise.", "This is a spectrogram of a sound."] * 8
"""What the tokenizer learned its words from."""
_WIDTH = 64
"""The least that can be quantised to 4 bits."""
WINDOW = 4096
"""Longest context of all of them, in tokens."""
MOST_PIXELS = 512 * 512
"""Larger pictures are made smaller."""


def write_qwen2_5_vl(folder: Path, width: int = _WIDTH, layers: int = 1) -> Path:
    """A Qwen2.5-VL, as its makers publish them: settings of pictures in a file of their own."""
    tokenizer = make_tokenizer()
    config = Qwen2_5_VLConfig.from_dict(
        {
            "text_config": {
                **_text(tokenizer, width, layers),
                "rope_parameters": _rope(width // 2),
            },
            "vision_config": {
                **_tower(width),
                "intermediate_size": 2 * width,
                "patch_size": 14,
                "fullatt_block_indexes": [layers - 1],
                "depth": layers,
            },
            **_places(tokenizer),
        }
    )
    torch.manual_seed(1)
    return _write(folder, Qwen2_5_VLForConditionalGeneration(config), tokenizer, 14, 28 * 28)


def write_qwen3_vl(folder: Path) -> Path:
    """A Qwen3-VL."""
    tokenizer = make_tokenizer()
    config = Qwen3VLConfig.from_dict(
        {
            "text_config": {
                **_text(tokenizer, _WIDTH, 2),
                "head_dim": _WIDTH // 2,
                "rope_parameters": {**_rope(_WIDTH // 2), "mrope_interleaved": True},
            },
            "vision_config": {**_tower(_WIDTH), **_TOWER_3, "deepstack_visual_indexes": [0]},
            **_places(tokenizer),
        }
    )
    torch.manual_seed(2)
    return _write(folder, Qwen3VLForConditionalGeneration(config), tokenizer, 16, 64 * 64)


def write_qwen3_5(folder: Path) -> Path:
    """A Qwen3.5: one layer with linear attention and one with full attention."""
    tokenizer = make_tokenizer()
    config = Qwen3_5Config.from_dict(
        {
            "text_config": {
                **_text(tokenizer, _WIDTH, 2),
                "head_dim": _WIDTH // 2,
                "linear_key_head_dim": 8,
                "linear_value_head_dim": 8,
                "linear_num_key_heads": 16,
                "linear_num_value_heads": 32,
                "layer_types": ["linear_attention", "full_attention"],
                "rope_parameters": {
                    **_rope(_WIDTH // 2),
                    "mrope_interleaved": True,
                    "partial_rotary_factor": 1.0,
                },
            },
            "vision_config": {**_tower(_WIDTH), **_TOWER_3},
            **_places(tokenizer),
        }
    )
    torch.manual_seed(3)
    return _write(folder, Qwen3_5ForConditionalGeneration(config), tokenizer, 16, 64 * 64)


_TOWER_3 = {
    "depth": 1,
    "intermediate_size": _WIDTH,
    "patch_size": 16,
    "num_position_embeddings": 64,
}


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level tokenizer with some words of its own."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(_READ, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=list(_SPECIAL),
        chat_template=_TEMPLATE,
    )


def _text(tokenizer: PreTrainedTokenizerFast, width: int, layers: int) -> dict[str, object]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": WINDOW,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _tower(width: int) -> dict[str, object]:
    return {"hidden_size": width, "out_hidden_size": width, "num_heads": 2}


def _rope(head: int) -> dict[str, object]:
    """Turns of time, height and width share half of a head."""
    part = head // 8
    sections = [head // 2 - 2 * part, part, part]
    return {"rope_type": "default", "rope_theta": 10_000.0, "mrope_section": sections}


def _places(tokenizer: PreTrainedTokenizerFast) -> dict[str, object]:
    return {
        "image_token_id": tokenizer.convert_tokens_to_ids("<|image_pad|>"),
        "video_token_id": tokenizer.convert_tokens_to_ids("<|video_pad|>"),
        "vision_start_token_id": tokenizer.convert_tokens_to_ids("<|vision_start|>"),
        "vision_end_token_id": tokenizer.convert_tokens_to_ids("<|vision_end|>"),
    }


def _write(
    folder: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    patch: int,
    least_pixels: int,
) -> Path:
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    Qwen2VLImageProcessorPil(
        patch_size=patch, size={"shortest_edge": least_pixels, "longest_edge": MOST_PIXELS}
    ).save_pretrained(folder)
    settings = json.loads((folder / "preprocessor_config.json").read_text())
    assert settings["patch_size"] == patch
    return folder
