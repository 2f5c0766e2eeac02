"""An environment of the other frameworks' own: they are no dependencies of this project."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PEERS = ("langgraph-supervisor==0.0.31", "deepagents==0.7.32")
SHARED = ("langchain-core", "langgraph", "langgraph-checkpoint-sqlite", "pydantic")
"""What every contestant stands on, in the versions that are installed here."""


def make_environment(folder: Path) -> Path:
    """Install the frameworks into a new environment, from the package index.

    Args:
        folder: where it is made.

    Returns:
        Its Python.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    wanted = [*PEERS, *(f"{name}=={version(name)}" for name in SHARED)]
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


def version_in(python: Path, package: str) -> str:
    """Which version of a package an environment has.

    Args:
        python: the environment's Python.
        package: the distribution's name.
    """
    asks = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run(
        [str(python), "-c", asks], check=True, capture_output=True, text=True
    ).stdout.strip()
