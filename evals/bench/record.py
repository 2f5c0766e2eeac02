"""Run a benchmark and keep its figures for the page.

``python -m evals.bench.record startup`` runs ``python -m evals.bench.startup`` and writes
``evals/results/startup.json``; what follows the name goes to the benchmark. Benchmarks print one
JSON object, or ``name value`` lines; ``python -m evals.bench.page`` makes the page of them.

``python -m evals.bench.record all`` records all that is quick enough, one after another, and makes
the page; run it on a machine that has nothing else to do.
"""

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from evals.bench.machine import machine
from evals.bench.page import PAGE, page
from evals.bench.results import RESULTS, keep, made_now, read_results
from grym_synth.errors import BadInput

ALL = (
    ("startup",),
    ("turn",),
    ("measure",),
    ("toolkits", "--install"),
    ("sandbox",),
    ("gama", "--tokens", "24", "--repeats", "3"),
    ("growth",),
    ("workloads",),
    ("library", "--json", "--workers", "2"),
    ("load", "--minutes", "0.5"),
    ("packages",),
)
"""All but ``frameworks``, which takes ten minutes, and what needs a server or an accelerator."""


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


def record(benchmark: str, given: Sequence[str], into: Path) -> int:
    """Run a benchmark and keep what it printed.

    Args:
        benchmark: module name below ``evals.bench``.
        given: what it is told.
        into: folder of the result.

    Returns:
        Its exit code.
    """
    command = ["python", "-m", f"evals.bench.{benchmark}", *given]
    where = machine()
    done = subprocess.run([sys.executable, *command[1:]], stdout=subprocess.PIPE, text=True)
    try:
        figures = figures_in(done.stdout)
    except (BadInput, ValueError) as fault:
        print(f"{benchmark}: {fault}", file=sys.stderr)
        return done.returncode or 1
    result = made_now(benchmark, shlex.join(command), figures)
    print(keep(result.model_copy(update={"machine": where}), into), flush=True)
    return done.returncode


def main() -> None:
    """Run one benchmark, or all, and keep what they printed; exit as the last that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", help="module name below evals.bench, or all")
    parser.add_argument("--into", type=Path, default=RESULTS, help="folder of the result")
    asked, given = parser.parse_known_args()
    if asked.benchmark != "all":
        raise SystemExit(record(asked.benchmark, given, asked.into))
    failed = [name for name, *words in ALL if record(name, words, asked.into)]
    if asked.into == RESULTS:
        PAGE.write_text(page(read_results()), encoding="utf-8")
    if failed:
        raise SystemExit(f"not well: {', '.join(failed)}")


if __name__ == "__main__":
    main()
