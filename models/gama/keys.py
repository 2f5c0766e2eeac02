"""Which tensors of the published files each weight of the model is made from.

Published names lose their wrappers' prefixes here: ``base_model.model.`` is PEFT's, ``model.``
Llama's. LoRA factors are named ``X.lora_A.weight`` and ``X.lora_B.weight``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grym_synth.errors import WeightsUnusable
from models.gama.configuration import GamaConfig

Shape = tuple[int, ...]

_DEAD = re.compile(
    r"""audio_encoder\.blocks_a\.\d+\.norm[12]_[av]\..*
    |audio_encoder\.blocks_u\.\d+\.norm[12](_v)?\..*
    |audio_encoder\.norm_[jk]\..*
    |audio_aggregator_layer_\d+\.(crossattention|intermediate_query|output_query)\..*
    |Qformer\.bert\.embeddings\.position_ids
    |layers\.\d+\.self_attn\.rotary_emb\.inv_freq""",
    re.VERBOSE,
)
"""Names that no output of the reference depends on: visual norms, a discarded cross-attention."""

_AUDIO = re.compile(r"audio_|Qformer\.|query_tokens$|qformer_proj_norm\.")
"""The audio part's names; a Llama folder prepared for GAMA may hold untrained copies of them."""

_ADAPTED = re.compile(r"layers\.\d+\.self_attn\.[qv]_proj")
"""The layers that GAMA's adapters change; a file without their factors is incomplete."""

_BLOCK = {"attention.": "attn.", "fc1.": "mlp.fc1.", "fc2.": "mlp.fc2."}
_AGGREGATOR = {
    "attention.proj.": "attention.output.dense.",
    "norm1.": "attention.output.LayerNorm.",
    "fc1.": "intermediate.dense.",
    "fc2.": "output.dense.",
    "norm2.": "output.LayerNorm.",
}
_REST = {
    "encoder.patch_embedding.": "audio_encoder.patch_embed_a.proj.",
    "encoder.position_embedding": "audio_encoder.pos_embed_a",
    "encoder.modality_embedding": "audio_encoder.modality_a",
    "encoder.norm.": "audio_encoder.norm_a.",
    "qformer_norm.": "qformer_proj_norm.",
    "qformer_projection.fc1.": "audio_proj_qformer.0.",
    "qformer_projection.fc2.": "audio_proj_qformer.2.",
    "aggregator_projection.fc1.": "audio_proj_audioenc.0.",
    "aggregator_projection.fc2.": "audio_proj_audioenc.2.",
    "qformer.layernorm.": "Qformer.bert.embeddings.LayerNorm.",
    "qformer.encoder.": "Qformer.bert.encoder.",
}


@dataclass(frozen=True)
class Recipe:
    """How one weight is made."""

    sources: tuple[str, ...]
    """Published tensors, joined along their first axis if there are several."""
    lora: str | None = None
    """The layer whose LoRA factors are added, if it has any."""


def canonical(name: str) -> str:
    """A published name without its wrappers' prefixes."""
    bare = name.removeprefix("base_model.model.").removeprefix("model.")
    return re.sub(r"\.(lora_[AB])\.default\.weight$", r".\1.weight", bare)


def recipes(
    targets: Collection[str], config: GamaConfig, adapted: Collection[str]
) -> dict[str, Recipe]:
    """Say of each weight what it is made from.

    Args:
        targets: Names in the model's state dict.
        config: The model's sizes.
        adapted: Canonical names of the adapter's tensors.
    """
    lora = {name.removesuffix(".lora_A.weight") for name in adapted if ".lora_A." in name}
    return {one: _recipe(one, config, lora) for one in targets}


