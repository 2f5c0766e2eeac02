"""Bytes that weights take in each precision."""

import math
from collections.abc import Sequence
from typing import Literal, get_args

Precision = Literal["float32", "bfloat16", "float16", "int8", "int4"]
"""Of a decoder; with ``int8`` and ``int4`` its linear layers, the rest having 16 bits."""
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

WIDTHS = {"float32": 4, "bfloat16": 2, "float16": 2, "int8": 2, "int4": 2}
"""Bytes of a number that is not quantised."""
QUANTISED = ("int8", "int4")
"""In these, the largest layer is held once more while it is used, twice over in 16 bits."""

_NF4_BLOCK = 64
"""Weights that share a scale of one byte; 256 scales share a scale of four bytes (QLoRA, 2023)."""


def linear_bytes(shape: Sequence[int], precision: Precision) -> int:
    """Bytes of a linear layer's weights, with their scales."""
    weights = math.prod(shape)
    if precision == "int8":  # and a float32 scale for each row
        return weights + 4 * shape[0]
    if precision == "int4":
        blocks = -(-weights // _NF4_BLOCK)
        return weights // 2 + blocks + 4 * -(-blocks // 256)
    return weights * WIDTHS[precision]
