"""Figures as Markdown tables: what is the same of several things stands side by side."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

EMPTY = ""


def table(figures: Mapping[str, JsonValue]) -> str:
    """All figures, those that are objects of objects as tables of their own.

    Args:
        figures: values, objects of values, and objects of such objects by what they are of.
    """
    plain: dict[str, JsonValue] = {}
    parts: list[str] = []
    for name, value in figures.items():
        if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
            parts.append(_side_by_side(name, value))
        else:
            plain |= dict(_flat(name, value))
    if plain:
        rows = (f"| {_words(name)} | {_shown(value)} |" for name, value in plain.items())
        parts.append("\n".join(("| figure | value |", "|---|---|", *rows)))
    return "\n\n".join(parts)


def _side_by_side(name: str, value: Mapping[str, JsonValue]) -> str:
    columns = {key: dict(_flat(EMPTY, one)) for key, one in value.items()}
    keys = dict.fromkeys(key for one in columns.values() for key in one)
    head = f"| {_words(name)} | {' | '.join(columns)} |"
    rows = (
        f"| {_words(key)} | {' | '.join(_shown(one.get(key)) for one in columns.values())} |"
        for key in keys
    )
    return "\n".join((head, "|---" * (len(columns) + 1) + "|", *rows))


def _flat(name: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if not isinstance(value, dict):
        yield name, value
        return
    for key, part in value.items():
        yield from _flat(f"{name}: {key}" if name else key, part)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: JsonValue) -> str:
    """A value as a reader needs it: three digits, thousands apart."""
    match value:
        case None:
            return "–"
        case bool() | str():
            return str(value)
        case int():
            return f"{value:,}".replace(",", " ")
        case float():
            digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
            text = f"{value:,.{digits}f}".replace(",", " ")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)
