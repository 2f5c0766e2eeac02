import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForMultimodalLM, AutoProcessor

from grym_synth.errors import BadInput, WeightsUnusable
from models.gama.convert import convert, main
from models.gama.golden import Golden
from models.gama.loading import Gama
from models.gama.modeling import GamaForConditionalGeneration
from models.gama.processing import GamaProcessor
from models.gama.registry import register
from models.gama.stages import stages_of
from tests.unit.models.gama.conftest import GOLDEN

CHECKPOINT = GOLDEN / "pytorch_model.bin"


def command(llama: Path, gama: Path, out: Path) -> list[str]:
    return ["--llama", str(llama), "--gama", str(gama), "--out", str(out)]


def test_a_converted_folder_gives_the_reference_s_logits(gama: Gama, golden: Golden) -> None:
    logits = stages_of(gama.model, golden.features("audio0"), golden.ids())["logits"]
    expected = torch.from_numpy(golden.recorded["audio0.logits"])
    assert float((logits - expected).abs().max()) <= 2e-5


def test_weights_are_split_into_files_of_the_size_asked_for(converted: Path) -> None:
    sizes = [path.stat().st_size for path in converted.glob("*.safetensors")]
    assert len(sizes) > 3
    assert max(sizes) < 330_000


def test_the_command_makes_a_folder_in_bfloat16_with_the_audio_stack_in_float32(
    llama: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "model"
    assert main(command(llama, CHECKPOINT, out)) == 0
    weights = load_file(out / "model-00001-of-00001.safetensors")
    audio = {one.dtype for name, one in weights.items() if "audio_stack" in name}
    rest = {one.dtype for name, one in weights.items() if "audio_stack" not in name}
    assert (audio, rest) == ({torch.float32}, {torch.bfloat16})
    assert [path.name for path in out.parent.iterdir()] == ["model"]


def test_saving_and_loading_changes_nothing(gama: Gama, golden: Golden, tmp_path: Path) -> None:
    gama.model.save_pretrained(tmp_path)
    again = GamaForConditionalGeneration.from_pretrained(tmp_path)
    both = [
        stages_of(model, golden.features("audio0"), golden.ids())["logits"]
        for model in (gama.model, again)
    ]
    assert torch.equal(*both)


def test_the_auto_classes_load_a_converted_folder(converted: Path) -> None:
    register()
    assert AutoConfig.from_pretrained(converted).audio_places == 96
    assert isinstance(AutoProcessor.from_pretrained(converted), GamaProcessor)
    model = AutoModelForMultimodalLM.from_pretrained(converted)
    assert isinstance(model, GamaForConditionalGeneration)
    assert model.generation_config.repetition_penalty == 1.1


def test_rms_norm_eps_is_read_from_the_folder_and_never_guessed(
    llama: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(llama, folder)
    sizes = json.loads((folder / "config.json").read_text())
    sizes["llama"]["rms_norm_eps"] = 3e-4
    (folder / "config.json").write_text(json.dumps(sizes))
    convert(folder, CHECKPOINT, tmp_path / "out")
    assert AutoConfig.from_pretrained(tmp_path / "out").text.rms_norm_eps == 3e-4
    del sizes["llama"]["rms_norm_eps"]
    (folder / "config.json").write_text(json.dumps(sizes))
    with pytest.raises(WeightsUnusable, match="rms_norm_eps"):
        convert(folder, CHECKPOINT, tmp_path / "other")


def test_adapter_names_without_default_serve_as_well(
    llama: Path, golden: Golden, tmp_path: Path
) -> None:
    weights = torch.load(CHECKPOINT, weights_only=True)
    torch.save({k.replace(".default.", "."): v for k, v in weights.items()}, tmp_path / "gama.bin")
    convert(llama, tmp_path / "gama.bin", tmp_path / "out", torch.float32)
    made = load_file(tmp_path / "out" / "model-00001-of-00001.safetensors")
    name = "model.language_model.layers.1.self_attn.v_proj.weight"
    assert torch.equal(made[name], golden.model().state_dict()[name])


class Command:
    """What a harmful file would run when it is unpickled."""

    def __reduce__(self) -> tuple[type[Path], tuple[str]]:
        return Path, ("/tmp",)


def test_a_checkpoint_with_code_in_it_is_refused(
    llama: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"weights": Command()}, tmp_path / "gama.bin")
    assert main(command(llama, tmp_path / "gama.bin", tmp_path / "out")) == 2
    assert "plain PyTorch state dict" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_checkpoint_cut_short_is_refused_and_nothing_is_left_behind(
    llama: Path, tmp_path: Path
) -> None:
    (tmp_path / "gama.bin").write_bytes(CHECKPOINT.read_bytes()[:700_000])
    with pytest.raises(WeightsUnusable, match=r"gama\.bin"):
        convert(llama, tmp_path / "gama.bin", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["gama.bin"]


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("config.json", "config.json"),
        ("model.safetensors", "no .safetensors file"),
        ("tokenizer.json", "tokenizer"),
    ],
)
def test_a_llama_folder_that_lacks_a_file_is_refused(
    llama: Path, tmp_path: Path, lost: str, told: str
) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(llama, folder)
    (folder / lost).unlink()
    with pytest.raises(WeightsUnusable, match=told):
        convert(folder, CHECKPOINT, tmp_path / "out")


@pytest.mark.parametrize(
    "sizes",
    [
        "[]",
        '{"rms_norm_eps": null}',
        '{"rms_norm_eps": 1e-5, "hidden_size": "wide"}',
        '{"rms_norm_eps": 1e-5, "hidden_size": 64, "num_attention_heads": 7}',
        '{"llama": {"rms_norm_eps": 1e-5}, "audio_encoder": {}, "qformer": {}, "aggregator": {}}',
    ],
)
def test_sizes_that_cannot_be_are_refused_in_words(
    llama: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sizes: str
) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(llama, folder)
    (folder / "config.json").write_text(sizes)
    assert main(command(folder, CHECKPOINT, tmp_path / "out")) == 2
    assert f"read {folder / 'config.json'}: " in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    llama: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(command(llama, CHECKPOINT, tmp_path / "file" / "out")) == 2
    assert "file" in capsys.readouterr().err


def test_a_shard_that_is_missing_shows_in_the_names_of_its_tensors(
    llama: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(llama, folder)
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    first = {name: one for name, one in weights.items() if "layers.1." not in name}
    save_file(first, folder / "model-00001-of-00002.safetensors")
    with pytest.raises(WeightsUnusable, match=r"missing: layers\.1\.input_layernorm\.weight"):
        convert(folder, CHECKPOINT, tmp_path / "out")


def test_a_tensor_in_two_files_is_refused(llama: Path, tmp_path: Path) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(llama, folder)
    shutil.copy(folder / "model.safetensors", folder / "old.safetensors")
    with pytest.raises(WeightsUnusable, match="is in another file too"):
        convert(folder, CHECKPOINT, tmp_path / "out")


def test_an_existing_folder_is_never_overwritten(llama: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="exists already"):
        convert(llama, CHECKPOINT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
