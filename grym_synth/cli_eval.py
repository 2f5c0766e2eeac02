"""``grym eval``: sets that score the parts of the studio, on instruments or on models."""

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from grym_synth.options import JsonOption, ModelOption, ProfileOption


def evaluate(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sets; by default the quick ones, `all` for every")
    ] = None,
    dataset: Annotated[
        Path | None, typer.Option("--dataset", help="Your own file or folder in the set's form")
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("--most", min=1, help="At most so many items of each (with --live 20)"),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Score your own models, for a report to post")
    ] = False,
    misses: Annotated[bool, typer.Option("--misses", help="List what was not right")] = False,
    upload: Annotated[
        bool, typer.Option("--upload", help="Send items and scores to LangSmith (needs its key)")
    ] = False,
    keep_baseline: Annotated[
        bool, typer.Option("--keep-baseline", help="Write the scores down as the new baselines")
    ] = False,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score sets of requests, facts, pictures and sounds; exit 1 when one fell below its baseline.

    Without --model, --profile or --live, instruments alone take part and nothing leaves the
    machine.
    """
    from grym_synth.evaluating import Wish, evaluate_all

    wish = Wish(
        names=tuple(names or ()), dataset=dataset, most=most, live=live, upload=upload,
        models=tuple(model or ()), profile=profile,
    )  # fmt: skip
    told = evaluate_all(wish)
    if keep_baseline:
        told.keep_baselines(datetime.now(UTC).date().isoformat())
    if as_json:
        print(json.dumps(told.as_json()))
    else:
        made = f"grym-synth {version('grym-synth')}, {datetime.now(UTC).date().isoformat()}"
        told.show(made, misses=misses)
    raise typer.Exit(0 if keep_baseline else told.exit_code)
