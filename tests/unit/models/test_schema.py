from pydantic import BaseModel, ConfigDict, Field

from models.schema import form_schema


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = ""
    default: int = Field(default=1, ge=1)


class Plan(BaseModel):
    steps: tuple[Step, ...] = ()
    extra: dict[str, int] = {}


def test_every_object_of_a_form_is_closed_and_all_of_it_required() -> None:
    schema = form_schema(Plan)
    step = schema["$defs"]["Step"]  # type: ignore[index, call-overload]

    assert schema["additionalProperties"] is False
    assert schema["required"] == ["steps", "extra"]
    assert step["required"] == ["title", "default"]  # type: ignore[index, call-overload]
    assert "title" not in schema
