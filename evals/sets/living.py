"""Which sets can be run with a user's own models, and why the others can't."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.roles.casting import Casting, Part
from agents.roles.models import INSTRUMENTS, Choice, Role
from evals.sets.items import EvalSet
from grym_synth.errors import BadInput
from grym_synth.settings import Settings


@dataclass(frozen=True)
class Cast:
    """Who is there."""

    models: Mapping[Role, str]
    """By role, those that have one."""
    missing: Mapping[Role, str]
    """Why the others have none."""


def cast_of(settings: Settings) -> Cast:
    """The models that roles have now, as a turn would have them.

    Raises:
        BadInput: a setting names no model that its role can have.
    """
    parts = Casting(settings).cast(Choice())
    models = {role: one.used for role, one in parts.items() if one.used != INSTRUMENTS}
    missing = {role: _why(one) for role, one in parts.items() if one.used == INSTRUMENTS}
    return Cast(models, missing)


def playable(sets: Iterable[EvalSet], cast: Cast) -> tuple[list[EvalSet], dict[str, str]]:
    """The sets in which a model takes part, and why each other set or role is left out.

    Raises:
        BadInput: no role has a model.
    """
    if not cast.models:
        told = "; ".join(f"{role}: {why}" for role, why in cast.missing.items())
        raise BadInput(
            "scoring your own models",
            f"no model was found ({told})",
            "`grym doctor` tells how to get them; or name one with --model ROLE=MODEL",
        )
    chosen, skipped = [], dict[str, str]()
    for one in sets:
        there = [role for role in one.roles if role in cast.models]
        if there:
            chosen.append(one)
        elif one.roles:
            whys = "; ".join(f"{role}: {cast.missing[role]}" for role in one.roles)
            skipped[one.name] = f"no model ({whys})"
        else:
            skipped[one.name] = "only instruments take part in it"
    scored = {role for one in chosen for role in one.roles}
    for role in cast.models:
        if role not in scored:
            skipped[role] = f"none of these sets asks {cast.models[role]}"
    return chosen, skipped


def _why(part: Part) -> str:
    return part.why or "instruments were chosen"
