"""Workflows from the command line: one order, or one for each file of a folder with a summary."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.roles.models import Choice
from grym_synth.asking import Asks, MakeOrder, open_asking
from grym_synth.consent import consent
from grym_synth.errors import BadInput, GrymError
from grym_synth.options import say
from grym_synth.progress import Progress
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import check_place
from grym_synth.tables import tell
from grym_synth.through import Files

LONGEST_TEXT = 200_000
"""Bytes of a brief or a specification; whole books of them are none."""


@dataclass(frozen=True)
class Job:
    """One run of a workflow."""

    label: str
    """What it is about, for the summary: a file's name."""
    says: str
    """The request as the project's history keeps it."""
    order: MakeOrder
    files: Files = ()


@dataclass(frozen=True)
class Place:
    """Where a command works."""

    settings: Settings
    choice: Choice
    """The models that the user chose."""
    project: str
    thread: str


def carry_out(jobs: Sequence[Job], place: Place, *, as_json: bool) -> int:
    """Run the jobs one after another, tell what came of them, and return the exit code.

    A file that can't be used costs its own job. A run that was cut off goes on where it was.

    Args:
        jobs: at least one.
        place: where results and memory are.
        as_json: print JSON: one object, or a list for several jobs.
    """
    check_place(place.project, place.thread)
    with Progress() as progress, open_asking(place.settings, place.choice) as asks:
        if len(jobs) == 1:
            result = _run(jobs[0], asks, place, progress)
            with progress.paused():
                tell(result, as_json=as_json)
            return result.exit_code
        ended = [_run_or_refuse(one, asks, place, progress) for one in jobs]
    if as_json:
        print(json.dumps([_as_json(one) for one in ended]))
    else:
        say(_summary(jobs, ended))
    return max(one.exit_code if isinstance(one, TurnResult) else 1 for one in ended)


def texts_in(given: str, suffixes: Iterable[str]) -> list[tuple[str, str]]:
    """What was given as text, as a file of text, or as a folder of such files: names and texts.

    Raises:
        BadInput: a file can't be read, or a folder holds none.
    """
    if not given.strip():
        raise BadInput(
            "reading what was handed in", "it is empty", "Say what you want, or name a file"
        )
    if "\n" in given or len(given) > 4096 or not Path(given).exists():
        if Path(given).suffix.lower() in suffixes and "\n" not in given:
            raise BadInput(f"reading {given}", "there is no such file", "Check its path")
        return [("", given)]
    return [(path.name, _text_of(path)) for path in files_in(Path(given), suffixes)]


def files_in(path: Path, suffixes: Iterable[str]) -> list[Path]:
    """A file, or the files of a folder that have one of some suffixes, by name.

    Raises:
        BadInput: the folder holds none.
    """
    if not path.is_dir():
        return [path]
    wanted = tuple(suffixes)
    found = sorted(one for one in path.iterdir() if one.suffix.lower() in wanted)
    if not found:
        kinds = ", ".join(wanted)
        raise BadInput(f"reading {path}", f"the folder holds no file of {kinds}", "Name another")
    return found


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe or a device may never end
            raise BadInput(f"reading {path}", "it is not a regular file", "Give a text file")
        with path.open("rb") as file:
            content = file.read(LONGEST_TEXT + 1)
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        happened = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8 text"
        raise BadInput(f"reading {path}", happened or str(fault), "Give a text file") from fault
    if len(content) > LONGEST_TEXT:
        happened = f"it has more than the {LONGEST_TEXT:,} bytes that are read"
        raise BadInput(f"reading {path}", happened, "Give a shorter text")
    if "\0" in text:
        raise BadInput(f"reading {path}", "it is not text", "Give a text file")
    return text


def _run(job: Job, asks: Asks, place: Place, progress: Progress) -> TurnResult:
    return asks(
        job.says,
        job.files,
        project=place.project,
        thread=place.thread,
        order=job.order,
        on_event=progress.watch,
        decide=consent(progress),
    )


def _run_or_refuse(
    job: Job, asks: Asks, place: Place, progress: Progress
) -> TurnResult | GrymError:
    try:
        return _run(job, asks, place, progress)
    except GrymError as fault:
        return fault


def _as_json(ended: TurnResult | GrymError) -> object:
    if isinstance(ended, TurnResult):
        return ended.model_dump(mode="json")
    return {"error": {"tried": ended.tried, "happened": ended.happened, "do": ended.do}}


def _summary(jobs: Sequence[Job], ended: Sequence[TurnResult | GrymError]) -> str:
    """A Markdown table with one row for each job."""
    rows = [_row(job, one) for job, one in zip(jobs, ended, strict=True)]
    return "\n".join(
        ["| file | status | checks met | folder | s |", "|---|---|---|---|---|", *rows]
    )


def _row(job: Job, ended: TurnResult | GrymError) -> str:
    if isinstance(ended, GrymError):
        return f"| {job.label} | refused: {ended} | | | |"
    checks = [one for task in ended.tasks for one in task.criteria]
    met = sum(one.met is True for one in checks)
    status = ", ".join(task.status.replace("_", " ") for task in ended.tasks)
    if status != "done":
        told = ended.answer.partition("On instruments")[0].partition("\nFiles:")[0]
        status += f": {' '.join(told.split())}"
    folder = _common([Path(one.path) for one in ended.artifacts])
    return f"| {job.label} | {status} | {met} of {len(checks)} | {folder} | {ended.seconds:.1f} |"


def _common(paths: Sequence[Path]) -> str:
    """The folder that all files lie in."""
    if not paths:
        return ""
    return str(min((path.parent for path in paths), key=lambda one: len(one.parts)))
