"""The page of benchmarks, made of the results that are kept.

``python -m evals.bench.page`` writes ``docs/benchmarks.md``; ``--check`` exits with 1 where it is
not what the results give.
"""

import argparse
import ast
import textwrap
from collections.abc import Sequence
from pathlib import Path

from evals.bench.results import RESULTS, Result, read_results
from evals.bench.table import table

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Made by `python -m evals.bench.page` from the files in `evals/results`, each of which is what
`python -m evals.bench.record NAME` kept. Figures of one table are of one run on one machine;
across machines and runs only their ratios say anything.
"""


def page(results: Sequence[Result]) -> str:
    """The page as Markdown: a section for each result."""
    return "\n".join((_HEAD, *map(_section, results)))


def _section(result: Result) -> str:
    title, text = told_of(result.benchmark)
    command = f"`{result.command}`, {result.date}"
    parts = (f"## {title}", text, command, f"On {result.machine}.", table(result.figures))
    return "\n\n".join(part for part in parts if part) + "\n"


def told_of(benchmark: str) -> tuple[str, str]:
    """What a benchmark says of itself: its title, and the rest.

    Args:
        benchmark: module name below ``evals.bench``.
    """
    folder = Path(__file__).parent
    package = folder / benchmark / "__main__.py"
    source = package if package.exists() else folder / f"{benchmark}.py"
    told = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or benchmark
    title, _, rest = told.replace("``", "`").partition("\n")
    paragraphs = (" ".join(part.split()) for part in rest.strip().split("\n\n"))
    wrapped = (textwrap.fill(one, 100, break_on_hyphens=False) for one in paragraphs if one)
    return title.rstrip("."), "\n\n".join(wrapped)


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args()
    made = page(read_results(asked.results))
    if asked.check:
        raise SystemExit(PAGE.read_text(encoding="utf-8") != made)
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
