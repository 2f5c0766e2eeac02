"""Committed baselines: what the instruments reach, and whether a score fell below by more than
its noise."""

from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.sets.figures import Figure
from evals.sets.running import SetResult
from grym_synth.errors import BadInput

BASELINES = Path(__file__).parents[1] / "baselines"

_SPARE = 1e-9


class Baseline(BaseModel):
    """What a set came to on instruments alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    digest: str
    """Mark of the items: other items are not compared."""
    items: int
    figures: dict[str, Figure]
    made: str
    """The command, the version and the day."""


def baseline_of(result: SetResult, folder: Path = BASELINES) -> Baseline | None:
    """The baseline that a result can be held against; None for other items, or with a model.

    Raises:
        BadInput: the file has another form.
    """
    path = folder / f"{result.name}.json"
    if result.models or not path.is_file():
        return None
    try:
        held = Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, OSError) as fault:
        raise BadInput(f"reading the baseline {path}", str(fault), "Make it anew") from fault
    return held if held.digest == result.digest else None


def fallen(result: SetResult, baseline: Baseline | None) -> tuple[str, ...]:
    """The figures that are below their baseline by more than its noise, in words."""
    if baseline is None:
        return ()
    told = []
    for name, was in baseline.figures.items():
        now = result.figures.get(name)
        if now is None or now.score < was.score - was.noise - _SPARE:
            score = "gone" if now is None else f"{now.score:.3f}"
            told.append(f"{result.name} {name}: {score}, was {was.score:.3f} ± {was.noise:.3f}")
    return tuple(told)


def keep(result: SetResult, day: str, folder: Path = BASELINES) -> Path:
    """Write a result down as its set's baseline.

    Args:
        result: of instruments alone.
        day: when it was made, ISO 8601.
        folder: where it goes.

    Raises:
        BadInput: a model took part, or the folder can't be written.
    """
    path, tried = folder / f"{result.name}.json", f"keeping the baseline of {result.name}"
    if result.models:
        raise BadInput(tried, "a model took part", "Leave --model and --profile out")
    told = f" --dataset {result.dataset}" if result.dataset else ""
    made = Baseline(
        name=result.name,
        digest=result.digest,
        items=result.items,
        figures=result.figures,
        made=f"grym eval {result.name}{told}; grym-synth {version('grym-synth')}, {day}",
    )
    try:
        path.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as fault:
        raise BadInput(tried, str(fault), "Run it in a checkout") from fault
    return path
