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
    most = max(scale.replicas, scale.most_replicas)
    replicas = _deployment(
        Replica,
        name=REPLICAS,
        autoscaling_config={
            "min_replicas": scale.replicas,
            "max_replicas": most,
            "target_ongoing_requests": scale.at_once,
        },
        max_ongoing_requests=scale.at_once,
        ray_actor_options={"num_cpus": scale.processors, "num_gpus": scale.gpus},
    )

    def door() -> Starlette:
        handle = serve.get_deployment_handle(REPLICAS, app_name=APPLICATION)
        served = [
            Served(
                name, OnReplicas(name, handle, opening), scale.at_once * most, scale.most_waiting
            )
            for name in names
        ]
        return service_app(served, terms())

    entrance = _deployment(
        serve.ingress(door)(),
        name=DOOR,
        max_ongoing_requests=10_000,
        ray_actor_options={"num_cpus": 0},
    )
    return entrance.bind(replicas.bind(opening, len(names)))


def _deployment(runs: type, **options: object) -> serve.Deployment:
    """What Ray keeps running; one that is taken away may end what it answers."""
    made = serve.deployment(
        runs,
        graceful_shutdown_timeout_s=DRAIN_SECONDS,
        health_check_period_s=2.0,
        **options,  # type: ignore[arg-type]
    )
    assert isinstance(made, serve.Deployment)
    return made
