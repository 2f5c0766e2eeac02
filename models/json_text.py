"""JSON objects in what a model wrote: in code fences, amid prose, with trailing commas."""

import json
import re
from typing import NoReturn

from pydantic import JsonValue

_MARKS = re.compile(r'["{}\\]')
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)


def json_objects(text: str) -> list[dict[str, JsonValue]]:
    """The outermost complete JSON objects of a text, in their order.

    What is cut off is not completed, and nothing inside it is taken for a whole: a part of a plan
    is not a plan.
    """
    found: list[dict[str, JsonValue]] = []
    at = text.find("{")
    while at >= 0:
        end = _end_of_object(text, at)
        if end is None:
            break
        value = _parsed(text[at:end])
        if value is not None:
            found.append(value)
        at = text.find("{", end)
    return found


def _end_of_object(text: str, start: int) -> int | None:
    depth, quoted, at = 0, False, start
    while mark := _MARKS.search(text, at):
        at = mark.end()
        match mark.group():
            case "\\":
                at += quoted
            case '"':
                quoted = not quoted
            case brace if not quoted:
                depth += 1 if brace == "{" else -1
                if depth == 0:
                    return at
    return None


def _parsed(text: str) -> dict[str, JsonValue] | None:
    for form in (text, _STRING_OR_COMMA.sub(r"\1", text)):
        try:
            value = json.loads(form, strict=False, parse_constant=_refused)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) else None
    return None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
