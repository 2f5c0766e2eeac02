"""One contestant in a process of its own: reads turns' numbers, writes what each turn cost.

``python -m evals.bench.frameworks.contestant NAME FOLDER`` is started by the benchmark, with
the Python of the environment that has the framework.
"""

import argparse
import importlib
import json
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Protocol, cast

from evals.bench.frameworks.job import Turn

MODULES = {
    "grym": "ours",
    "langgraph": "bare",
    "langgraph-supervisor": "supervisor_peer",
    "deepagents": "deepagents_peer",
}


class Contestant(Protocol):
    """A framework with an open thread."""

    def turn(self, number: int) -> Turn:
        """Do the turn of a number, which counts from 1, and tell what it cost."""


def main() -> None:
    """Do the turns that are asked for, until there are no more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=MODULES)
    parser.add_argument("folder", type=Path, help="where its thread is kept")
    asked = parser.parse_args()
    module = importlib.import_module(f"evals.bench.frameworks.{MODULES[asked.name]}")
    opens = cast(Callable[[Path], AbstractContextManager[Contestant]], module.open_contestant)
    warnings.simplefilter("ignore")
    with opens(asked.folder) as one:
        for line in sys.stdin:
            print(json.dumps(asdict(one.turn(int(line)))), flush=True)


if __name__ == "__main__":
    main()
