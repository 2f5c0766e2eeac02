"""The service as an application of Ray Serve: a door that speaks HTTP, and replicas behind it."""

from collections.abc import Callable, Sequence

from ray import serve
from starlette.applications import Starlette

from models.service.app import Terms, service_app
from models.service.replicas import OnReplicas, Opening, Replica
from models.service.scale import Scale
from models.service.served import Served

APPLICATION, REPLICAS, DOOR = "grym", "models", "door"
"""Names within Ray Serve."""

DRAIN_SECONDS = 60.0
"""How long a replica that is taken away may end what it answers."""


def clustered(
    names: Sequence[str], opening: Opening, terms: Callable[[], Terms], scale: Scale
) -> serve.Application:
    """Make the application.

    Args:
        names: what clients call the models.
        opening: opens one, in a replica.
        terms: what the service allows; read where the door is, so that no key is sent around.
        scale: how many processes answer.
    """
    autoscaling = {
        "min_replicas": scale.replicas,
        "max_replicas": max(scale.replicas, scale.most_replicas),
        "target_ongoing_requests": scale.at_once,
    }
    replicas = serve.deployment(
        Replica,
        name=REPLICAS,
        autoscaling_config=autoscaling,
        max_ongoing_requests=scale.at_once,
        ray_actor_options={"num_cpus": scale.processors, "num_gpus": scale.gpus},
        graceful_shutdown_timeout_s=DRAIN_SECONDS,
        health_check_period_s=2.0,
    )

    def door() -> Starlette:
        handle = serve.get_deployment_handle(REPLICAS, app_name=APPLICATION)
        at_once = scale.at_once * max(scale.replicas, scale.most_replicas)
        served = [
            Served(name, OnReplicas(name, handle, opening), at_once, scale.most_waiting)
            for name in names
        ]
        return service_app(served, terms())

    entrance: serve.Deployment = serve.deployment(
        _with_http(door),
        name=DOOR,
        max_ongoing_requests=10_000,
        ray_actor_options={"num_cpus": 0},
        graceful_shutdown_timeout_s=DRAIN_SECONDS,
    )
    application: serve.Application = entrance.bind(replicas.bind(opening, len(names)))
    return application


def _with_http(door: Callable[[], Starlette]) -> type:
    made: type = serve.ingress(door)()
    return made
