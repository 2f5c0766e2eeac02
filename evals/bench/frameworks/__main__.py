"""A turn of ours against bare LangGraph, langgraph-supervisor and deepagents.

All do the same turn on one thread over and over: a request with a task for each of three
specialists, about a new file each time, answered by scripted models that take no time. Each
framework is a process of its own, and they take turns. Bare LangGraph has as many supersteps and
model calls as ours. langgraph-supervisor needs two calls more, for of handoffs in parallel its
version carries out only one. The others do not measure, draw, run code, keep evidence, check the
answer or remember anything but messages; ours does in every turn, and the time of its instruments
and of its embedding is told apart. Each framework is as it comes, with short prompts of ours: one
that trims its messages would send fewer.

Tokens are estimated by the same rule for all, on the high side, tool descriptions included and
pictures not. Overheads are processor time: medians of all turns but the first three, and at a turn
the median of the ten up to it. Checkpoints are those of LangGraph's saver for SQLite, of which ours
deletes old ones. ``python -m evals.bench.frameworks --install`` installs the other frameworks into
an environment that is deleted afterwards; ``--python`` names one that has them. With
``--minutes 8`` it stops after so long, with exit code 3, and the next run goes on with the threads.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import JsonValue

from evals.bench.frameworks.environment import environment_in, version_in
from evals.bench.frameworks.job import Turn
from evals.bench.frameworks.summary import WARM, more_tokens_from, ratios, summary
from evals.bench.results import UNFINISHED
from evals.bench.table import table

ROOT = Path(__file__).parents[3]
OURS = {"grym": "grym-synth", "langgraph": "langgraph"}
"""What runs in this environment, and the distribution whose version it has."""

KEPT = Path(tempfile.gettempdir()) / "grym-bench-frameworks"
"""Where a race that is run in parts is kept between them."""

PEERS = {"langgraph-supervisor": "langgraph-supervisor", "deepagents": "deepagents"}


@contextmanager
def contestant(python: Path, name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that does the turns that it is told to do, on the thread of its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANGSMITH_TRACING": "false"}
    command = [str(python), "-m", "evals.bench.frameworks.contestant", name, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def race(
    pythons: Mapping[str, Path], turns: int, folder: Path, seconds: float = math.inf
) -> dict[str, list[Turn]]:
    """Let all contestants do a turn each, again and again.

    Args:
        pythons: what runs each of them.
        turns: how many, with those that the folder holds already.
        folder: where threads and turns are kept.
        seconds: stop after so long.

    Raises:
        RuntimeError: one of them failed; it has told why on standard error.
    """
    began, kept = time.monotonic(), folder / "turns.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    rounds = [json.loads(line) for line in lines]
    with ExitStack() as held, kept.open("a", encoding="utf-8") as file:
        running = {
            name: held.enter_context(contestant(python, name, folder / name))
            for name, python in pythons.items()
        }
        while len(rounds) < turns and time.monotonic() - began < seconds:
            number = len(rounds) + 1
            rounds.append({name: _turn(name, one, number) for name, one in running.items()})
            print(json.dumps(rounds[-1]), file=file, flush=True)
    return {name: [Turn(**one[name]) for one in rounds] for name in pythons}


def _turn(name: str, process: subprocess.Popen[str], number: int) -> dict[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    print(number, file=process.stdin, flush=True)
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{name} ended in turn {number}")
    told: dict[str, float] = json.loads(line)
    return told


def figures_of(
    done: Mapping[str, Sequence[Turn]], versions: Mapping[str, str]
) -> dict[str, JsonValue]:
    """All figures of a race, as JSON."""
    summaries = {name: summary(turns) for name, turns in done.items()}
    first = {name: more_tokens_from(done["grym"], turns)
             for name, turns in done.items() if name != "grym"}  # fmt: skip
    return {
        "frameworks": {name: {"version": versions[name], **one} for name, one in summaries.items()},
        "ratios_to_grym": {name: {**one} for name, one in ratios(summaries, "grym").items()},
        "sends_more_tokens_than_grym_from_turn": {**first},
        "turns": len(done["grym"]),
    }


def run(asked: argparse.Namespace, folder: Path) -> dict[str, JsonValue]:
    """Race in a folder, and tell the figures; exit with 3 where turns are left.

    Args:
        asked: the command line.
        folder: where everything is kept.
    """
    pythons = dict.fromkeys(OURS, Path(sys.executable))
    theirs = environment_in(folder / "venv") if asked.install else asked.python
    if theirs is None:
        print("without --install or --python only LangGraph is compared", file=sys.stderr)
    else:
        pythons |= dict.fromkeys(PEERS, theirs)
    versions = {name: version_in(python, (OURS | PEERS)[name]) for name, python in pythons.items()}
    done = race(pythons, asked.turns, folder, 60 * (asked.minutes or math.inf))
    if (held := len(done["grym"])) < asked.turns:
        print(f"{held} of {asked.turns} turns are done; run it again to go on", file=sys.stderr)
        raise SystemExit(UNFINISHED)
    return figures_of(done, versions)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help=f"more than {WARM}")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--install", action="store_true", help="install the other frameworks")
    where.add_argument("--python", type=Path, help="the Python of an environment that has them")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    parser.add_argument("--minutes", type=float, help="stop after so long; run it again to go on")
    asked = parser.parse_args()
    if asked.turns <= WARM:
        parser.error(f"--turns must be more than {WARM}")
    if asked.minutes is None:
        with tempfile.TemporaryDirectory(prefix="grym-bench-") as made:
            figures = run(asked, Path(made))
    else:
        KEPT.mkdir(parents=True, exist_ok=True)
        figures = run(asked, KEPT)
        shutil.rmtree(KEPT)
    print(json.dumps(figures, indent=2) if asked.json else table(figures))


if __name__ == "__main__":
    main()
