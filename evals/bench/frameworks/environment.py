"""An environment of the other frameworks' own: they are no dependencies of this project."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PEERS = ("langgraph-supervisor==0.0.31", "deepagents==0.7.32")
SHARED = ("langchain-core", "langgraph", "langgraph-checkpoint-sqlite", "pydantic")
"""What every contestant stands on, in the versions that are installed here."""


def environment_in(folder: Path) -> Path:
    """Install the frameworks into an environment, from the package index, unless it is there.

    Args:
        folder: where it is made.

    Returns:
        Its Python.
    """
    python, done = folder / "bin" / "python", folder / "complete"
    if done.exists():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    wanted = [*PEERS, *(f"{name}=={version(name)}" for name in SHARED)]
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
    done.touch()
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
