"""``grym assets list | gc``: the files of a home, and what of them can go."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grym_synth.options import HomeOption, JsonOption, make_settings

assets_app = typer.Typer(
    help="Show the files of all projects, and remove those that none knows any more.",
    no_args_is_help=True,
)

_MIB = 2**20


@assets_app.command(name="list")
def list_assets(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the files that projects know, the largest first."""
    from grym_synth.house import held_in

    held = held_in(make_settings(home))
    if as_json:
        print(json.dumps([asdict(one) for one in held]))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("MiB", "kind", "name", "projects"):
        table.add_column(column, overflow="fold", justify="right" if column == "MiB" else "left")
    for one in held:
        size = f"{one.size_bytes / _MIB:.1f}"
        table.add_row(size, one.kind, Text(one.name), Text(", ".join(one.projects)))
    Console().print(table)
    print(f"{len(held)} files, {sum(one.size_bytes for one in held) / _MIB:.1f} MiB")


@assets_app.command()
def gc(
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go; nothing is removed")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove files that no project and no conversation knows, and what cut-off work left."""
    from grym_synth.house import collect

    done = collect(make_settings(home), dry=dry)
    if as_json:
        print(json.dumps(asdict(done)))
        return
    says = "would go" if dry else "removed"
    what = f"{done.files} files and {done.scratch} folders of cut-off workflows"
    print(f"{says}: {what}, {done.size_bytes / _MIB:.1f} MiB")
