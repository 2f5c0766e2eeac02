"""What is not in the documented family."""

from agents.toolchain.family import KINDS, family_text
from agents.toolchain.text_reading import beyond_in, kinds_in, named_heads
from grym_synth.errors import BadInput


class OutsideFamily(BadInput):
    """The specification is of nothing that is built without a model."""


def outside(words: str) -> OutsideFamily:
    """Why a text is of no one member of the family."""
    named, beyond = named_heads(kinds_in(words)), beyond_in(words)
    happened = (
        f"it asks for {beyond}, which is not in the documented family"
        if beyond
        else f"it names {' and '.join(KINDS[one].label for one in named)}; one is built at a time"
        if len(named) > 1
        else "it names nothing of the documented family"
    )
    return OutsideFamily(
        "reading the specification",
        happened,
        f"Ask for one of: {family_text()}; or give the coder a model, which writes other things",
    )
