"""Run a benchmark by its name: ``python -m evals.bench NAME …``; without a name they are listed."""

import runpy
import sys
from pathlib import Path

from evals.bench.page import told_of

NAMES = (
    "turn", "frameworks", "growth", "workloads", "packages", "scale", "measure",
    "toolkits", "gama", "startup", "sandbox", "library", "load", "soak",
)  # fmt: skip
"""Modules of this package that print figures."""


def main() -> None:
    """Run the benchmark that the command line names; what follows goes to it."""
    name, given = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in NAMES:
        for one in NAMES:
            if _is_there(one):
                print(f"{one:<12}{told_of(one)[0]}")
        raise SystemExit(0 if name in ("", "-h", "--help") else 2)
    sys.argv = [f"python -m evals.bench {name}", *given]
    runpy.run_module(f"evals.bench.{name}", run_name="__main__")


def _is_there(name: str) -> bool:
    here = Path(__file__).parent
    return (here / f"{name}.py").exists() or (here / name / "__main__.py").exists()


if __name__ == "__main__":
    main()
