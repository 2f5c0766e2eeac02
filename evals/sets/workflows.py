"""Workflows: does each end in files that are what was ordered, by a measurement of its own?"""

import fnmatch
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
import soundfile
from pydantic import Field, JsonValue

from audio.agreement import agree, is_tempo_octave
from audio.measure import measure
from evals.mastering_composed import composed_session
from evals.sets.chairs import Chairs
from evals.sets.items import (
    DATASETS,
    EvalSet,
    Item,
    Json,
    Line,
    Mark,
    Target,
    items_of,
    marks,
    read_lines,
)
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Op, Word, WorkflowName

_PEAK = 0.5


class _Measured(Word):
    """What a delivered sound must measure."""

    file: str
    """Its name in the folder of results, with wildcards."""
    aspect: str
    op: Op = "=="
    value: float | str
    within: float | None = None
    """In the aspect's unit; by default as two measurements agree."""
    octaves: bool = False
    """Double and half the tempo count as well."""


class _Line(Line):
    """One order, and what must come of it."""

    workflow: WorkflowName
    parameters: Mapping[str, JsonValue] = Field(default_factory=dict)
    given: Literal["", "stems", "mix"] = ""
    """What it works on: the stems of a song that is composed from the seed, or their mix."""
    seed: int = 0
    files: tuple[str, ...] = ()
    """Names in the folder of results, with wildcards: each must be there."""
    measured: tuple[_Measured, ...] = ()


def _read(path: Path | None) -> list[Item]:
    lines = read_lines(path or DATASETS / "workflows.jsonl", _Line)
    return items_of(lines, ("files", "measured"))


@contextmanager
def _opened(chairs: Chairs, *_: object) -> Iterator[Target]:
    with TemporaryDirectory(prefix="grym-eval-") as held:
        place = Path(held)
        settings = Settings(models="instruments", embedder="lexical", home=place / "home")
        chosen = {f"{role}_model": spec for role, spec in chairs.models.items()}
        with open_studio(settings=settings.model_copy(update=chosen)) as studio:
            count = 0

            def target(inputs: Json) -> dict[str, JsonValue]:
                nonlocal count
                count += 1
                return _ordered(studio, _Line.model_validate(inputs), place / str(count))

            yield target


def _ordered(studio: Studio, line: _Line, place: Path) -> dict[str, JsonValue]:
    place.mkdir()
    files = studio.attach([(path, "audio") for path in _sounds(line, place)])
    result = studio.run(line.workflow, line.parameters, files, project=place.name, out=place)
    folders = sorted(
        {Path(one.path).parent for one in result.artifacts}, key=lambda o: len(o.parts)
    )
    checks = [one for task in result.tasks for one in task.criteria]
    told: dict[str, JsonValue] = {
        "status": [task.status for task in result.tasks],
        "met": sum(one.met is True for one in checks),
        "checks": len(checks),
        "files": [],
        "values": {},
        "answer": result.answer,
    }
    if folders:
        names = [str(Path(one.path).relative_to(folders[0])) for one in result.artifacts]
        told["files"] = [*names]
        told["values"] = {name: _values(folders[0] / name) for name in names if _is_mix(name)}
    return told


def _is_mix(name: str) -> bool:
    return name.endswith((".wav", ".flac")) and not name.startswith("stems/")


def _values(path: Path) -> JsonValue:
    """What the delivered file measures, by aspect."""
    wanted = ("loudness.integrated_lufs", "loudness.true_peak_dbtp", "tempo.bpm", "key",
              "clipping.samples", "duration.seconds", "sample_rate.hz")  # fmt: skip
    return {one.aspect: one.value for one in measure(path, wanted) if one.aspect in wanted}


def _sounds(line: _Line, place: Path) -> list[Path]:
    """The files that an order works on."""
    if not line.given:
        return []
    made = composed_session(line.seed)
    pairs = [one.samples if len(one.samples) == 2 else one.samples.repeat(2, 0) for one in made]
    if line.given == "mix":
        mix = np.sum(pairs, axis=0)
        soundfile.write(place / "mix.wav", _PEAK * mix.T / np.abs(mix).max(), made[0].rate)
        return [place / "mix.wav"]
    paths = [place / f"{number}-{one.name}.wav" for number, one in enumerate(made)]
    for path, one, samples in zip(paths, made, pairs, strict=True):
        soundfile.write(path, samples.T, one.rate, subtype="FLOAT")
    return paths


def accepted(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """Whether an order is done with all of its checks, its files, and what they measure."""
    wanted = _Line.model_validate({"workflow": inputs["workflow"], **reference_outputs})
    names = outputs.get("files")
    held = [str(one) for one in names] if isinstance(names, list) else []
    missing = [one for one in wanted.files if not fnmatch.filter(held, one)]
    values = outputs.get("values")
    by_file = values if isinstance(values, dict) else {}
    off = [fault for one in wanted.measured if (fault := _fault(one, by_file))]
    done = outputs.get("status") == ["done"] and outputs.get("met") == outputs.get("checks")
    why = "; ".join(
        [*([] if done else [f"{outputs.get('status')}: {outputs.get('answer')}"]),
         *(f"no {one}" for one in missing), *off]
    )  # fmt: skip
    return marks(
        Mark("accepted", done and not missing and not off, why=why),
        Mark(str(inputs["workflow"]), done and not missing and not off),
        Mark("files", len(wanted.files) - len(missing), len(wanted.files)),
        Mark("measured", len(wanted.measured) - len(off), len(wanted.measured)),
    )


def _fault(wanted: _Measured, by_file: dict[str, JsonValue]) -> str:
    """Why no delivered sound measures what is wanted, or one does not; empty when they do."""
    names = fnmatch.filter(by_file, wanted.file)
    for name in names:
        held = by_file[name]
        value = held.get(wanted.aspect) if isinstance(held, dict) else None
        if not _is_right(wanted, value):
            return f"{name}: {wanted.aspect} is {value}, not {wanted.op} {wanted.value}"
    return "" if names else f"no sound is called {wanted.file}"


def _is_right(wanted: _Measured, value: JsonValue) -> bool:
    if isinstance(wanted.value, str) or not isinstance(value, int | float):
        return agree(wanted.aspect, wanted.value, value)
    if wanted.octaves and is_tempo_octave(wanted.value, value):
        return True
    slack = wanted.within or 0.0
    if wanted.op == "==" and wanted.within is None:
        return agree(wanted.aspect, wanted.value, value)
    return {
        "==": abs(value - wanted.value) <= slack,
        "<=": value <= wanted.value + slack,
        ">=": value >= wanted.value - slack,
    }[wanted.op]


WORKFLOWS = EvalSet(
    name="workflows",
    about="Whole jobs (compose, master, unpack, build): done, with files that measure as ordered",
    headline="accepted",
    read=_read,
    opened=_opened,
    evaluators=(accepted,),
    quick=False,
)
