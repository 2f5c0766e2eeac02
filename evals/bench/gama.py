"""What hearing costs: GAMA against a plain Llama of the same decoder, both on random weights.

``python -m evals.bench.gama`` takes a decoder of half a billion parameters on the CPU;
``--full-size --device cuda --dtype bfloat16`` the published size. It prints one JSON object. The
targets: decoding within 5 % of plain Llama, and no more time to the first token than the audio
stack itself takes. The models answer token by token in turns, and each pair of answers is compared
in itself; the medians are told. With one thread on a CPU, the default, CPU time is what counts;
with more threads, and on an accelerator, the wall clock.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple, cast

import torch
from transformers import LlamaForCausalLM

from evals.bench.token_turns import Answer, answered, now
from models.gama.assembly import is_audio, weights_of
from models.gama.configuration import GamaConfig
from models.gama.loading import DTYPES, quantisation_of
from models.gama.memory_need import estimate
from models.gama.modeling import GamaForConditionalGeneration
from models.local.precision import PRECISIONS, Precision

_TEXT_TOKENS = 64
_HALF_BILLION: dict[str, object] = {
    "hidden_size": 1280,
    "intermediate_size": 3456,
    "num_hidden_layers": 20,
    "num_attention_heads": 20,
}


@dataclass(frozen=True)
class Pace:
    """How fast one model answers; medians over all runs."""

    first_token_ms: float
    token_ms: float
    tokens_per_second: float


@dataclass(frozen=True)
class Figures:
    """All that was measured."""

    device: str
    threads: int
    dtype: str
    parameters: int
    decoder_parameters: int
    make_seconds: float
    """Time to make random weights on the device."""
    load_seconds: float | None
    """Time to read all weights from disk, in the page cache, and to quantise them if asked to."""
    weights_gib: float
    """Without the scales of 4-bit weights."""
    estimated_weights_gib: float
    peak_gib: float | None
    """Most memory of the accelerator that was held while answering."""
    estimated_peak_gib: float
    audio_stack_ms: float
    gama: Pace
    llama: Pace
    decode_ratio: float
    """GAMA's tokens per second over plain Llama's."""
    first_token_overhead_ms: float
    """GAMA's time to its first token, less plain Llama's and the audio stack's."""


def make(config: GamaConfig, device: str, dtype: torch.dtype) -> GamaForConditionalGeneration:
    """A model of random weights, made where it runs; its audio stack in float32."""
    with torch.device(device):
        made = GamaForConditionalGeneration._from_config(  # type: ignore[no-untyped-call]
            config, dtype=dtype
        )
    model = cast(GamaForConditionalGeneration, made)
    model.model.audio_stack.float()
    model.eval()  # type: ignore[no-untyped-call]
    return model


def plain_llama(model: GamaForConditionalGeneration) -> LlamaForCausalLM:
    """A plain Llama that shares the decoder's weights."""
    with torch.device("meta"):
        llama = LlamaForCausalLM(model.config.text)
    llama.model, llama.lm_head = model.model.language_model, model.lm_head
    llama.eval()
    return llama


class Turn(NamedTuple):
    """The three that are compared, right after each other."""

    stack: float
    """Seconds of the audio stack alone."""
    gama: Answer
    llama: Answer


def pace_of(answers: Sequence[Answer]) -> Pace:
    """How fast one model answered."""
    each = statistics.median(one.each for one in answers)
    first = statistics.median(one.first for one in answers)
    return Pace(_ms(first), _ms(each), round(1 / each, 2))


