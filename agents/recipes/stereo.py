"""Change the width of a sound."""

from collections.abc import Iterator

import numpy as np

from agents.recipes.sound import Samples, Sound, refuse


def mono(sound: Sound) -> Sound:
    """One channel: the mean of all."""

    def blocks() -> Iterator[Samples]:
        return (block.mean(axis=1, keepdims=True) for block in sound.blocks())

    return Sound(sound.rate, 1, blocks)


def mid_side(sound: Sound, width: float) -> Sound:
    """Scale the difference between left and right: 0 is mono, 1 leaves it, 2 doubles it."""
    if sound.channels != 2:
        refuse(f"the width can be set for two channels only, this has {sound.channels}")

    def change(block: Samples) -> Samples:
        middle = block.mean(axis=1, keepdims=True)
        return np.asarray(middle + width * (block - middle))

    return sound.each(change)
