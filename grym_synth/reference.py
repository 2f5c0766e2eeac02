"""The reference pages, made from the code: ``python -m grym_synth.reference FOLDER``.

``commands.md`` is what ``--help`` says, ``settings.md`` what the settings' fields say, ``api.md``
the docstrings of the six names for programs.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer import Context
from typer.cli import get_docs_for_click
from typer.main import get_command

from grym_synth.async_studio import AsyncStudio, open_async_studio
from grym_synth.cli import app
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Event

_NAMES = (open_studio, Studio, open_async_studio, AsyncStudio, TurnResult, Event)
_MODULE = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")
_MADE = "<!-- made by `make docs`; edit the code instead -->\n\n"


def commands_page() -> str:
    """Every command with its arguments and options."""
    command = get_command(app)
    told = get_docs_for_click(obj=command, ctx=Context(command), name="grym")
    return _MADE + told.replace("&#x27;", "'").strip() + "\n"


def settings_page() -> str:
    """Every setting with its variable, default and meaning."""
    rows = [f"| `{name}` | {default} | {says} |" for name, default, says in _settings(Settings)]
    head = (
        "# Settings\n\nEach is an environment variable. A list or an object is written as JSON.\n\n"
        "| variable | default | what it is |\n|---|---|---|\n"
    )
    return _MADE + head + "\n".join(rows) + "\n"


def api_page() -> str:
    """The names for programs with their signatures and docstrings."""
    parts = ["# Reference for programs\n\nExamples are in [python.md](python.md).\n"]
    for one in _NAMES:
        parts.append(f"\n## `{one.__module__}.{one.__name__}`\n\n{_told(one)}")
        if inspect.isclass(one) and issubclass(one, BaseModel):
            parts.append("\n" + "".join(_field(*item) for item in one.model_fields.items()))
        elif inspect.isclass(one):
            parts += [f"\n### `{name}`\n\n{_told(method)}" for name, method in _methods(one)]
    return _MADE + "".join(parts)


def _settings(model: type[BaseModel], prefix: str = "GRYM_") -> Iterator[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation, f"{variable}__")
        else:
            yield variable, _default(field), _one_line(field.description or "")


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in (None, "", (), PydanticUndefined) or isinstance(value, SecretStr):
        return ""
    return f"`{value}`" if not isinstance(value, tuple) else f"`{', '.join(map(str, value))}`"


def _methods(owner: type) -> list[tuple[str, Callable[..., object]]]:
    found = inspect.getmembers(owner, inspect.isfunction)
    return [(name, one) for name, one in found if not name.startswith("_")]


def _told(one: Callable[..., object]) -> str:
    text = (inspect.getdoc(one) or "").replace("``", "`")
    is_model = inspect.isclass(one) and issubclass(one, BaseModel)
    signature = "" if is_model else f"```python\n{one.__name__}{_signature(one)}\n```\n\n"
    return f"{signature}{text}\n"


def _signature(one: Callable[..., object]) -> str:
    told = inspect.signature(one)
    shown = [str(part).partition(" = <function")[0] for part in told.parameters.values()]
    return _MODULE.sub("", f"({', '.join(shown)})")


def _field(name: str, field: FieldInfo) -> str:
    return f"- `{name}`: `{_MODULE.sub('', inspect.formatannotation(field.annotation))}`\n"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")


PAGES = {"commands.md": commands_page, "settings.md": settings_page, "api.md": api_page}


def main(folder: Path) -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
