"""Building packages and searching at a thousand, ten thousand and a hundred thousand entries.

Each size is one run of ``evals.bench.scale`` in a process of its own: one large project of that
many entries beside nine small ones, made-up vectors. Milliseconds are medians and 95th percentiles.
``python -m evals.bench packages [--entries 1000 10000 100000]`` prints one JSON object.
"""

import argparse
import json
import subprocess
import sys

from pydantic import JsonValue

from evals.bench.record import figures_in

SIZES = (1_000, 10_000, 100_000)
PROJECTS = 10


def figures_at(entries: int) -> dict[str, JsonValue]:
    """What ``evals.bench.scale`` prints at one size."""
    command = ["-m", "evals.bench.scale", "--entries", str(entries), "--projects", str(PROJECTS)]
    done = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, text=True, check=True)
    return figures_in(done.stdout)


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="Packages and searches, by size of the memory.")
    parser.add_argument("--entries", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    print(json.dumps({"entries": {f"{one:,}": figures_at(one) for one in asked.entries}}))


if __name__ == "__main__":
    main()
