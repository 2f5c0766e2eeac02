"""``grym serve``: the roles' models behind an OpenAI-compatible API."""

from typing import Annotated

import typer

from agents.roles.models import ROLES, Role
from grym_synth.errors import BadInput
from grym_synth.options import ModelOption, ProfileOption, make_settings, say


def serve(
    roles: Annotated[
        list[str] | None, typer.Argument(help="Roles whose models are served; by default all")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Where it listens")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=256, help="Requests that a model answers at once")
    ] = 1,
    most_waiting: Annotated[
        int, typer.Option("--most-waiting", min=0, help="Requests that may wait for a model")
    ] = 32,
    ray: Annotated[
        bool, typer.Option("--ray", help="Run the models in replicas of Ray Serve")
    ] = False,
    ray_address: Annotated[
        str, typer.Option("--ray-address", help="A running Ray cluster (default: one of its own)")
    ] = "",
    replicas: Annotated[
        int, typer.Option("--replicas", min=1, max=1000, help="With --ray: always so many")
    ] = 1,
    most_replicas: Annotated[
        int, typer.Option("--most-replicas", min=1, max=1000, help="With --ray: at most so many")
    ] = 1,
    gpus: Annotated[
        float, typer.Option("--gpus", min=0, help="With --ray: GPUs of each replica")
    ] = 0.0,
    model: ModelOption = None,
    profile: ProfileOption = None,
) -> None:
    """Serve the models of roles as persistent services; /v1, /healthz, /readyz and /metrics."""
    from grym_synth.serving import serve as run
    from grym_synth.serving import served_models

    settings = make_settings(None, model, profile)
    if ray:
        from grym_synth.serving import served_specs
        from grym_synth.serving_ray import Cluster, serve_on_ray
        from models.service.scale import Scale

        named = [*served_specs(settings, [_role(one) for one in roles or ()])]
        say(f"Serving {', '.join(named)} with Ray at http://{host}:{port}/v1")
        scale = Scale(replicas, most_replicas, at_once, most_waiting, gpus=gpus)
        serve_on_ray(named, Cluster(host, port, ray_address, scale), settings)
        return
    served = served_models(settings, [_role(one) for one in roles or ()], at_once, most_waiting)
    say(f"Serving {', '.join(one.name for one in served)} at http://{host}:{port}/v1")
    run(served, host, port, settings)


def _role(name: str) -> Role:
    role = next((one for one in ROLES if one == name), None)
    if role is None:
        raise BadInput(f"serving {name}", "it is no role", f"Name one of {', '.join(ROLES)}")
    return role
