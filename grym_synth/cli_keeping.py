"""``grym project forget | export | import | repair``: what concerns a project as a whole."""

import json
from pathlib import Path
from typing import Annotated

import typer

from grym_synth.options import HomeOption, JsonOption, make_settings, say_line

Name = Annotated[str, typer.Argument(help="The project's name")]


def forget(
    name: Name,
    thread: Annotated[str | None, typer.Option("--thread", help="Only this thread")] = None,
    asset: Annotated[
        str | None, typer.Option("--asset", help="Only this asset (id or the start of it)")
    ] = None,
    entry: Annotated[
        str | None, typer.Option("--entry", help="Only this entry (its id, as search shows it)")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Really remove a project, or one of its threads, assets or entries."""
    from grym_synth.forgetting import forget as really_forget

    say_line(really_forget(make_settings(home), name, thread, asset, entry))


def export(
    name: Name = "default",
    to: Annotated[
        Path | None, typer.Option("--to", help="A new folder (default ./NAME.grym)")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write all that a project knows, with its assets, into a new folder."""
    from audio.assets import AssetStore
    from grym_synth.studio import open_memory

    target, settings = to or Path(f"{name}.grym"), make_settings(home)
    with open_memory(settings) as memory:
        memory.require_project(name)
        missing = memory.export(
            name, target, AssetStore(settings.home_path / "assets", settings.limits)
        )
    say_line(f"project {name} was exported to {target.absolute()}")
    _tell_missing([ref.name for ref in missing], "missing in this home")


def import_project(
    folder: Annotated[Path, typer.Argument(help="What `grym project export` wrote")],
    name: Annotated[
        str | None, typer.Option("--as", help="What it is to be called (default: as it was)")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a project from an exported folder, all of it or nothing."""
    from audio.assets import AssetStore
    from grym_synth.studio import open_memory

    settings = make_settings(home)
    with open_memory(settings) as memory:
        came = memory.import_bundle(
            folder, AssetStore(settings.home_path / "assets", settings.limits), name
        )
    missing = [ref.name for ref in came.missing]
    if as_json:
        told = {"project": came.project, "entries": came.entries, "missing": missing}
        print(json.dumps(told))
    else:
        say_line(f"project {came.project} was imported: {came.entries} entries")
    _tell_missing(missing, "missing in the bundle")


def repair(home: HomeOption = None) -> None:
    """Check memory and checkpoints, rebuild the search index, set what is damaged aside."""
    from grym_synth.studio import open_memory
    from memory.checkpoints import set_aside_damaged
    from memory.databases import servers_of

    settings = make_settings(home)
    with open_memory(settings) as memory:
        print(memory.repair())
        if servers_of(settings).database:
            return
        if aside := set_aside_damaged(settings.home_path / "checkpoints.sqlite"):
            print(f"the checkpoints were damaged: threads begin anew; the old file is {aside}")


def _tell_missing(names: list[str], where: str) -> None:
    """Name the assets that are not there; the command then ends with code 1."""
    if names:
        say_line(f"{where}: {', '.join(names)}", aside=True)
        raise typer.Exit(1)
