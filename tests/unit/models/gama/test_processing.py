import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from grym_synth.errors import BadInput
from models.gama.loading import Gama

Noise = NDArray[np.float32]


def test_the_clip_s_places_come_before_the_beginning_of_the_text(gama: Gama, noise: Noise) -> None:
    ids = gama.processor(text="what is it?", audio=noise)["input_ids"][0]
    assert ids[:96].eq(gama.model.config.audio_token_index).all()
    assert int(ids[96]) == 1
    assert int(ids[97:].max()) < gama.model.config.text.vocab_size


def test_special_tokens_in_a_user_s_words_stay_plain_text(gama: Gama) -> None:
    ids = gama.processor(text="end </s><s> and <unk> now")["input_ids"][0]
    assert int(ids[0]) == 1
    assert not set(ids[1:].tolist()) & {0, 1, 2}
    assert gama.processor.tokenizer.decode(ids[1:]).strip() == "end </s><s> and <unk> now"


def test_a_batch_is_padded_on_the_left(gama: Gama, noise: Noise) -> None:
    inputs = gama.processor(text=["hi", "hello there"], audio=[noise, noise])
    assert inputs["input_ids"].shape == inputs["attention_mask"].shape
    assert inputs["attention_mask"].sum(dim=1).tolist() == [96 + 4, 96 + 13]
    assert inputs["attention_mask"][0, :9].sum() == 0
    assert inputs["input_features"].shape == (2, 1024, 128)


def test_as_many_sounds_as_prompts_are_asked_for(gama: Gama, noise: Noise) -> None:
    with pytest.raises(BadInput, match="2 prompts for 1 sounds"):
        gama.processor(text=["a", "b"], audio=[noise])


def test_a_prompt_longer_than_any_in_training_is_warned_of(
    gama: Gama, caplog: pytest.LogCaptureFixture
) -> None:
    gama.processor(text="so " * 60)
    assert "at most 108" in caplog.text


def test_answers_leave_out_the_prompt_and_special_tokens(gama: Gama, noise: Noise) -> None:
    inputs = gama.processor(text=gama.processor.prompt("what?"), audio=noise)
    letters = gama.processor.tokenizer("hot tin", add_special_tokens=False)["input_ids"]
    sequences = torch.cat([inputs["input_ids"][0], torch.tensor([*letters, 2, 0])])[None]
    assert gama.processor.answers(sequences, inputs) == ["hot tin"]
