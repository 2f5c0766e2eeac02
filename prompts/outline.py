"""The form of an answer as a model reads it, made from the same schema that it is held to."""

import json
from functools import cache

from pydantic import BaseModel, JsonValue

from models.schema import form_schema

_INDENT = "  "


@cache
def outline(form: type[BaseModel]) -> str:
    """A form in few words: an object with its keys, their kinds, and what each one means."""
    schema = form_schema(form)
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)
    return _told(schema, definitions, "")


def _told(node: JsonValue, definitions: dict[str, JsonValue], indent: str) -> str:
    if not isinstance(node, dict):
        return "anything"
    if isinstance(reference := node.get("$ref"), str):
        return _told(definitions[reference.rsplit("/", 1)[-1]], definitions, indent)
    if isinstance(choices := node.get("enum"), list):
        return " | ".join(json.dumps(one) for one in choices)
    if "const" in node:
        return json.dumps(node["const"])
    if isinstance(either := node.get("anyOf"), list):
        return " | ".join(_told(one, definitions, indent) for one in either)
    if node.get("type") == "array":
        return f"[{_told(node.get('items'), definitions, indent)}, ...]"
    if isinstance(properties := node.get("properties"), dict):
        return _object(properties, definitions, indent)
    if node.get("type") == "object":
        return "{NAME: " + _told(node.get("additionalProperties"), definitions, indent) + ", ...}"
    return str(node.get("type", "anything"))


def _object(
    properties: dict[str, JsonValue], definitions: dict[str, JsonValue], indent: str
) -> str:
    inner = indent + _INDENT
    lines = []
    for name, node in properties.items():
        says = node.get("description", "") if isinstance(node, dict) else ""
        note = f"  // {' '.join(str(says).split())}" if says else ""
        lines.append(f'{inner}"{name}": {_told(node, definitions, inner)}{note}')
    return "{\n" + "\n".join(lines) + f"\n{indent}}}"
