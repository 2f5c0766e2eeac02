"""Run a benchmark and keep its figures for the page.

``python -m evals.bench.record startup`` runs ``python -m evals.bench.startup`` and writes
``evals/results/startup.json``; what follows the name goes to the benchmark. Benchmarks print one
JSON object, or ``name value`` lines; ``python -m evals.bench.page`` makes the page of them.
"""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

from pydantic import JsonValue

from evals.bench.machine import machine
from evals.bench.results import RESULTS, keep, made_now
from grym_synth.errors import BadInput


def figures_in(output: str) -> dict[str, JsonValue]:
    """The figures that a benchmark printed.

    Args:
        output: one JSON object, or ``name value`` lines.

    Raises:
        BadInput: it is neither.
    """
    if output.lstrip().startswith("{"):
        told = json.loads(output)
        return {**told}
    found: dict[str, JsonValue] = {}
    for line in output.strip().splitlines():
        name, _, value = line.partition(" ")
        found[name] = _number(value)
    if not found or "" in found.values():
        do = "See `python -m evals.bench.record --help`"
        raise BadInput("reading a benchmark's figures", f"there are none in {output!r}", do)
    return found


def _number(text: str) -> JsonValue:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def main() -> None:
    """Run one benchmark and keep what it printed; exit as it did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", help="module name below evals.bench")
    parser.add_argument("--into", type=Path, default=RESULTS, help="folder of the result")
    asked, given = parser.parse_known_args()
    command = ["python", "-m", f"evals.bench.{asked.benchmark}", *given]
    where = machine()
    done = subprocess.run([sys.executable, *command[1:]], stdout=subprocess.PIPE, text=True)
    result = made_now(asked.benchmark, shlex.join(command), figures_in(done.stdout))
    print(keep(result.model_copy(update={"machine": where}), asked.into))
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
