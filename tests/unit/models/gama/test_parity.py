import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from models.gama.golden import Golden
from models.gama.parity import Stage, compare, main
from tests.unit.models.gama.conftest import GOLDEN

MODEL_STAGES = [
    "audio0.patch_embed",
    "audio0.block0",
    "audio0.enc_last",
    "audio0.pooled",
    "audio0.agg1",
    "audio0.agg2",
    "audio0.qformer_in",
    "audio0.qformer_out",
    "audio0.proj_qformer",
    "audio0.proj_aggregator",
    "audio0.llm_inputs_embeds",
    "audio0.llm_last_hidden_all",
]
FRONT_END = [
    *(f"audio{clip}.{stage}" for clip in range(3) for stage in ("num_frames", "fbank_raw")),
    "audio0.input_features",
    "audio1.resampled_head",
]
EMBEDDINGS = [f"audio{clip}.audio_embeds" for clip in range(3)]
LOGITS = [
    *(f"audio{clip}.logits" for clip in range(3)),
    "text_only.logits",
    "batch2.logits",
    "audio0.greedy_teacher_logits",
    "audio0.logits_no_lora",
]
ANSWERS = [
    *(f"audio{clip}.greedy{kind}" for clip in range(3) for kind in ("", "_rep1.1", "_rep1.8")),
    "text_only.greedy",
    "batch2.greedy",
]
END_TO_END = [f"audio{clip}.end_to_end" for clip in range(3)]


@pytest.fixture(scope="module")
def stages(golden: Golden) -> dict[str, Stage]:
    return {stage.name: stage for stage in compare(golden)}


@pytest.mark.parametrize("name", FRONT_END + MODEL_STAGES + EMBEDDINGS + ANSWERS + END_TO_END)
def test_each_stage_equals_the_reference(stages: dict[str, Stage], name: str) -> None:
    assert stages[name].within, stages[name]


@pytest.mark.parametrize("name", LOGITS)
def test_logits_are_within_2e_5_of_the_reference(stages: dict[str, Stage], name: str) -> None:
    assert stages[name].difference <= 2e-5


def test_no_recorded_output_is_left_uncompared(golden: Golden, stages: dict[str, Stage]) -> None:
    unused = ("input_ids", "input_ids_2", "enc_j", "enc_k", "input_features_sha")
    recorded = {name for name in golden.recorded if name.rpartition(".")[2] not in unused}
    assert recorded <= set(stages)


@pytest.fixture
def other_set(tmp_path: Path, golden: Golden) -> Path:
    """A smaller set: one clip, and no answers."""
    folder = tmp_path / "set"
    shutil.copytree(GOLDEN, folder, ignore=shutil.ignore_patterns("audio[12].wav", "*_keys.json"))
    kept = [name for name in golden.recorded if "audio0." in name and "greedy" not in name]
    np.savez(
        folder / "golden.npz",
        **{name: golden.recorded[name] for name in [*kept, "input_ids"]},  # type: ignore[arg-type]
    )
    return folder


def test_the_command_exits_with_1_when_a_weight_is_another(
    other_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = other_set / "pytorch_model.bin"
    weights = torch.load(path, weights_only=True)
    weights["base_model.model.model.qformer_proj_norm.bias"] += 1e-3
    torch.save(weights, path)
    assert main([str(other_set)]) == 1
    lines = capsys.readouterr().out.splitlines()
    beyond = [line.split()[0] for line in lines if line.endswith("BEYOND")]
    assert beyond[0] == "audio0.qformer_in"
    assert "audio0.agg2" not in beyond


def test_a_smaller_golden_set_is_compared_too(
    other_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(other_set)]) == 0
    assert "stages are equal to the reference" in capsys.readouterr().out


def test_a_difference_that_is_no_number_is_beyond_tolerance(other_set: Path) -> None:
    recorded = dict(np.load(other_set / "golden.npz"))
    recorded["audio0.fbank_raw"][3, 4] = np.nan
    np.savez(other_set / "golden.npz", **recorded)
    first = next(one for one in compare(Golden(other_set)) if one.name == "audio0.fbank_raw")
    assert not first.within


@pytest.mark.parametrize(
    ("name", "length", "told"),
    [
        ("golden.npz", 1000, "not a zip file"),
        ("golden.npz", 0, "No data left"),
        ("audio0.wav", 20, "audio0.wav"),
        ("config.json", 100, "config.json"),
        ("base_llm.safetensors", 1000, "base_llm.safetensors"),
        ("pytorch_model.bin", 1000, "pytorch_model.bin"),
    ],
)
def test_the_command_exits_with_2_and_names_a_file_that_is_cut_short(
    other_set: Path, capsys: pytest.CaptureFixture[str], name: str, length: int, told: str
) -> None:
    path = other_set / name
    path.write_bytes(path.read_bytes()[:length])
    assert main([str(other_set)]) == 2
    assert told in capsys.readouterr().err


def test_the_command_exits_with_2_on_a_set_without_sounds_or_arrays(
    other_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = dict(np.load(other_set / "golden.npz"))
    np.savez(other_set / "golden.npz", input_ids=recorded["input_ids"])
    assert main([str(other_set)]) == 2
    assert "golden.npz has no audio0.fbank_raw" in capsys.readouterr().err
    (other_set / "audio0.wav").unlink()
    assert main([str(other_set)]) == 2
    assert "no audio*.wav" in capsys.readouterr().err


def test_the_command_exits_with_2_on_a_folder_without_a_golden_set(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
