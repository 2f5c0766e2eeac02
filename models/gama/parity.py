"""Compare this model with recorded outputs of the reference, stage by stage.

``python -m models.gama.parity DIR`` reads a golden set (``config.json``, ``base_llm.safetensors``,
``pytorch_model.bin``, ``audio*.wav``, ``golden.npz``), prints each stage's largest absolute
difference and its tolerance, and exits with 1 if one is beyond it.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor

from grym_synth.errors import GrymError
from models.gama.fbank import log_mel, resample
from models.gama.golden import Golden
from models.gama.modeling import GamaForConditionalGeneration
from models.gama.stages import stages_of

TOLERANCES = {
    "resampled_head": 1e-6,
    "fbank_raw": 2e-2,
    "fbank_raw.mean": 2e-4,
    "num_frames": 0.0,
    "input_features": 1e-2,
    "pooled": 1e-6,
    "logits": 2e-5,
    "greedy": 0.0,
    "end_to_end": 1e-4,
}
"""Largest absolute differences, float32 on a CPU. Single log-mel bins near silence differ by up to
1e-2 between processors, as their FFTs round differently, so the mean difference is judged beside
the largest, and the model is judged on the reference's own features."""
_HIDDEN = 1e-5


@dataclass(frozen=True)
class Stage:
    """How far one stage is from the reference."""

    name: str
    difference: float
    """Largest absolute difference; for ``.mean`` the mean; infinite if shapes differ."""
    tolerance: float

    @property
    def within(self) -> bool:
        """Whether it is equal for all that matters; a difference that is no number isn't."""
        return self.difference <= self.tolerance


@torch.no_grad()
def compare(golden: Golden) -> Iterator[Stage]:
    """Go through all stages that the golden set has recorded, in the model's order."""
    for clip in golden.clips:
        yield from _front_end(golden, clip)
    model = golden.model()
    recorded = golden.recorded
    for clip in golden.clips:
        found = stages_of(model, golden.features(clip), golden.ids())
        for name, value in found.items():
            if f"{clip}.{name}" in recorded:
                yield _stage(golden, f"{clip}.{name}", value)
    yield from _other_logits(golden, model)
    yield from _greedy(golden, model)
    for clip in golden.clips:
        features = golden.extractor(*golden.sound(clip))["input_features"]
        logits = _logits(golden, model, features, golden.ids())
        yield _difference(
            f"{clip}.end_to_end", logits, golden.array(f"{clip}.logits"), "end_to_end"
        )


def _front_end(golden: Golden, clip: str) -> Iterator[Stage]:
    waveform, rate_hz = golden.sound(clip)
    waveform = resample(waveform, rate_hz)
    if f"{clip}.resampled_head" in golden.recorded:
        length = golden.recorded[f"{clip}.resampled_head"].shape[1]
        yield _stage(golden, f"{clip}.resampled_head", waveform[:, :length])
    features = log_mel((waveform - waveform.mean())[0])
    expected = golden.array(f"{clip}.fbank_raw")
    if f"{clip}.num_frames" in golden.recorded:
        yield _stage(golden, f"{clip}.num_frames", torch.tensor(len(features)))
    yield _stage(golden, f"{clip}.fbank_raw", features)
    if features.shape == expected.shape:
        mean = float(np.abs(features.numpy() - expected).mean())
        yield Stage(f"{clip}.fbank_raw.mean", mean, TOLERANCES["fbank_raw.mean"])
    if f"{clip}.input_features" in golden.recorded:
        made = golden.extractor(*golden.sound(clip))["input_features"][0]
        yield _stage(golden, f"{clip}.input_features", made)


