"""``grym studio``: the studio as a page in the browser."""

from typing import Annotated

import typer

from grym_synth.options import HomeOption, ModelOption, ProfileOption, make_settings


def studio(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where it listens; 0: a free one")
    ] = 2727,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the address, and open no browser")
    ] = False,
    home: HomeOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
) -> None:
    """Open the studio as a page in the browser, on this machine alone; Ctrl-C ends it."""
    from grym_synth.web.serving import serve

    settings = make_settings(home, model, profile)
    serve(settings, port, _tell, browse=not no_open)


def _tell(address: str) -> None:
    print(f"The studio is at {address}")
    print("Ctrl-C ends it; work that runs then can be resumed.", flush=True)
