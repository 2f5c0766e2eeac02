"""Run a benchmark and keep its figures for the page.

``python -m evals.bench.record startup`` runs ``python -m evals.bench.startup`` and writes
``evals/results/startup.json``; what follows the name goes to the benchmark. Benchmarks print JSON
objects, or ``name value`` lines; ``python -m evals.bench.page`` makes the page of them.

``python -m evals.bench.record all`` records all of ``PLANNED``, one after another (half an hour on
two cores), and makes the page; run it on a machine that has nothing else to do. It goes on where it
was: what was recorded today with the same command is left out, but for ``--again``. ``--minutes 9``
begins none that is expected to end later.
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from evals.bench.machine import machine
from evals.bench.page import PAGE, page
from evals.bench.results import RESULTS, UNFINISHED, keep, made_now, read_results, today
from grym_synth.errors import BadInput


@dataclass(frozen=True)
class Planned:
    """A benchmark of ``all``."""

    name: str
    words: tuple[str, ...] = ()
    """What it is told."""
    minutes: float = 1.0
    """How long it takes on two cores of a small server, about."""

    @property
    def command(self) -> str:
        """What gives its figures."""
        return command_of(self.name, self.words)


PLANNED = (
    Planned("frameworks", ("--install", "--json", "--minutes", "8"), 8.5),
    Planned("packages", (), 8),
    Planned("toolkits", ("--install",), 3),
    Planned("startup", ("--times", "3"), 1.5),
    Planned("turn"),
    Planned("measure", ("--hour",), 2),
    Planned("gama", ("--tokens", "24", "--repeats", "3"), 1.5),
    Planned("growth", (), 1.5),
    Planned("workloads", ("--turns", "4"), 2),
    Planned("library", ("--json", "--workers", "2")),
    Planned("load", ("--minutes", "0.5")),
    Planned("sandbox"),
)
"""All but what needs a server or an accelerator, and the soak, which takes half an hour."""


def command_of(benchmark: str, given: Sequence[str]) -> str:
    """What a user types for a benchmark."""
    return shlex.join(["python", "-m", f"evals.bench.{benchmark}", *given])


def figures_in(output: str) -> dict[str, JsonValue]:
    """The figures that a benchmark printed.

    Args:
        output: one JSON object, one a line, or ``name value`` lines.

    Raises:
        BadInput: it is none of them.
    """
    if output.lstrip().startswith("{"):
        return _of_objects(output)
    found: dict[str, JsonValue] = {}
    for line in output.strip().splitlines():
        name, _, value = line.partition(" ")
        found[name] = _number(value)
    if not found or "" in found.values():
        do = "See `python -m evals.bench.record --help`"
        raise BadInput("reading a benchmark's figures", f"there are none in {output!r}", do)
    return found


def _of_objects(output: str) -> dict[str, JsonValue]:
    """One object, or those of all lines side by side where they tell the same figures."""
    try:
        return {**json.loads(output)}
    except ValueError:
        told = [json.loads(line) for line in output.splitlines() if line.strip()]
    kinds = list(dict.fromkeys(tuple(one) for one in told))
    found: dict[str, JsonValue] = {}
    for number, names in enumerate(kinds, 1):
        same = [one for one in told if tuple(one) == names]
        beside = {str(at): one for at, one in enumerate(same, 1)}
        found |= same[0] if len(same) == 1 else {f"part_{number}": {**beside}}
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
    where = machine()
    words = ["-m", f"evals.bench.{benchmark}", *given]
    done = subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, text=True)
    if done.returncode == UNFINISHED:
        return UNFINISHED
    try:
        figures = figures_in(done.stdout)
    except (BadInput, ValueError) as fault:
        print(f"{benchmark}: {fault}", file=sys.stderr)
        return done.returncode or 1
    result = made_now(benchmark, command_of(benchmark, given), figures)
    print(keep(result.model_copy(update={"machine": where}), into), flush=True)
    return done.returncode


def left_of(planned: Sequence[Planned], into: Path) -> list[Planned]:
    """What was not recorded today with the command that is planned.

    Args:
        planned: all that is wanted.
        into: folder of the results.
    """
    held = {one.command for one in read_results(into) if one.date == today()}
    return [one for one in planned if one.command not in held]


def record_all(into: Path, minutes: float, again: bool) -> tuple[list[Planned], list[str]]:
    """Record all that is planned, as far as the time allows.

    Args:
        into: folder of the results.
        minutes: none is begun that is expected to end later.
        again: also what was recorded today.

    Returns:
        What is left, and the names of those that failed or missed their target.
    """
    wanted = list(PLANNED) if again else left_of(PLANNED, into)
    until, left, failed = time.monotonic() + 60 * minutes, list[Planned](), list[str]()
    for one in wanted:
        if time.monotonic() + 60 * one.minutes > until:
            left.append(one)
        elif code := record(one.name, one.words, into):
            (left.append(one) if code == UNFINISHED else failed.append(one.name))
    return left, failed


def main() -> None:
    """Run one benchmark, or all, and keep what they printed; exit as the last that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", help="module name below evals.bench, or all")
    parser.add_argument("--into", type=Path, default=RESULTS, help="folder of the result")
    asked, given = parser.parse_known_args()
    if asked.benchmark != "all":
        planned = {one.name: one.words for one in PLANNED}
        words = given or planned.get(asked.benchmark, ())
        raise SystemExit(record(asked.benchmark, words, asked.into))
    whole = argparse.ArgumentParser(prog="python -m evals.bench.record all")
    whole.add_argument("--minutes", type=float, default=60.0, help="end after so long, about")
    whole.add_argument("--again", action="store_true", help="also what was recorded today")
    wish = whole.parse_args(given)
    left, failed = record_all(asked.into, wish.minutes, wish.again)
    if asked.into == RESULTS:
        PAGE.write_text(page(read_results()), encoding="utf-8")
    if left:
        names = ", ".join(one.name for one in left)
        print(f"left: {names}; run it again", file=sys.stderr)
    if failed:
        raise SystemExit(f"not well: {', '.join(failed)}")


if __name__ == "__main__":
    main()
