"""``grym project``: what projects there are and what each knows."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from grym_synth.options import HomeOption, JsonOption, make_settings, say

project_app = typer.Typer(
    help="Make, show, set, forget, export and repair projects.", no_args_is_help=True
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
    from grym_synth.studio import open_memory

    with open_memory(make_settings(home)) as memory:
        found = memory.projects()
    if as_json:
        print(json.dumps([summary.model_dump(mode="json") for summary in found]))
        return
    for summary in found:
        print(f"{summary.name}: {summary.turns} turns, {summary.findings} findings")
    if not found:
        print("no project yet: the first request makes one")


@project_app.command()
def show(name: Name = "default", home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show a project's settings, assets and current findings."""
    from grym_synth.result import show_finding
    from grym_synth.studio import open_memory
    from grym_synth.tables import findings_table

    with open_memory(make_settings(home)) as memory:
        memory.require_project(name)
        settings, assets = memory.settings(name), memory.assets(name)
        findings = tuple(map(show_finding, memory.findings(name)))
        conflicts = memory.conflicts(name)
    if as_json:
        parts = {"settings": settings, "assets": assets, "findings": findings,
                 "conflicts": conflicts}  # fmt: skip
        shown = {
            key: [word.model_dump(mode="json") for word in part] for key, part in parts.items()
        }
        print(json.dumps({"project": name, **shown}))
        return
    say(f"**{name}**")
    for setting in settings:
        say(f"- {setting.field}: {setting.value}")
    for asset in assets:
        say(f"- asset {asset.id[:12]} {asset.name} ({asset.kind})")
    findings_table(findings)


@project_app.command(name="set")
def set_field(
    field: Annotated[
        str, typer.Argument(help="goal, style, constraint, deadline, section or element")
    ],
    value: Annotated[str, typer.Argument(help="What it is, in your words")],
    project: InProject = "default",
    home: HomeOption = None,
) -> None:
    """State a goal, style guideline, constraint, deadline, section or element."""
    from grym_synth.studio import open_memory
    from memory.repository import make_setting

    setting = make_setting(field, value)
    with open_memory(make_settings(home)) as memory:
        memory.ensure_project(project)
        memory.set(project, setting)
    print(f"{project}: {setting.field} is {setting.value}")


@project_app.command()
def history(
    name: Name = "default",
    thread: Annotated[str | None, typer.Option("--thread", help="Only this thread")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was asked and answered, oldest first."""
    from grym_synth.studio import open_memory

    with open_memory(make_settings(home)) as memory:
        memory.require_project(name)
        turns = memory.history(name, thread)
    if as_json:
        print(json.dumps([turn.model_dump(mode="json") for turn in turns]))
        return
    for turn in turns:
        say(f"**{turn.thread} {turn.turn}** ({turn.when}): {turn.request}")
        say(turn.answer)


@project_app.command()
def forget(
    name: Name,
    thread: Annotated[str | None, typer.Option("--thread", help="Only this thread")] = None,
    asset: Annotated[
        str | None, typer.Option("--asset", help="Only this asset (id or the start of it)")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Really remove a project, one of its threads, or one of its assets."""
    from grym_synth.forgetting import forget as really_forget

    print(really_forget(make_settings(home), name, thread, asset))


@project_app.command()
def export(
    name: Name = "default",
    to: Annotated[
        Path | None, typer.Option("--to", help="A new folder (default ./NAME.grym)")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write all that a project knows, with its assets, into a new folder."""
    from grym_synth.studio import open_studio

    target = to or Path(f"{name}.grym")
    with open_studio(settings=make_settings(home)) as studio:
        studio.deps.repository.require_project(name)
        missing = studio.deps.repository.export(name, target, studio.deps.assets)
    print(f"project {name} was exported to {target.absolute()}")
    if missing:
        print(f"missing in this home: {', '.join(ref.name for ref in missing)}", file=sys.stderr)
        raise typer.Exit(1)


@project_app.command()
def repair(home: HomeOption = None) -> None:
    """Check memory and checkpoints, rebuild the search index, set what is damaged aside."""
    from grym_synth.studio import open_memory
    from memory.checkpoints import set_aside_damaged

    settings = make_settings(home)
    with open_memory(settings) as memory:
        print(memory.repair())
        if aside := set_aside_damaged(settings.home_path / "checkpoints.sqlite"):
            print(f"the checkpoints were damaged: threads begin anew; the old file is {aside}")