def _recipe(target: str, config: GamaConfig, lora: Collection[str]) -> Recipe:
    if not target.startswith("model.audio_stack."):
        source = target.removeprefix("model.").removeprefix("language_model.")
        layer = source.removesuffix(".weight")
        has_lora = layer in lora or _ADAPTED.fullmatch(layer) is not None
        return Recipe((source,), layer if has_lora else None)
    name = target.removeprefix("model.audio_stack.")
    if match := re.fullmatch(r"encoder\.layers\.(\d+)\.(.+)", name):
        return Recipe((_encoder_block(int(match[1]), match[2], config),))
    if match := re.fullmatch(r"aggregator\.(\d+)\.(.+)", name):
        layer = f"audio_aggregator_layer_{int(match[1]) + 1}."
        if match[2].startswith("attention.qkv."):
            kind = match[2].removeprefix("attention.qkv.")
            parts = ("query", "key", "value")
            return Recipe(tuple(f"{layer}attention.self.{part}.{kind}" for part in parts))
        return Recipe((layer + _renamed(match[2], _AGGREGATOR),))
    name = _renamed(name, _REST)
    return Recipe((name.replace("attention.attention.", "attention.self."),))


def _encoder_block(index: int, part: str, config: GamaConfig) -> str:
    """The last block is CAV-MAE's shared one, of which the audio branch has norms of its own."""
    last = config.audio.num_hidden_layers - 1
    part = _renamed(part, _BLOCK)
    if index < last:
        return f"audio_encoder.blocks_a.{index}.{part}"
    return "audio_encoder.blocks_u.0." + re.sub(r"^(norm[12])", r"\1_a", part)


def _renamed(name: str, beginnings: Mapping[str, str]) -> str:
    for ours, theirs in beginnings.items():
        if name.startswith(ours):
            return theirs + name.removeprefix(ours)
    return name


def check(
    wanted: Mapping[str, Shape],
    made_from: Mapping[str, Recipe],
    base: Mapping[str, Shape],
    adapter: Mapping[str, Shape],
) -> None:
    """Refuse files that lack a tensor, hold one that nobody knows, or one of another shape.

    Args:
        wanted: The model's weights and their shapes.
        made_from: Their recipes.
        base: Canonical names and shapes in the Llama folder.
        adapter: Canonical names and shapes in GAMA's own file.

    Raises:
        WeightsUnusable: With the names.
    """
    llama = {name: shape for name, shape in base.items() if not _AUDIO.match(name)}
    ours = {**llama, **adapter}
    used = {name for recipe in made_from.values() for name in recipe.sources}
    factors = {
        f"{recipe.lora}.lora_{side}.weight"
        for recipe in made_from.values()
        if recipe.lora
        for side in "AB"
    }
    _refuse("is missing", (used | factors) - set(ours))
    unknown = {name for name in set(ours) - used - factors if not _DEAD.fullmatch(name)}
    _refuse("is not known", unknown)
    _refuse("is in both files", {name for name in set(llama) & used if name in adapter})
    _refuse("has another shape than the sizes say", _misshapen(wanted, made_from, ours))


def _misshapen(
    wanted: Mapping[str, Shape], made_from: Mapping[str, Recipe], found: Mapping[str, Shape]
) -> set[str]:
    wrong: set[str] = set()
    for target, recipe in made_from.items():
        shapes = [found[name] for name in recipe.sources]
        rows = sum(shape[0] for shape in shapes if shape)
        if any((rows, *shape[1:]) != wanted[target] for shape in shapes):
            wrong.update(recipe.sources)
        if recipe.lora:
            names = [f"{recipe.lora}.lora_{side}.weight" for side in "AB"]
            wrong.update(_misshapen_factors(wanted[target], names, found))
    return wrong


def _misshapen_factors(
    wanted: Shape, names: Sequence[str], found: Mapping[str, Shape]
) -> Sequence[str]:
    """Which factors, (rank, inputs) and (outputs, rank), can't be of a matrix of this shape."""
    (down_name, down), (up_name, up) = ((name, found[name]) for name in names)
    wrong = [down_name] if len(down) != 2 or down[1] != wanted[-1] else []
    wrong += [up_name] if len(up) != 2 or up[:1] != wanted[:-1] else []
    return names if not wrong and up[1] != down[0] else wrong


def _refuse(what: str, names: Collection[str]) -> None:
    if names:
        shown = ", ".join(sorted(names)[:20])
        more = f" and {len(names) - 20} more" if len(names) > 20 else ""
        raise WeightsUnusable(
            "match the files with the model",
            f"{len(names)} tensor(s), each of which {what}: {shown}{more}",
            "Give the files as published: plain Llama-2-7b-chat-hf, and GAMA's stage 4 or 5.",
        )
