import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from grym_synth.errors import ModelFault, NotEnoughMemory, WeightsUnusable
from models.gama.configuration import GamaConfig
from models.gama.loading import Gama, load, read_config
from models.gama.memory_need import estimate
from models.local.precision import PRECISIONS, Precision

QUANTISED: dict[Precision, str] = {"int8": "Linear8bitLt", "int4": "Linear4bit"}
AGREEMENT: dict[Precision, float] = {
    "float32": 0.9999,
    "bfloat16": 0.999,
    "float16": 0.999,
    "int8": 0.995,
    "int4": 0.9,
}
"""Least correlation of the logits with those in float32."""


@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_precision_hears_nearly_the_same_and_takes_what_was_estimated(
    converted: Path, gama: Gama, precision: Precision, noise: NDArray[np.float32]
) -> None:
    inputs = gama.processor(text="what is it", audio=noise)
    model = load(converted, precision).model
    with torch.no_grad():
        both = [one(**inputs).logits.float().flatten() for one in (gama.model, model)]
    assert float(torch.corrcoef(torch.stack(both))[0, 1]) > AGREEMENT[precision]
    audio = {one.dtype for name, one in model.state_dict().items() if "audio_stack" in name}
    assert audio == {torch.float32}
    layer = model.model.language_model.layers[0].mlp.up_proj
    assert type(layer).__name__ == QUANTISED.get(precision, "Linear")
    expected = estimate(model.config, precision).weights
    taken = sum(one.nbytes for one in (*model.parameters(), *model.buffers()))
    assert taken == pytest.approx(expected, rel=0.01)


def test_the_full_size_needs_what_its_parts_need() -> None:
    needs = {one: estimate(GamaConfig(), one, 560) for one in PRECISIONS}
    gib = {one: round(need.weights / 2**30, 2) for one, need in needs.items()}
    assert gib == {
        "float32": 25.99,
        "bfloat16": 13.44,
        "float16": 13.44,
        "int8": 7.42,
        "int4": 4.49,
    }
    assert needs["bfloat16"].cache == 560 * 512 * 1024
    assert needs["bfloat16"].total > needs["bfloat16"].weights + needs["bfloat16"].cache


def test_a_model_that_does_not_fit_is_refused_before_it_is_loaded(converted: Path) -> None:
    with pytest.raises(NotEnoughMemory, match=r"GiB are free on cpu"):
        load(converted, context_tokens=10**12)


def test_a_device_that_is_not_there_is_refused(converted: Path) -> None:
    with pytest.raises(ModelFault, match="cuda:63: there is no such device"):
        load(converted, device="cuda:63")


@pytest.fixture
def copy(converted: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(converted, folder)
    return folder


def one_file(folder: Path) -> Path:
    return sorted(folder.glob("*.safetensors"))[1]


def test_missing_weights_are_refused_by_their_file(copy: Path) -> None:
    one_file(copy).unlink()
    with pytest.raises(WeightsUnusable, match="model-00002"):
        load(copy)


def test_weights_cut_short_are_refused_by_their_file(copy: Path) -> None:
    path = one_file(copy)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsUnusable, match="model-00002"):
        load(copy)


def test_a_weight_that_is_missing_is_refused_by_its_name(copy: Path) -> None:
    path = one_file(copy)
    weights = load_file(path)
    name = next(iter(weights))
    del weights[name]
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(WeightsUnusable, match=name):
        load(copy)


def sizes_of(folder: Path) -> dict[str, dict[str, object]]:
    read: dict[str, dict[str, object]] = json.loads((folder / "config.json").read_text())
    return read


def test_a_weight_of_another_shape_is_refused_by_its_name(copy: Path) -> None:
    sizes = sizes_of(copy)
    sizes["text_config"]["intermediate_size"] = 130
    (copy / "config.json").write_text(json.dumps(sizes))
    with pytest.raises(WeightsUnusable, match=r"layers\.0\.mlp\.down_proj\.weight"):
        load(copy)


@pytest.mark.parametrize("text", ["", "[]", "{", "7"])
def test_a_configuration_that_is_none_is_refused(copy: Path, text: str) -> None:
    (copy / "config.json").write_text(text)
    with pytest.raises(WeightsUnusable, match="model"):
        read_config(copy)


def test_sizes_that_are_no_numbers_are_refused_in_one_line(copy: Path) -> None:
    sizes = sizes_of(copy)
    sizes["text_config"]["hidden_size"] = "wide"
    (copy / "config.json").write_text(json.dumps(sizes))
    with pytest.raises(WeightsUnusable, match="hidden_size") as refused:
        read_config(copy)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["[]", '{"weight_map": 3}', "{"])
def test_an_index_that_is_none_is_refused(copy: Path, text: str) -> None:
    (copy / "model.safetensors.index.json").write_text(text)
    with pytest.raises(WeightsUnusable, match="index"):
        load(copy)


@pytest.mark.parametrize("name", ["tokenizer.json", "processor_config.json"])
def test_a_missing_part_of_the_processor_is_refused_in_one_line(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(WeightsUnusable) as refused:
        load(copy)
    assert "\n" not in str(refused.value)


def test_a_folder_of_another_model_is_refused(copy: Path) -> None:
    (copy / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises(WeightsUnusable, match="of the kind llama"):
        load(copy)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match="nowhere"):
        load(tmp_path / "nowhere")
