"""Turns that are cut off at a chosen moment."""

from collections.abc import Callable


class Cut(Exception):
    """Ends a turn as a kill would, but within the process."""


def cut_at(node: str, phase: str) -> Callable[[object], None]:
    """A watcher that cuts a turn off."""

    def watch(event: object) -> None:
        if (getattr(event, "node", ""), getattr(event, "kind", "")) == (node, f"node_{phase}"):
            raise Cut

    return watch
