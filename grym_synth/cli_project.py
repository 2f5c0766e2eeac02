"""``grym project``: what projects there are, and what is stated of each."""

import json
from typing import Annotated

import typer

from grym_synth.cli_keeping import export, forget, import_project, repair
from grym_synth.cli_knowledge import history, note, search, show
from grym_synth.cli_opening import open_handle
from grym_synth.options import HomeOption, JsonOption, make_settings, say_line

project_app = typer.Typer(
    help="Make, show, search, set, forget, export, import and repair projects.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="The project's name")]
InProject = Annotated[str, typer.Option("--project", help="The project's name")]


@project_app.command()
def new(name: Name, home: HomeOption = None) -> None:
    """Make an empty project."""
    from grym_synth.studio import open_memory

    with open_memory(make_settings(home)) as memory:
        memory.ensure_project(name)
    print(f"project {name} is ready")


@project_app.command(name="list")
def list_projects(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the projects of this home."""
    from grym_synth.studio import read_memory

    with read_memory(make_settings(home)) as memory:
        found = memory.projects()
    if as_json:
        print(json.dumps([summary.model_dump(mode="json") for summary in found]))
        return
    for summary in found:
        say_line(f"{summary.name}: {summary.turns} turns, {summary.findings} findings")
    if not found:
        print("no project yet: the first request makes one")


project_app.command()(show)


@project_app.command(name="set")
def set_field(
    field: Annotated[
        str, typer.Argument(help="goal, style, constraint, deadline, section or element")
    ],
    value: Annotated[
        str,
        typer.Argument(help="In your words: “chorus: bars 17-32”, “mix by 1 December”"),
    ],
    project: InProject = "default",
    home: HomeOption = None,
) -> None:
    """State a goal, style guideline, constraint, deadline, section or element."""
    from grym_synth.studio import open_memory
    from memory.filing.names import make_setting
    from memory.filing.records import now

    setting = make_setting(field, value)
    with open_memory(make_settings(home)) as memory:
        memory.ensure_project(project)
        memory.set(project, setting, now(why="stated on the command line"))
    say_line(f"{project}: {setting.field} is {setting.value}")


project_app.command()(note)
project_app.command()(search)
project_app.command(name="open")(open_handle)
project_app.command()(history)
project_app.command()(forget)
project_app.command()(export)
project_app.command(name="import")(import_project)
project_app.command()(repair)
