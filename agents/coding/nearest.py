"""The recipe that is nearest to a request: tested source that a model can learn the ways from."""

import re
from collections import Counter
from functools import cache
from importlib import resources

from agents.recipes.catalog import RECIPES

_USUAL = "gain"
"""Shown where no recipe is near."""
_LONGEST = 6000
"""Characters."""
_WORD = re.compile(r"[^\W\d_]{3,}")


def nearest_recipe(request: str) -> str:
    """The name of the recipe that has most in common with a request; rare words count more."""
    said = _stems(request) | _stems(request.replace("-", ""))
    rarity = _rarity()
    scores = {name: sum(rarity[one] for one in said & _words_of(name)) for name in RECIPES}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else _USUAL


def recipe_source(name: str) -> str:
    """The source of the module that holds a recipe; cut at its end where it is long."""
    module = RECIPES[name].module or RECIPES[_USUAL].module
    text = resources.files("agents.recipes").joinpath(f"{module}.py").read_text(encoding="utf-8")
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition("\n\n\n")[0]


@cache
def _words_of(name: str) -> frozenset[str]:
    recipe = RECIPES[name]
    fields = " ".join(recipe.parameters.model_fields)
    return _stems(f"{name} {recipe.label} {recipe.says} {fields}".replace("_", " "))


@cache
def _rarity() -> dict[str, float]:
    """One over the number of recipes that a word is about."""
    counts = Counter(word for name in RECIPES for word in _words_of(name))
    return {word: 1 / count for word, count in counts.items()}


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a text, so that endings don't matter."""
    return frozenset(word[:6] for word in _WORD.findall(text.casefold()) if word not in _COMMON)


_COMMON = frozenset(
    {"the", "and", "for", "what", "that", "change", "between", "out", "both", "cut"}
)
