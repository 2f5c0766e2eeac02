"""Checkpoints of listening models at a tiny size, with random weights, made on the spot."""

import json
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import (
    AudioFlamingo3Config,
    AudioFlamingo3EncoderConfig,
    AudioFlamingo3ForConditionalGeneration,
    AudioFlamingo3Processor,
    MusicFlamingoConfig,
    MusicFlamingoForConditionalGeneration,
    MusicFlamingoProcessor,
    PreTrainedTokenizerFast,
    Qwen2AudioConfig,
    Qwen2AudioEncoderConfig,
    Qwen2AudioForConditionalGeneration,
    Qwen2AudioProcessor,
    Qwen2Config,
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    WhisperFeatureExtractor,
)

from models.gama.convert import convert
from tests.unit.models.gama.conftest import GOLDEN, write_tokenizer

_SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<sound>", "<|sound_bos|>", "<|sound_eos|>",
    "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>",
)  # fmt: skip
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% for content in message['content'] %}"
    "{% if content['type'] == 'audio' %}<sound>{% else %}{{ content['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
SPELLED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
"""What the wav2vec2 can write."""
_OUTPUTS = ("<pad>", "<s>", "</s>", "<unk>", "|", *SPELLED)
_WIDTH = 16
_TEXT_WIDTH = 64
"""The least that can be quantised to 4 bits."""
LONGEST_SECONDS = 60
"""What the folders of both Flamingos say that they hear."""


def write_qwen2_audio(folder: Path) -> Path:
    """A Qwen2-Audio."""
    tokenizer = _tokenizer()
    config = Qwen2AudioConfig(
        audio_config=Qwen2AudioEncoderConfig(
            encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=_WIDTH, d_model=_WIDTH
        ).to_dict(),
        text_config=_text(tokenizer).to_dict(),
        audio_token_index=_id(tokenizer, "<|AUDIO|>"),
    )
    torch.manual_seed(1)
    Qwen2AudioForConditionalGeneration(config).save_pretrained(folder)
    Qwen2AudioProcessor(WhisperFeatureExtractor(128), tokenizer).save_pretrained(folder)
    return folder


def write_audio_flamingo(folder: Path) -> Path:
    """An Audio Flamingo 3."""
    tokenizer = _tokenizer()
    config = AudioFlamingo3Config(
        audio_config=_encoder().to_dict(),
        text_config=_text(tokenizer).to_dict(),
        audio_token_id=_id(tokenizer, "<sound>"),
    )
    torch.manual_seed(2)
    AudioFlamingo3ForConditionalGeneration(config).save_pretrained(folder)
    processor = AudioFlamingo3Processor(
        WhisperFeatureExtractor(128), tokenizer, _TEMPLATE, max_audio_len=LONGEST_SECONDS
    )
    processor.save_pretrained(folder)
    return folder


def write_music_flamingo(folder: Path) -> Path:
    """A Music Flamingo."""
    tokenizer = _tokenizer()
    config = MusicFlamingoConfig(
        audio_config=_encoder().to_dict(),
        text_config=_text(tokenizer).to_dict(),
        audio_token_id=_id(tokenizer, "<sound>"),
        audio_bos_token_id=_id(tokenizer, "<|sound_bos|>"),
        audio_eos_token_id=_id(tokenizer, "<|sound_eos|>"),
    )
    torch.manual_seed(3)
    MusicFlamingoForConditionalGeneration(config).save_pretrained(folder)
    processor = MusicFlamingoProcessor(
        WhisperFeatureExtractor(128), tokenizer, _TEMPLATE, max_audio_len=LONGEST_SECONDS
    )
    processor.save_pretrained(folder)
    return folder


def write_wav2vec2(folder: Path) -> Path:
    """A wav2vec2 with the usual frames of 20 ms, and letters as outputs."""
    torch.manual_seed(4)
    config = Wav2Vec2Config(
        vocab_size=len(_OUTPUTS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8,) * 7,
        num_conv_pos_embeddings=8,
        num_conv_pos_embedding_groups=2,
    )
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps({one: at for at, one in enumerate(_OUTPUTS)}))
    Wav2Vec2CTCTokenizer(str(folder / "vocab.json")).save_pretrained(folder)
    Wav2Vec2FeatureExtractor().save_pretrained(folder)
    return folder


def _encoder() -> AudioFlamingo3EncoderConfig:
    return AudioFlamingo3EncoderConfig(
        num_hidden_layers=1, num_attention_heads=2, intermediate_size=_WIDTH, hidden_size=_WIDTH
    )


def _text(tokenizer: PreTrainedTokenizerFast) -> Qwen2Config:
    return Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=_TEXT_WIDTH,
        intermediate_size=_TEXT_WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        bos_token_id=None,
        eos_token_id=_id(tokenizer, "<|im_end|>"),
        pad_token_id=_id(tokenizer, "<|endoftext|>"),
    )


def _id(tokenizer: PreTrainedTokenizerFast, token: str) -> int:
    found = tokenizer.convert_tokens_to_ids(token)
    assert isinstance(found, int)
    return found


def _tokenizer() -> PreTrainedTokenizerFast:
    """One token for each byte, and the special ones."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(BPE({letter: at for at, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=list(_SPECIAL),
    )


def write_gama(folder: Path) -> Path:
    """A GAMA, converted from the recorded tiny one."""
    llama = folder.parent / "llama"
    llama.mkdir()
    shutil.copy(GOLDEN / "config.json", llama)
    shutil.copy(GOLDEN / "base_llm.safetensors", llama / "model.safetensors")
    write_tokenizer(llama)
    convert(llama, GOLDEN / "pytorch_model.bin", folder, torch.float32, shard_bytes=300_000)
    return folder
