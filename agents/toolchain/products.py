"""What the steps of a build hand on: words that are kept as files."""

from agents.toolchain.specification import Specification
from agents.workflows.checks import Check
from audio.assets import AssetRef
from memory.context import CodeTrial, Degraded, Word


class Designed(Word):
    """A specification that was read."""

    specification: Specification


class WrittenFile(Word):
    """One file of the package."""

    path: str
    """Relative to the project's folder, with slashes."""
    ref: AssetRef


class Written(Word):
    """The package."""

    files: tuple[WrittenFile, ...]
    wheel: AssetRef
    sdist: AssetRef
    """The source archive."""
    processor: str
    """Name of its class."""
    author: str = ""
    """The string that opens the model that wrote it; empty for the project's own sources."""
    trials: tuple[CodeTrial, ...] = ()
    """The versions that a model wrote."""


class Tried(Word):
    """What came of running the package."""

    checks: tuple[Check, ...]
    files: tuple[WrittenFile, ...] = ()
    """Pictures and tables of what was measured, and further sources."""
    degraded: tuple[Degraded, ...] = ()
