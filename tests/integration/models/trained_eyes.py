"""A tiny Qwen2.5-VL, trained on the spot to tell three sounds apart by their spectrograms."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy import signal
from torch import Tensor
from transformers import PreTrainedModel, Qwen2_5_VLForConditionalGeneration

from models.base import Message
from models.vision.pictures import PictureLimits, picture_bytes, read_picture
from models.vision.processor import PictureProcessor, read_processor
from tests.integration.models.tiny_eyes import write_qwen2_5_vl

KINDS = ("kick", "sweep", "noise")
QUESTION = "What is shown here?"
SIZE = (112, 56)
"""Of the pictures in training and later: a model this small knows no other."""
_RATE_HZ = 16_000
_STEPS = 120
_BATCH = 12
_LIMITS = PictureLimits(1_000_000, 1_000_000)


def draw(kind: str, seed: int) -> bytes:
    """A spectrogram of one second: grey by level, 80 dB deep, low frequencies at the bottom."""
    _, _, power = signal.spectrogram(_sound(kind, seed), _RATE_HZ, nperseg=512, noverlap=384)
    level = 10 * np.log10(power + 1e-12)
    grey = np.clip((level - level.max()) / 80 + 1, 0, 1) * 255
    picture = Image.fromarray(grey[::-1].astype(np.uint8)).convert("RGB")
    return picture_bytes(picture.resize(SIZE, Image.Resampling.BILINEAR))


def train(folder: Path, question: str = QUESTION) -> Path:
    """Write the checkpoint of a model that was trained on pictures of seeds from 1000 on.

    Args:
        folder: where it is put.
        question: what it learns to answer.
    """
    write_qwen2_5_vl(folder, width=64, layers=2)
    processor = read_processor(folder)
    loaded = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, local_files_only=True)
    model: PreTrainedModel = loaded
    model.train()
    best = torch.optim.AdamW(model.parameters())
    pace = torch.optim.lr_scheduler.OneCycleLR(best, max_lr=1e-3, total_steps=_STEPS)
    for step in range(_STEPS):
        seeds = range(1000 + step * _BATCH, 1000 + (step + 1) * _BATCH)
        told = [(KINDS[seed % 3], seed) for seed in seeds]
        loss = model(**_lesson(processor, told, question)).loss
        best.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        best.step()
        pace.step()
    model.eval().save_pretrained(folder)
    return folder


def _lesson(
    processor: PictureProcessor, told: list[tuple[str, int]], question: str
) -> Mapping[str, Tensor]:
    """Questions with their answers, of which the loss is asked only for the answers."""
    asked = Message("user", question)
    pictures = [read_picture(draw(*one), _LIMITS) for one in told]
    inputs = dict(processor.inputs_of([[(asked, [one])] for one in pictures]))
    tokenizer = processor.tokenizer
    answers: Mapping[str, Tensor] = tokenizer(
        [kind + tokenizer.eos_token for kind, _ in told],
        padding=True, padding_side="right", return_tensors="pt",
    )  # fmt: skip
    prompt, ids, real = inputs["input_ids"], answers["input_ids"], answers["attention_mask"]
    silent = torch.full_like(prompt, -100)
    return {
        **inputs,
        "input_ids": torch.cat([prompt, ids], 1),
        "attention_mask": torch.cat([inputs["attention_mask"], real], 1),
        "mm_token_type_ids": torch.cat([inputs["mm_token_type_ids"], torch.zeros_like(ids)], 1),
        "labels": torch.cat([silent, ids.masked_fill(real == 0, -100)], 1),
    }


def _sound(kind: str, seed: int) -> NDArray[np.float64]:
    """One second with a quiet background; when, how high and how long differs with the seed."""
    chance = np.random.default_rng(seed)
    at = np.arange(_RATE_HZ) / _RATE_HZ
    begin, length = chance.uniform(0, 0.4), chance.uniform(0.3, 0.6)
    since = np.clip(at - begin, 0, None)
    heard = (at >= begin) & (since < length)
    match kind:
        case "kick":
            low, high = chance.uniform(40, 70), chance.uniform(120, 220)
            falls = low * since + (high - low) * 0.03 * (1 - np.exp(-since / 0.03))
            sound = np.sin(2 * np.pi * falls) * np.exp(-since / (length / 4))
        case "sweep":
            low, high = chance.uniform([200, 5000], [2000, 7500])
            if chance.random() < 0.5:
                low, high = high, low
            sound = signal.chirp(since, low, length, high)
        case _:
            sound = chance.normal(0, 0.5, _RATE_HZ)
    quiet = chance.normal(0, 10 ** chance.uniform(-4, -3), _RATE_HZ)
    return np.asarray(sound * heard * chance.uniform(0.2, 1.0) + quiet, np.float64)
