"""Labelled sentences: how many a check lets through that it should, and stops that it should."""

from pydantic import JsonValue

from evals.sets.items import Json, Mark, marks


def judged(wanted: Json, outputs: Json, label: str) -> dict[str, JsonValue]:
    """The marks of an item's sentences.

    Args:
        wanted: holds ``sentences``, each with its ``text`` and its label.
        outputs: hold ``passed``, a truth value for each sentence in order.
        label: the key that says whether a sentence should pass.
    """
    held, passed = wanted["sentences"], outputs.get("passed")
    told = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    got = passed if isinstance(passed, list) else [not one[label] for one in told]
    pairs = [(one, bool(one[label]), bool(let)) for one, let in zip(told, got, strict=True)]
    wrong = [
        f"{'stopped' if true else 'let through'}: {one['text']}"
        for one, true, let in pairs
        if true != let
    ]
    good, bad = (
        [let == true for _, true, let in pairs if true == right] for right in (True, False)
    )
    return marks(
        Mark("judged", len(pairs) - len(wrong), len(pairs), " | ".join(wrong)),
        Mark(f"{label}_passed", sum(good), len(good)),
        Mark(f"not_{label}_stopped", sum(bad), len(bad)),
    )