def _other_logits(golden: Golden, model: GamaForConditionalGeneration) -> Iterator[Stage]:
    recorded, ids = golden.recorded, golden.ids()
    first = golden.features(golden.clips[0])
    if "text_only.logits" in recorded:
        yield _stage(golden, "text_only.logits", model(input_ids=ids).logits)
    if "batch2.logits" in recorded:
        both = torch.cat([ids, golden.ids("input_ids_2")])
        features = torch.cat([first, golden.features(golden.clips[1])])
        logits = _logits(golden, model, features, both)
        yield _stage(golden, "batch2.logits", logits)
    if "audio0.greedy_teacher_logits" in recorded:
        answered = torch.cat([ids, golden.ids("audio0.greedy")], dim=1)
        logits = _logits(golden, model, first, answered)
        yield _stage(golden, "audio0.greedy_teacher_logits", logits)
    if "audio0.logits_no_lora" in recorded:
        plain = _logits(golden, golden.model(lora_scale=0.0), first, ids)
        yield _stage(golden, "audio0.logits_no_lora", plain)


def _greedy(golden: Golden, model: GamaForConditionalGeneration) -> Iterator[Stage]:
    for name, expected in golden.recorded.items():
        clip, _, kind = name.partition(".")
        if not kind.startswith("greedy") or kind.startswith("greedy_teacher"):
            continue
        ids, features = golden.ids(), None
        if clip == "batch2":
            ids = torch.cat([ids, golden.ids("input_ids_2")])
            features = torch.cat([golden.features(one) for one in golden.clips[:2]])
        elif clip != "text_only":
            features = golden.features(clip)
        penalty = float(kind.removeprefix("greedy_rep")) if "_rep" in kind else 1.0
        answer = _answer(golden, model, features, ids, expected.shape[1], penalty)
        yield _difference(name, answer, expected, "greedy")


def _answer(
    golden: Golden,
    model: GamaForConditionalGeneration,
    features: Tensor | None,
    ids: Tensor,
    tokens: int,
    penalty: float,
) -> Tensor:
    inputs = ids if features is None else golden.with_places(ids)
    sequences = model.generate(  # type: ignore[misc]
        inputs,
        input_features=features,
        attention_mask=torch.ones_like(inputs),
        do_sample=False,
        max_new_tokens=tokens,
        repetition_penalty=penalty,
        pad_token_id=0,
    )
    answer = cast(Tensor, sequences)[:, inputs.shape[1] :]
    return torch.nn.functional.pad(answer, (0, tokens - answer.shape[1]))


def _logits(
    golden: Golden, model: GamaForConditionalGeneration, features: Tensor, ids: Tensor
) -> Tensor:
    """Logits of the text's places alone, as the reference gives them."""
    outputs = model(input_ids=golden.with_places(ids), input_features=features)
    return cast(Tensor, outputs.logits)[:, golden.config.audio_places :]


def _stage(golden: Golden, name: str, value: Tensor) -> Stage:
    kind = name.partition(".")[2]
    return _difference(name, value, golden.recorded[name], "logits" if "logits" in kind else kind)


def _difference(name: str, value: Tensor, expected: np.ndarray, kind: str) -> Stage:
    tolerance = TOLERANCES.get(kind, _HIDDEN)
    if tuple(value.shape) != expected.shape:
        return Stage(name, float("inf"), tolerance)
    difference = (value.double() - torch.from_numpy(np.asarray(expected)).double()).abs().max()
    return Stage(name, float(difference), tolerance)


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; 1 if a stage is beyond its tolerance, 2 if there is nothing to read."""
    parser = argparse.ArgumentParser(description="Compare GAMA with outputs of the reference.")
    parser.add_argument("folder", type=Path, help="a golden set")
    try:
        stages = list(compare(Golden(parser.parse_args(arguments).folder)))
    except GrymError as error:
        print(error, file=sys.stderr)
        return 2
    for one in stages:
        verdict = "" if one.within else "  BEYOND"
        print(f"{one.name:32} {one.difference:.3e}  (at most {one.tolerance:.0e}){verdict}")
    beyond = sum(not one.within for one in stages)
    print(f"{len(stages) - beyond} of {len(stages)} stages are equal to the reference")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
