"""Fill in a prompt: one Markdown file each, strict about names, foreign text held apart as data."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grym_synth.plain_text import inert

_UNFIT = re.compile(r"[^\w .,:#~/-]+")
"""What a name of data may not hold."""


def render(name: str, **values: object) -> str:
    """The text of a prompt.

    Args:
        name: the file's name without ``.md``.
        values: what its variables stand for; each one that it names must be given.

    Raises:
        jinja2.TemplateError: there is no such prompt, or a variable is not given.
    """
    return _environment().get_template(f"{name}.md").render(values).strip() + "\n"


def as_data(text: str, name: str) -> str:
    """Foreign text between delimiters that it can't close or forge, nor can it begin a control
    token such as ``<|im_start|>``.

    Args:
        text: what a user, a file or a model wrote.
        name: what it is, for the model to refer to.
    """
    label = _UNFIT.sub(" ", name).strip()
    return f'<data name="{label}">\n{inert(str(text)).strip()}\n</data>'


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    made.filters["data"] = as_data
    made.filters["inert"] = inert
    return made
