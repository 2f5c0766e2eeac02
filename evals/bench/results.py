"""Results of benchmarks as files: what was run, when, on which machine, and what it gave."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from evals.bench.machine import machine
from grym_synth.errors import BadInput

RESULTS = Path(__file__).parents[1] / "results"
"""Where committed results lie, one file for each benchmark."""

UNFINISHED = 3
"""Exit code of a benchmark that has more to do; run again, it goes on."""


class Result(BaseModel):
    """What one run of a benchmark gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benchmark: str
    """Module name below ``evals.bench``."""
    command: str
    """What gives these figures again."""
    date: str
    """ISO 8601 day, UTC."""
    machine: str
    """Processor, cores, memory, system, Python, and the load when it began."""
    figures: dict[str, JsonValue]


def made_now(benchmark: str, command: str, figures: Mapping[str, JsonValue]) -> Result:
    """A result of today on this machine."""
    return Result(
        benchmark=benchmark, command=command, date=today(), machine=machine(), figures={**figures}
    )


def today() -> str:
    """ISO 8601 day, UTC."""
    return datetime.now(UTC).date().isoformat()


def keep(result: Result, folder: Path = RESULTS) -> Path:
    """Write a result in place of the older one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.benchmark}.json"
    path.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def read_results(folder: Path = RESULTS) -> list[Result]:
    """All results of a folder, by name.

    Raises:
        BadInput: a file is no result.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(Result.model_validate_json(path.read_text(encoding="utf-8")))
        except ValidationError as fault:
            do = "Record it again with `python -m evals.bench.record`"
            raise BadInput(f"reading {path.name}", str(fault), do) from fault
    return found
