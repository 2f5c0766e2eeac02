"""``grym serve --ray``: the same service on a Ray cluster, or on one that it starts here."""

import logging
import os
import signal
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from agents.roles.models import ROLES, Role
from grym_synth.errors import BadInput
from grym_synth.private_cluster import keep_private
from grym_synth.serving import check_reach, opened_role
from grym_synth.settings import Settings, read_settings
from models.packages import need_packages
from models.service.app import Terms
from models.service.scale import Scale
from models.service.served import Answers

LATE_SECONDS = 20.0
"""A service that has not ended so long after its replicas should have is ended at once."""

OBJECT_STORE_BYTES = 200_000_000
"""Memory for what is passed between processes: requests and pieces of answers."""


@dataclass(frozen=True)
class OpenedThere:
    """Opens the roles' models in another process, whose own environment has the settings.

    Only what the command line may change is sent, never a key.
    """

    chosen: dict[str, str]

    @classmethod
    def by(cls, settings: Settings) -> "OpenedThere":
        """What opens the models that the settings name."""
        named = (f"{role}_model" for role in ROLES)
        chosen = {name: _absolute(str(getattr(settings, name))) for name in named}
        return cls(chosen | {"models": settings.models})

    def __call__(self, name: str) -> Answers:
        """Open the model of a role."""
        settings = read_settings().model_copy(update=self.chosen)
        role = next(one for one in ROLES if one == name)
        return opened_role(role, settings)


def _absolute(spec: str) -> str:
    """A model's name, whose folder or file is found from anywhere."""
    kind, colon, place = spec.partition(":")
    return f"{kind}:{Path(place).absolute()}" if colon and Path(place).exists() else spec


def terms() -> Terms:
    """What the service allows, by the settings of this process's environment."""
    settings = read_settings()
    return Terms(settings.service_key.get_secret_value(), seconds=settings.model_seconds)


@dataclass(frozen=True)
class Cluster:
    """Where and how the service runs."""

    host: str
    port: int
    address: str
    """Of a running cluster; empty: one is started on this machine, for this process alone."""
    scale: Scale


def serve_on_ray(roles: Sequence[Role], cluster: Cluster, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that are being answered are ended before.

    Raises:
        BadInput: anybody could reach it and no key is set, or there is no such cluster.
        ModelUnavailable: Ray is not installed.
    """
    check_reach(cluster.host, settings)
    need_packages("serving models on Ray", "ray", "starlette", "prometheus_client")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with tempfile.TemporaryDirectory(prefix="grym-ray-") as folder:
        if not cluster.address:
            keep_private(Path(folder))
        with chdir(folder):  # Ray's processes would import from the current folder before all else
            _run(roles, cluster, settings)


def _run(roles: Sequence[Role], cluster: Cluster, settings: Settings) -> None:
    import ray  # it reads the environment at once
    from ray import serve

    from models.service.clustered import APPLICATION, DRAIN_SECONDS, clustered

    _join(cluster)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # not before: Ray sets its own
        signal.signal(number, lambda *_: ended.set())
    try:
        held: Mapping[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        _check_room(cluster.scale, held)
        serve.start(http_options={"host": cluster.host, "port": cluster.port})
        app = clustered(roles, OpenedThere.by(settings), terms, cluster.scale)
        serve.run(app, name=APPLICATION, route_prefix="/", blocking=False)
        ended.wait()
        late = threading.Timer(DRAIN_SECONDS + LATE_SECONDS, os._exit, (1,))
        late.daemon = True
        late.start()
        serve.delete(APPLICATION)
    finally:
        serve.shutdown()  # type: ignore[no-untyped-call]
        ray.shutdown()


def _check_room(scale: Scale, held: Mapping[str, float]) -> None:
    """Refuse what would wait for ever.

    Raises:
        BadInput: the cluster has less than the replicas need that are always there.
    """
    needs = {"CPU": scale.replicas * scale.processors, "GPU": scale.replicas * scale.gpus}
    for name, needed in needs.items():
        if needed > held.get(name, 0):
            raise BadInput(
                f"starting {scale.replicas} replicas",
                f"they need {needed:g} {name}s, and the cluster has {held.get(name, 0):g}",
                "Ask for fewer --replicas or --gpus, or join a larger cluster",
            )


def _join(cluster: Cluster) -> None:
    import ray

    try:
        if cluster.address:
            ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
            return
        ray.init(
            address="local",
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            object_store_memory=OBJECT_STORE_BYTES,
            num_cpus=max(os.cpu_count() or 1, cluster.scale.most_replicas, cluster.scale.replicas),
        )
    except (ConnectionError, ValueError, RuntimeError) as fault:
        raise BadInput(
            "joining the Ray cluster",
            str(fault),
            "Start one with `ray start --head`, or leave --ray-address out",
        ) from fault
