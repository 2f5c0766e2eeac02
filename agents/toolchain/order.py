"""What a user orders of the tool builder."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, JsonValue, ValidationError

from grym_synth.errors import BadInput
from memory.context import Word


class BuildOrder(Word):
    """One processor."""

    spec: Annotated[str, Field(min_length=1, max_length=20_000)]
    """The specification: words, words with a parameter table, TOML or JSON."""
    install: bool = False
    """Whether the package shall be installed; “and install it” among the words asks for it too."""


def order_of(parameters: Mapping[str, JsonValue]) -> BuildOrder:
    """Read an order.

    Args:
        parameters: its fields; ``spec`` is needed.

    Raises:
        BadInput: a field is missing, not known, or has a value that can't be used.
    """
    try:
        return BuildOrder.model_validate(dict(parameters))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(
            "reading the order", f"{where}: {first['msg']}", "docs/building.md has its fields"
        ) from fault
