"""How many processes answer for the service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How many processes answer."""

    replicas: int = 1
    """Always there."""
    most_replicas: int = 1
    """At most, as load asks for them."""
    at_once: int = 1
    """Requests that each works on together."""
    most_waiting: int = 32
    """Requests that may wait for a model."""
    processors: float = 1.0
    """Processor cores that each takes of the cluster's."""
    gpus: float = 0.0
    """Graphics processors that each takes; a part of one is shared."""
