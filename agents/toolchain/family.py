"""The documented family: what is built without a model, and what can be set of it."""

from agents.toolchain.kinds.dynamics import DYNAMICS
from agents.toolchain.kinds.effects import EFFECTS
from agents.toolchain.kinds.filters import FILTERS
from agents.toolchain.kinds.kind import Kind

KINDS: dict[str, Kind] = {**FILTERS, **DYNAMICS, **EFFECTS}


def family_text() -> str:
    """The members of the family, for answers."""
    return ", ".join(one.label for one in KINDS.values())
