"""GAMA at a tiny size: the reference's recorded outputs, and a folder to convert from."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, processors
from transformers import PreTrainedTokenizerFast

from models.gama.convert import convert
from models.gama.golden import Golden
from models.gama.loading import Gama, load

GOLDEN = Path(__file__).parents[3] / "data" / "gama"


@pytest.fixture(scope="session")
def golden() -> Golden:
    torch.set_num_threads(1)
    return Golden(GOLDEN)


def write_tokenizer(folder: Path) -> None:
    """Save a tokenizer of Llama's kind: one token for each common letter, bytes for all else."""
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2}
    for byte in range(256):
        vocabulary[f"<0x{byte:02X}>"] = len(vocabulary)
    for letter in "▁etaoinshrdlucmfwypvbgk#:.,IR?":
        vocabulary[letter] = len(vocabulary)
    model = models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>", byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as plain Llama 2 is published in, at a tiny size."""
    folder = tmp_path_factory.mktemp("llama")
    shutil.copy(GOLDEN / "config.json", folder)
    shutil.copy(GOLDEN / "base_llm.safetensors", folder / "model.safetensors")
    write_tokenizer(folder)
    return folder


@pytest.fixture(scope="session")
def converted(llama: Path) -> Path:
    """What the converter makes of it, in float32 and in several files."""
    out = llama.parent / "converted"
    convert(llama, GOLDEN / "pytorch_model.bin", out, torch.float32, shard_bytes=300_000)
    return out


@pytest.fixture(scope="session")
def gama(converted: Path) -> Gama:
    torch.set_num_threads(1)
    return load(converted, "float32")


@pytest.fixture
def noise() -> NDArray[np.float32]:
    """Three seconds at 16 kHz."""
    return np.random.default_rng(5).normal(0, 0.1, 48_000).astype(np.float32)
