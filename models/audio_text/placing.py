"""Where a model's weights go, and how small they have to be made to fit there."""

from dataclasses import dataclass

from transformers import BitsAndBytesConfig

from models.devices import FreeBytes, can_quantise, free_bytes, in_4_bits, too_large

_GIB = 2**30
_INT4_SHARE = 0.38
"""Of 16-bit weights, what NF4 leaves: 5.8 of 15.4 GiB for a decoder of 7 B beside its encoder."""
_WORKING_BYTES = _GIB
"""Activations and buffers at most; cache of a minute of sound and a short answer is within it."""
_LEAST_WORKING_SHARE = 0.25
"""Small models need less: no more than this share of their weights."""
_KEPT = ["audio_tower", "model.audio_tower", "multi_modal_projector",
         "model.multi_modal_projector", "lm_head"]  # fmt: skip
"""Linear layers that are never quantised."""


@dataclass(frozen=True)
class Placing:
    """A device, and whether the decoder is quantised to 4 bits there."""

    device: str
    int4: bool

    @property
    def quantisation(self) -> BitsAndBytesConfig | None:
        """What ``from_pretrained`` is told of it."""
        if not self.int4:
            return None
        return in_4_bits(_KEPT)


def place(name: str, weight_bytes: int, device: str, free: FreeBytes = free_bytes) -> Placing:
    """Where a checkpoint with weights of 16 bits goes.

    Args:
        name: the model, for the error.
        weight_bytes: of its files.
        device: the one that is wanted.
        free: measures a device.

    Raises:
        NotEnoughMemory: it doesn't fit, even in 4 bits where these can be.
    """
    left = free(device)
    working = min(_WORKING_BYTES, round(_LEAST_WORKING_SHARE * weight_bytes))
    need = weight_bytes + working
    if need <= left:
        return Placing(device, int4=False)
    small = round(_INT4_SHARE * weight_bytes) + working
    if can_quantise() and small <= left:
        return Placing(device, int4=True)
    raise too_large(name, small if can_quantise() else need, left, device)
