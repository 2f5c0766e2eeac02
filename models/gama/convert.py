"""Convert the published files of GAMA into one folder that ``from_pretrained`` loads.

``python -m models.gama.convert --llama DIR --gama DIR/pytorch_model.bin --out DIR``
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, GenerationConfig, PreTrainedTokenizerBase

from grym_synth.errors import BadInput, GrymError, WeightsUnusable
from models.gama.assembly import Assembly, is_audio, weights_of
from models.gama.configuration import GamaConfig
from models.gama.feature_extraction import GamaFeatureExtractor
from models.gama.keys import check, recipes
from models.gama.processing import GamaProcessor
from models.gama.published import open_gama, open_llama, read_config, read_key_list

_DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
_SHARD_BYTES = 2**30


def convert(
    llama: Path,
    gama: Path,
    out: Path,
    dtype: torch.dtype = torch.bfloat16,
    shard_bytes: int = _SHARD_BYTES,
) -> int:
    """Write a model folder: all of it, or nothing.

    Args:
        llama: A plain Llama-2-7b-chat-hf folder: ``config.json``, tokenizer, ``.safetensors``.
        gama: The ``pytorch_model.bin`` of stage 4 (GAMA) or 5 (GAMA-IT).
        out: A folder that doesn't exist yet.
        dtype: Of the decoder; the audio stack stays in float32.
        shard_bytes: Largest size of one file; memory of about twice that is needed.

    Returns:
        How many parameters the model has.

    Raises:
        WeightsUnusable: Files are missing, or don't match the model tensor by tensor.
        BadInput: ``out`` exists, or its disk is too small.
    """
    config = read_config(llama)
    tokenizer = _tokenizer(llama)
    assembly = Assembly.of(config, open_llama(llama), open_gama(gama))
    shards = list(_shards(assembly, dtype, shard_bytes))
    _check_room(out, sum(size for _, size in shards))
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as held:
        folder = Path(held) / "model"
        folder.mkdir()
        _write_weights(assembly, [names for names, _ in shards], dtype, folder)
        _write_rest(config, tokenizer, dtype, folder)
        folder.rename(out)
    return sum(torch.Size(shape).numel() for shape in assembly.shapes.values())


def dry_run(llama: Path, gama: Path) -> int:
    """Match files, or JSON lists of their keys, with the model, and write nothing.

    Returns:
        How many parameters the model has.

    Raises:
        WeightsUnusable: As ``convert`` does.
    """
    if llama.suffix != ".json":
        config, base = read_config(llama), open_llama(llama).shapes
    else:
        config, base = GamaConfig(), read_key_list(llama)
    adapter = read_key_list(gama) if gama.suffix == ".json" else open_gama(gama).shapes
    shapes = weights_of(config)
    check(shapes, recipes(shapes, config, adapter), base, adapter)
    return sum(torch.Size(shape).numel() for shape in shapes.values())


def _shards(assembly: Assembly, dtype: torch.dtype, most: int) -> Iterator[tuple[list[str], int]]:
    """Group weights, in the model's order, into files: their names and bytes."""
    names: list[str] = []
    held = 0
    for name, shape in assembly.shapes.items():
        size = torch.Size(shape).numel() * (4 if is_audio(name) else dtype.itemsize)
        if names and held + size > most:
            yield names, held
            names, held = [], 0
        names.append(name)
        held += size
    yield names, held


def _check_room(out: Path, wanted: int) -> None:
    if out.exists():
        raise BadInput(f"write {out}", "it exists already", "Name a new folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(out.parent).free
    if free < wanted:
        raise BadInput(
            f"write {out}",
            f"it takes {wanted / 2**30:.1f} GiB and {free / 2**30:.1f} GiB are free",
            "Name a folder on another disk, or convert to bfloat16.",
        )


def _write_weights(
    assembly: Assembly, shards: list[list[str]], dtype: torch.dtype, folder: Path
) -> None:
    where: dict[str, str] = {}
    for number, names in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        print(f"writing {file}", file=sys.stderr)
        made = {
            name: assembly.make(name).to(torch.float32 if is_audio(name) else dtype).contiguous()
            for name in names
        }
        save_file(made, folder / file, metadata={"format": "pt"})
        (folder / file).chmod(0o644)  # safetensors makes files that their owner alone can read
        where.update(dict.fromkeys(names, file))
    index = {"metadata": {}, "weight_map": where}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))


def _write_rest(
    config: GamaConfig, tokenizer: PreTrainedTokenizerBase, dtype: torch.dtype, folder: Path
) -> None:
    """Configuration, how the reference samples, and what makes the model's inputs."""
    text = config.text
    config.architectures, config.dtype = ["GamaForConditionalGeneration"], dtype
    config.save_pretrained(folder)
    GenerationConfig(
        bos_token_id=text.bos_token_id,
        eos_token_id=text.eos_token_id,
        pad_token_id=text.pad_token_id or 0,
        do_sample=True,
        temperature=0.1,
        top_p=0.95,
        top_k=500,
        repetition_penalty=1.1,
        max_new_tokens=400,
    ).save_pretrained(folder)
    GamaProcessor(
        GamaFeatureExtractor(max_length=config.audio.max_length),
        tokenizer,
        config.audio_places,
        text.vocab_size,
        text.pad_token_id or 0,
    ).save_pretrained(folder)


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise WeightsUnusable(
            f"read the tokenizer in {folder}",
            str(error).strip().split("\n")[0],
            "The folder needs tokenizer.json, or tokenizer.model and the sentencepiece package.",
        ) from error


def main(arguments: list[str] | None = None) -> int:
    """Convert, or with ``--dry-run`` only match names and shapes."""
    parser = argparse.ArgumentParser(description="Convert GAMA's published files.")
    parser.add_argument("--llama", type=Path, required=True, help="folder of Llama-2-7b-chat-hf")
    parser.add_argument(
        "--gama", type=Path, required=True, help="pytorch_model.bin of stage 4 or 5"
    )
    parser.add_argument("--out", type=Path, help="folder to make")
    parser.add_argument("--dtype", choices=_DTYPES, default="bfloat16", help="of the decoder")
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing; files may be JSON lists of keys"
    )
    chosen = parser.parse_args(arguments)
    if not chosen.dry_run and chosen.out is None:
        parser.error("--out is missing")
    try:
        if chosen.dry_run:
            parameters = dry_run(chosen.llama, chosen.gama)
        else:
            parameters = convert(chosen.llama, chosen.gama, chosen.out, _DTYPES[chosen.dtype])
    except (GrymError, OSError) as error:  # a full disk, a folder that can't be written
        print(error, file=sys.stderr)
        return 2
    print(f"{parameters:,} parameters" + ("" if chosen.dry_run else f" in {chosen.out}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
