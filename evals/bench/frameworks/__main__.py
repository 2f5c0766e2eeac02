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
an environment that is deleted afterwards; ``--python`` names one that has them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import JsonValue

from evals.bench.frameworks.environment import make_environment, version_in
from evals.bench.frameworks.job import Turn
from evals.bench.frameworks.summary import WARM, more_tokens_from, ratios, summary
from evals.bench.table import table

ROOT = Path(__file__).parents[3]
OURS = {"grym": "grym-synth", "langgraph": "langgraph"}
"""What runs in this environment, and the distribution whose version it has."""

PEERS = {"langgraph-supervisor": "langgraph-supervisor", "deepagents": "deepagents"}


@contextmanager
def contestant(python: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that does the turns that it is told to do."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANGSMITH_TRACING": "false"}
    command = [str(python), "-m", "evals.bench.frameworks.contestant", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def race(pythons: Mapping[str, Path], turns: int) -> dict[str, list[Turn]]:
    """Let all contestants do a turn each, again and again.

    Raises:
        RuntimeError: one of them failed; it has told why on standard error.
    """
    done: dict[str, list[Turn]] = {name: [] for name in pythons}
    with ExitStack() as held:
        running = {
            name: held.enter_context(contestant(python, name)) for name, python in pythons.items()
        }
        for number in range(1, turns + 1):
            for name, process in running.items():
                assert process.stdin is not None
                assert process.stdout is not None
                print(number, file=process.stdin, flush=True)
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError(f"{name} ended in turn {number}")
                done[name].append(Turn(**json.loads(line)))
    return done


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


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help=f"more than {WARM}")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--install", action="store_true", help="install the other frameworks")
    where.add_argument("--python", type=Path, help="the Python of an environment that has them")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    asked = parser.parse_args()
    if asked.turns <= WARM:
        parser.error(f"--turns must be more than {WARM}")
    here = Path(sys.executable)
    pythons = dict.fromkeys(OURS, here)
    with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
        theirs = make_environment(Path(folder) / "venv") if asked.install else asked.python
        if theirs is None:
            print("without --install or --python only LangGraph is compared", file=sys.stderr)
        else:
            pythons |= dict.fromkeys(PEERS, theirs)
        versions = {
            name: version_in(python, (OURS | PEERS)[name]) for name, python in pythons.items()
        }
        figures = figures_of(race(pythons, asked.turns), versions)
    print(json.dumps(figures, indent=2) if asked.json else table(figures))


if __name__ == "__main__":
    main()
