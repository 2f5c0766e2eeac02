"""The JSON schema of a wanted form, closed so that a constrained model can't run on."""

from functools import cache

from pydantic import BaseModel, JsonValue

from models.base import JsonSchema


@cache
def form_schema(form: type[BaseModel]) -> JsonSchema:
    """The schema of a form in which every object is closed and every property required.

    Without ``additionalProperties: false`` a constrained model writes keys until its tokens are
    spent; a property that may be left out is left out.
    """
    schema = _closed(form.model_json_schema())
    if not isinstance(schema, dict):
        raise TypeError("a model's schema is an object")
    return schema


def _closed(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    if node.get("type") != "object" or not isinstance(properties, dict):
        return {
            key: _closed(value) for key, value in node.items() if key not in ("title", "default")
        }
    named: dict[str, JsonValue] = {name: _closed(value) for name, value in properties.items()}
    return {
        **{
            key: _closed(value) for key, value in node.items() if key not in ("title", "properties")
        },
        "properties": named,
        "required": list(named),
        "additionalProperties": False,
    }
