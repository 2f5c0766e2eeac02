"""All sets, by name."""

from evals.sets.coding import CODING
from evals.sets.conflicts import CONFLICTS
from evals.sets.distilling import DISTILLING
from evals.sets.grounding import GROUNDING
from evals.sets.injections import INJECTIONS
from evals.sets.items import EvalSet
from evals.sets.music import MUSIC
from evals.sets.packages import PACKAGES
from evals.sets.planning import PLANNING
from evals.sets.retrieval import RETRIEVAL
from evals.sets.routing import ROUTING
from evals.sets.vision import VISION
from evals.sets.workflows import WORKFLOWS

_ALL = (
    ROUTING, PLANNING, DISTILLING, CONFLICTS, GROUNDING, INJECTIONS, PACKAGES, VISION, CODING,
    WORKFLOWS, MUSIC, RETRIEVAL,
)  # fmt: skip

SETS: dict[str, EvalSet] = {one.name: one for one in _ALL}
"""The quick ones first."""