def run(
    config: GamaConfig, device: str, precision: Precision, tokens: int, repeats: int, load: bool
) -> Figures:
    """Make the model, let it and plain Llama answer, and compare."""
    start = now()
    model = make(config, device, DTYPES[precision])
    _synchronise(device)
    made = now() - start
    loaded = None
    if load or quantisation_of(precision):
        model, loaded = _reloaded(model, device, precision)
    if device != "cpu":
        torch.cuda.reset_peak_memory_stats()
    generator = torch.Generator().manual_seed(3)
    features = torch.randn(1, config.audio.max_length, config.audio.num_mel_bins).to(device)
    text = torch.randint(3, config.text.vocab_size, (1, _TEXT_TOKENS), generator=generator)
    audio = torch.full((1, config.audio_places), config.audio_token_index or 0)
    more = torch.randint(3, config.text.vocab_size, audio.shape, generator=generator)
    prompts = [torch.cat([before, text], dim=1).to(device) for before in (audio, more)]
    asked = [{"input_ids": one, "attention_mask": torch.ones_like(one)} for one in prompts]
    both = [(model, asked[0] | {"input_features": features}), (plain_llama(model), asked[1])]
    turns = [
        Turn(
            _timed(lambda: model.get_audio_features(features), device),
            *answered(both, tokens),
        )
        for _ in range(repeats + 1)
    ][1:]  # the first warms up
    need = estimate(config, precision, prompts[0].shape[1] + tokens)
    shapes = weights_of(config)
    return Figures(
        device=torch.cuda.get_device_name() if device != "cpu" else "cpu",
        threads=torch.get_num_threads(),
        dtype=precision,
        parameters=sum(torch.Size(one).numel() for one in shapes.values()),
        decoder_parameters=sum(
            torch.Size(one).numel() for name, one in shapes.items() if not is_audio(name)
        ),
        make_seconds=round(made, 2),
        load_seconds=loaded,
        weights_gib=_gib(sum(one.nbytes for one in model.parameters())),
        estimated_weights_gib=_gib(need.weights),
        peak_gib=_gib(torch.cuda.max_memory_allocated()) if device != "cpu" else None,
        estimated_peak_gib=_gib(need.total),
        audio_stack_ms=_ms(statistics.median(one.stack for one in turns)),
        gama=pace_of([one.gama for one in turns]),
        llama=pace_of([one.llama for one in turns]),
        decode_ratio=round(statistics.median(one.llama.each / one.gama.each for one in turns), 3),
        first_token_overhead_ms=_ms(
            statistics.median(one.gama.first - one.llama.first - one.stack for one in turns)
        ),
    )


def _reloaded(
    model: GamaForConditionalGeneration, device: str, precision: Precision
) -> tuple[GamaForConditionalGeneration, float]:
    """Write a model, forget it, and time how long it takes to read."""
    with tempfile.TemporaryDirectory(prefix="grym-bench-") as held:
        model.save_pretrained(Path(held))
        del model
        if device != "cpu":
            torch.cuda.empty_cache()
        start = now()
        again = GamaForConditionalGeneration.from_pretrained(
            held,
            dtype=DTYPES[precision],
            device_map={"": device},
            quantization_config=quantisation_of(precision),
        )
        _synchronise(device)
        return again, round(now() - start, 2)


@torch.no_grad()
def _timed(work: Callable[[], object], device: str) -> float:
    _synchronise(device)
    start = now()
    work()
    _synchronise(device)
    return now() - start


def _synchronise(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _gib(size: int) -> float:
    return round(size / 2**30, 3)


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="GAMA against plain Llama, on random weights.")
    parser.add_argument("--full-size", action="store_true", help="the published size: 7 billion")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--dtype", default="float32", choices=PRECISIONS)
    parser.add_argument("--tokens", type=int, default=48, help="length of an answer")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="of the CPU")
    parser.add_argument("--load", action="store_true", help="also time reading the weights")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    config = GamaConfig() if chosen.full_size else GamaConfig(text_config=_HALF_BILLION)
    figures = run(config, chosen.device, chosen.dtype, chosen.tokens, chosen.repeats, chosen.load)
    print(json.dumps(asdict(figures), indent=2))


if __name__ == "__main__":
    main()
