"""Which way of running scripts this platform has."""

import sys

from agents.sandbox.plain import PlainChild
from agents.sandbox.runs import Runner


def open_runner(platform: str = sys.platform) -> Runner:
    """The sandbox on Linux; elsewhere a child process that takes the project's own recipes only.

    Raises:
        SandboxRefused: this is Linux, and no sandbox withstood the attacks.
    """
    if platform == "linux":
        from agents.sandbox.host import Sandbox  # needs modules that only Linux has

        return Sandbox.open()
    return PlainChild()
