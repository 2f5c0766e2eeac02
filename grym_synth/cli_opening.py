"""``grym project open``: look into what a handle names, as the supervisor does."""

import json
from typing import Annotated

import typer

from grym_synth.options import HomeOption, JsonOption, make_settings, say_line


def open_handle(
    handle: Annotated[
        str,
        typer.Argument(
            help="p (the project), p:files, s:chorus, e:lead-vocal, a:…, t:main/12, f:…; "
            "#2 behind it is its second page"
        ),
    ] = "p",
    project: Annotated[str, typer.Option("--project", help="The project's name")] = "default",
    tokens: Annotated[int, typer.Option(min=100, max=100_000, help="Most tokens")] = 1200,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a place, a file, a turn or an entry, page by page."""
    from agents.opening.opening import Opener
    from grym_synth.studio import read_memory

    with read_memory(make_settings(home)) as memory:
        memory.require_project(project)
        items = Opener(memory, project, tokens).open(handle)
    if as_json:
        print(json.dumps([item.model_dump(mode="json") for item in items]))
        return
    for item in items:
        say_line(item.text)
