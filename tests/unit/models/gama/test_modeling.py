from collections.abc import Callable
from threading import Thread
from typing import cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import TextIteratorStreamer

from grym_synth.errors import BadInput
from models.gama.feature_extraction import GamaInputs
from models.gama.loading import Gama

Noise = NDArray[np.float32]


def ask(gama: Gama, *prompts: str, noise: Noise) -> GamaInputs:
    sounds = [np.roll(noise, 1000 * index) * (index + 1) for index in range(len(prompts))]
    return gama.processor(text=list(prompts), audio=sounds)


def generate(gama: Gama, inputs: GamaInputs, **options: object) -> Tensor:
    chosen = {"do_sample": False, "max_new_tokens": 8, "min_new_tokens": 8, **inputs, **options}
    write = cast(Callable[..., Tensor], gama.model.generate)  # type: ignore[misc]
    return write(**chosen)


def test_a_shorter_prompt_in_a_batch_gets_the_answer_that_it_gets_alone(
    gama: Gama, noise: Noise
) -> None:
    both = ask(gama, "hi", "a much longer prompt", noise=noise)
    alone = ask(gama, "hi", noise=noise)
    together = generate(gama, both)[0, both["input_ids"].shape[1] :]
    assert torch.equal(together, generate(gama, alone)[0, alone["input_ids"].shape[1] :])


def test_the_answer_depends_on_the_sound(gama: Gama, noise: Noise) -> None:
    one, other = (
        ask(gama, "hi", noise=sound) for sound in (noise, np.cumsum(noise, dtype=np.float32))
    )
    assert not torch.equal(generate(gama, one), generate(gama, other))


def test_the_cache_changes_nothing(gama: Gama, noise: Noise) -> None:
    inputs = ask(gama, "what is it", noise=noise)
    assert torch.equal(generate(gama, inputs), generate(gama, inputs, use_cache=False))


def test_the_encoder_runs_once_for_an_answer(gama: Gama, noise: Noise) -> None:
    runs: list[int] = []
    counted = gama.model.model.audio_stack.encoder.register_forward_hook(lambda *_: runs.append(1))
    try:
        generate(gama, ask(gama, "hi", noise=noise))
    finally:
        counted.remove()
    assert len(runs) == 1


def test_only_the_logits_asked_for_are_computed(gama: Gama, noise: Noise) -> None:
    inputs = ask(gama, "what is it", noise=noise)
    with torch.no_grad():
        every = gama.model(**inputs).logits
        last = gama.model(**inputs, logits_to_keep=1).logits
    assert last.shape == (1, 1, gama.model.config.text.vocab_size)
    assert torch.allclose(last, every[:, -1:], atol=1e-5)


def test_an_answer_can_be_read_while_it_is_written(gama: Gama, noise: Noise) -> None:
    inputs = ask(gama, "hi", noise=noise)
    streamer = TextIteratorStreamer(gama.processor.tokenizer, skip_prompt=True, timeout=30)
    writer = Thread(target=generate, args=(gama, inputs), kwargs={"streamer": streamer})
    writer.start()
    streamed = "".join(streamer)
    writer.join()
    assert [streamed.strip()] == gama.processor.answers(generate(gama, inputs), inputs)


@pytest.mark.parametrize("way", [{"num_beams": 3}, {"do_sample": True, "num_return_sequences": 2}])
def test_beams_and_several_answers_to_one_prompt_work(
    gama: Gama, noise: Noise, way: dict[str, object]
) -> None:
    inputs = ask(gama, "hi", "what is it", noise=noise)
    rows = 2 * int(str(way.get("num_return_sequences", 1)))
    assert generate(gama, inputs, **way).shape == (rows, inputs["input_ids"].shape[1] + 8)


def test_eager_attention_gives_what_sdpa_gives(gama: Gama, noise: Noise) -> None:
    inputs = ask(gama, "hi", "what is it", noise=noise)
    found = []
    for way in ("eager", "sdpa"):
        gama.model.set_attn_implementation(way)
        with torch.no_grad():
            found.append(gama.model(**inputs).logits[:, -1])
    assert gama.model.config.text._attn_implementation == "sdpa"
    assert torch.allclose(found[0], found[1], atol=1e-4)


def test_a_prompt_with_places_but_no_sound_is_refused(gama: Gama, noise: Noise) -> None:
    inputs = ask(gama, "hi", noise=noise)
    with pytest.raises(BadInput, match="96 places were left for 0 clips"):
        gama.model(input_ids=inputs["input_ids"])
    with pytest.raises(BadInput, match="0 places were left for 1 clips"):
        gama.model(input_ids=inputs["input_ids"][:, 96:], input_features=inputs["input_features"])


def test_text_alone_is_answered_too(gama: Gama) -> None:
    inputs = gama.processor(text="hi")
    assert generate(gama, inputs).shape == (1, 4 + 8)
