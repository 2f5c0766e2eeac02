"""What the specialists can do, in words for the boss: made from the same lists that check it."""

from functools import cache

from pydantic import JsonValue

from agents.recipes.catalog import RECIPES, Parameters
from agents.seeing.operations import CROP, LOOK, OPERATIONS, SCALES
from audio.aspects import ASPECTS, PROFILE


@cache
def aspects_text() -> str:
    """Every measured aspect with its unit and what it says, a line each."""
    return "\n".join(_aspect(name) for name in PROFILE)


@cache
def drawings_text() -> str:
    """What qwen_vl can do, on one line."""
    part = ", ".join(CROP)
    more = {
        "spectrogram": f" (scale: {' or '.join(SCALES)}; of a part: {part})",
        LOOK: f" (at a sound, or at a part of it: {part})",
    }
    return ", ".join(f"{one}{more.get(one, '')}" for one in OPERATIONS)


@cache
def recipes_text() -> str:
    """What the coder has recipes for, with the ranges of their parameters, a line each."""
    return "\n".join(
        f"- {name}({', '.join(_parameters(recipe.parameters))}): {recipe.says}"
        for name, recipe in RECIPES.items()
    )


def _aspect(name: str) -> str:
    aspect = ASPECTS[name]
    kind = aspect.unit or ("list" if aspect.kind == "list" else aspect.kind)
    return f"- {name} [{kind}]: {aspect.says}"


def _parameters(form: type[Parameters]) -> list[str]:
    rules = form.model_json_schema().get("properties", {})
    return [f"{name}{_range(rule)}" for name, rule in rules.items()]


def _range(rule: dict[str, JsonValue]) -> str:
    """The values that a parameter takes, and what it has when it is left out."""
    either = rule.get("anyOf")
    kinds = [rule, *(one for one in (either if isinstance(either, list) else [])
                     if isinstance(one, dict))]  # fmt: skip
    told = ""
    for kind in kinds:
        if isinstance(choices := kind.get("enum"), list):
            told = " " + "|".join(map(str, choices))
        elif "minimum" in kind and "maximum" in kind:
            told = f" {kind['minimum']:g}..{kind['maximum']:g}"
    default = rule.get("default")
    return told + (f" = {default}" if default is not None else "")
