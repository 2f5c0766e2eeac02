import json
from pathlib import Path

import pytest
import torch

from grym_synth.errors import WeightsUnusable
from models.gama.assembly import is_audio, weights_of
from models.gama.configuration import GamaConfig
from models.gama.convert import dry_run, main
from tests.unit.models.gama.conftest import GOLDEN

BASE, PUBLISHED = GOLDEN / "base_llm_keys.json", GOLDEN / "published_checkpoint_keys.json"
PREFIX = "base_model.model.model."


def changed(source: Path, folder: Path, **changes: object) -> Path:
    """A key list with keys added, or removed where the value is None."""
    keys = json.loads(source.read_text()) | {PREFIX + name: one for name, one in changes.items()}
    path = folder / source.name
    path.write_text(json.dumps({name: one for name, one in keys.items() if one is not None}))
    return path


def test_the_full_size_model_has_730_tensors_and_the_right_number_of_parameters() -> None:
    shapes = weights_of(GamaConfig())
    assert len(shapes) == 730
    assert sum(torch.Size(shape).numel() for shape in shapes.values()) == 6_977_366_528
    audio = sum(torch.Size(shape).numel() for name, shape in shapes.items() if is_audio(name))
    assert audio == 238_950_912


def test_the_published_names_and_shapes_make_up_the_full_size_model(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--dry-run", "--llama", str(BASE), "--gama", str(PUBLISHED)]) == 0
    assert capsys.readouterr().out == "6,977,366,528 parameters\n"


@pytest.mark.parametrize(
    "name",
    [
        "audio_encoder.blocks_u.0.norm1_a.weight",
        "audio_aggregator_layer_2.attention.self.key.bias",
        "layers.7.self_attn.v_proj.lora_B.default.weight",
        "Qformer.bert.encoder.layer.10.crossattention.self.value.weight",
    ],
)
def test_a_missing_tensor_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsUnusable, match=name.replace(".default", "")):
        dry_run(BASE, changed(PUBLISHED, tmp_path, **{name: None}))


@pytest.mark.parametrize(
    "name", ["audio_encoder.blocks_a.3.norm3.weight", "layers.32.mlp.up_proj.weight", "hint"]
)
def test_an_unknown_tensor_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsUnusable, match=f"is not known: {name}"):
        dry_run(BASE, changed(PUBLISHED, tmp_path, **{name: [[4], "float32"]}))


def test_a_tensor_of_another_shape_is_refused_by_name(tmp_path: Path) -> None:
    name = "audio_proj_qformer.2.bias"
    with pytest.raises(WeightsUnusable, match=f"another shape.*{name}"):
        dry_run(BASE, changed(PUBLISHED, tmp_path, **{name: [[768], "float32"]}))


@pytest.mark.parametrize("shape", [[], [8], [3, 8], [4096, 4], [1, 4096, 8]])
def test_a_factor_of_another_shape_is_refused_by_name(tmp_path: Path, shape: list[int]) -> None:
    name = "layers.3.self_attn.v_proj.lora_B"
    change = {f"{name}.default.weight": [shape, "float32"]}
    with pytest.raises(WeightsUnusable, match=f"another shape.*{name}"):
        dry_run(BASE, changed(PUBLISHED, tmp_path, **change))


def test_a_layer_without_its_adapter_is_refused_by_name(tmp_path: Path) -> None:
    name = "layers.5.self_attn.q_proj.lora_"
    lost = {f"{name}{side}.default.weight": None for side in "AB"}
    with pytest.raises(WeightsUnusable, match=rf"2 tensor.*missing: {name}A.weight, {name}B"):
        dry_run(BASE, changed(PUBLISHED, tmp_path, **lost))


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', '{"a": [7, "float32"]}', "{", '{"a": []}'])
def test_a_file_that_is_no_key_list_is_refused_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    assert main(["--dry-run", "--llama", str(BASE), "--gama", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


def test_a_tensor_missing_from_llama_is_refused_by_name(tmp_path: Path) -> None:
    name = "layers.31.mlp.down_proj.weight"
    with pytest.raises(WeightsUnusable, match=f"is missing: {name}"):
        dry_run(changed(BASE, tmp_path, **{name: None}), PUBLISHED)


def test_a_llama_folder_prepared_for_gama_serves_as_well(tmp_path: Path) -> None:
    extra = {"audio_encoder.norm_a.bias": [[768], "float32"], "query_tokens": [[1], "float32"]}
    assert dry_run(changed(BASE, tmp_path, **extra), PUBLISHED) == 6_977_366_528
