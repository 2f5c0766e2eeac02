"""What comes out of each stage of the model on one clip, for comparison with the reference."""

from contextlib import ExitStack

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from models.gama.modeling import GamaForConditionalGeneration


@torch.no_grad()
def stages_of(
    model: GamaForConditionalGeneration, features: Tensor, ids: Tensor
) -> dict[str, Tensor]:
    """Run a clip and a prompt, and keep what each stage gives.

    Args:
        model: In float32.
        features: (1, 1024, 128).
        ids: The prompt without places for the clip, (1, tokens).

    Returns:
        Stages by the names that golden sets use, in the model's order; ``logits`` are those of the
        text's places.
    """
    config, stack = model.config, model.model.audio_stack
    watched: dict[str, nn.Module] = {
        "patch_embed": stack.encoder.patch_embedding,
        "block0": stack.encoder.layers[0],
        "enc_last": stack.encoder.norm,
        "pooled": stack.encoder,
        **{f"agg{index + 1}": layer for index, layer in enumerate(stack.aggregator)},
        "qformer_in": stack.qformer_norm,
        "qformer_out": stack.qformer,
        "proj_qformer": stack.qformer_projection,
        "proj_aggregator": stack.aggregator_projection,
        "audio_embeds": stack,
        "llm_last_hidden_all": model.model.language_model,
    }
    found: dict[str, Tensor] = {}
    with ExitStack() as held:
        for name, module in watched.items():
            held.callback(_keep(module, name, found).remove)
        places = torch.full((1, config.audio_places), config.audio_token_index or 0)
        inputs = torch.cat([places, ids], dim=1)
        logits = model(input_ids=inputs, input_features=features).logits
    found["patch_embed"] = found["patch_embed"].flatten(2).transpose(1, 2)
    found["llm_inputs_embeds"] = model.model.embed(inputs, features)
    return {**found, "logits": logits[:, config.audio_places :]}


def _keep(module: nn.Module, name: str, found: dict[str, Tensor]) -> RemovableHandle:
    def keep(_: nn.Module, __: object, output: Tensor) -> None:
        found[name] = getattr(output, "last_hidden_state", output)

    return module.register_forward_hook(keep)
