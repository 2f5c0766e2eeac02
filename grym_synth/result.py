"""One turn as the JSON that scripts rely on, with named copies of what it made."""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from audio.assets import AssetStore
from grym_synth.drafts import draft_file
from grym_synth.errors import BadInput
from grym_synth.folders import new_folders
from grym_synth.free_names import numbered
from memory.context import (
    Artifact,
    ArtifactKind,
    Ask,
    Conflict,
    Criterion,
    Degraded,
    Finding,
    Recommendation,
    SliceReport,
    Task,
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, from_attributes=True)


class TaskResult(_Part):
    """A task as scripts see it."""

    id: str
    agent: str
    objective: str
    inputs: tuple[str, ...]
    needs: tuple[str, ...]
    priority: int
    reason: str
    status: str
    rounds: int
    criteria: tuple[Criterion, ...]


class FindingResult(_Part):
    """A finding as scripts see it."""

    id: str
    subject: dict[str, JsonValue]
    aspect: str
    value: JsonValue
    unit: str
    evidence: str
    source: str
    method: str
    confidence: float


class ArtifactResult(_Part):
    """A file that the turn made, with the absolute path of its named copy."""

    id: str
    path: str
    kind: ArtifactKind
    sha256: str
    made_by: str


class TurnResult(_Part):
    """Everything about one turn; every key is always present."""

    answer: str
    project: str
    thread: str
    turn: int
    tasks: tuple[TaskResult, ...]
    findings: tuple[FindingResult, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[ArtifactResult, ...]
    slices: tuple[SliceReport, ...]
    asks: tuple[Ask, ...]
    degraded: tuple[Degraded, ...]
    seconds: float

    @property
    def exit_code(self) -> int:
        """0 all done, 1 something was not, 3 waiting for the user."""
        statuses = {task.status for task in self.tasks}
        if self.asks or "waiting" in statuses:
            return 3
        return 0 if statuses <= {"done"} else 1


def show_task(task: Task) -> TaskResult:
    """The task in the form that scripts see."""
    return TaskResult.model_validate(task)


def show_finding(finding: Finding) -> FindingResult:
    """The finding in the form that scripts see; a subject without a region has no region keys."""
    subject = finding.subject.model_dump(exclude_none=True)
    return FindingResult.model_validate({**finding.model_dump(), "subject": subject})


Deliver = Callable[[Iterable[Artifact], AssetStore, Path], tuple[ArtifactResult, ...]]
"""Hands over what a turn made."""


def deliver(
    artifacts: Iterable[Artifact], assets: AssetStore, out: Path
) -> tuple[ArtifactResult, ...]:
    """Copy artifacts into ``out`` under their names, all or none; nothing is ever overwritten.

    Raises:
        BadInput: the folder can't be written, or is full.
    """
    return deliver_files(artifacts, lambda one: assets.path(assets.ref(one.id)), out)


def deliver_files(
    artifacts: Iterable[Artifact], file_of: Callable[[Artifact], Path], out: Path
) -> tuple[ArtifactResult, ...]:
    """The same for files that lie anywhere.

    Args:
        artifacts: what is delivered.
        file_of: where the file of each lies.
        out: where it goes.

    Raises:
        BadInput: the folder can't be written, or is full.
    """
    wanted, delivered = tuple(artifacts), list[ArtifactResult]()
    try:
        with new_folders(out, (one.folder for one in wanted)) as folders:
            for artifact in wanted:
                path = _copy(file_of(artifact), folders.get(artifact.folder, out), artifact.name)
                delivered.append(
                    ArtifactResult(
                        id=artifact.id,
                        path=str(path),
                        kind=artifact.kind,
                        sha256=artifact.id,
                        made_by=artifact.made_by,
                    )
                )
    except OSError as fault:
        for copy in delivered:
            Path(copy.path).unlink(missing_ok=True)
        raise BadInput(
            f"putting results into {out}",
            fault.strerror or str(fault),
            "Make room or choose another --out; the results are kept, `grym open NAME` finds them",
        ) from fault
    return tuple(delivered)


def check_folder(out: Path) -> None:
    """Refuse a folder that results could not be put into, before any work is done.

    Raises:
        BadInput: it is no folder, or can't be written.
    """
    place = out.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    happened = ""
    if not place.is_dir():
        happened = f"{place} is no folder"
    elif not os.access(place, os.W_OK | os.X_OK):
        happened = f"{place} can't be written"
    if happened:
        raise BadInput(f"choosing {out} for results", happened, "Choose another --out")


def _copy(source: Path, out: Path, name: str) -> Path:
    """Copy under the first free name: ``mix.wav``, ``mix-2.wav`` …; whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    with draft_file(out) as draft:
        shutil.copyfile(source, draft)
        draft.chmod(0o644)
        taken = set(os.listdir(out))
        free = (one for one in numbered(name) if one not in taken)
        while True:
            target = out / next(free)
            with suppress(FileExistsError):  # somebody was faster
                _put(draft, target)
                return target.absolute()


def _put(draft: Path, target: Path) -> None:
    """Give a whole file its name at once.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the empty file only takes the name
        target.touch(exist_ok=False)
        os.replace(draft, target)
