"""The vectors of sounds: how long they are, and what their distances mean."""

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 78
"""Timbre 20 and its motion 20, envelope 8, attack, length and events 3, rhythm 27."""
NEAR = 1.5
"""Distance at which two sounds count half alike."""


def alikeness(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike sounds at a distance are: 1 for the same, a half at ``NEAR``, towards 0."""
    alike: NDArray[np.float32] = 1 / (1 + np.square(distance / np.float32(NEAR)))
    return alike
