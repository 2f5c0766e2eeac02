"""What a coding model does: the product's own coder asks it, lets it mend, and believes nothing."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.coder import Coder
from agents.coding.approval import Approval, Decision
from agents.coding.author import Author
from agents.coding.gate import OpenGate
from agents.contexts.coder import coder_slice
from agents.sandbox.runs import Runner
from audio.assets import AssetRef, AssetStore
from evals.coding.judging import Case, Verdict, judge, write_sounds
from evals.coding.tasks import AudioTask
from grym_synth.settings import Settings
from memory.context import CodeTrial, ProjectContext, Report, Task
from models.base import ChatModel


@dataclass(frozen=True)
class Solved:
    """One task and what a model made of it."""

    task: AudioTask
    first: Verdict
    """On its first version."""
    last: Verdict
    """On its last one, after what the product told it."""
    versions: int
    believed: bool
    """Whether the product took the last version for right, without the hidden test."""
    tokens: int
    """That it wrote."""
    seconds: float
    """Wall-clock."""


def solved_by(
    model: ChatModel, tasks: Sequence[AudioTask], runner: Runner, settings: Settings
) -> Iterator[Solved]:
    """Have a model solve tasks, one after the other; each answer is judged in a sandbox of its own.

    Args:
        model: who writes.
        tasks: what is asked.
        runner: a sandbox.
        settings: limits on time.
    """
    with tempfile.TemporaryDirectory(prefix="grym-eval-") as folder:
        place = Path(folder)
        assets = AssetStore(place / "assets", settings.limits)
        coder = Coder(assets, lambda: runner, settings.script_seconds)
        given = write_sounds([one.sounds() for one in tasks], runner, place)
        for task, sounds in zip(tasks, given, strict=True):
            began = time.monotonic()
            author = Author(model, settings.model_seconds)
            report = _written(coder, author, task, [assets.add(path) for path in sounds])
            seconds = time.monotonic() - began
            yield _judged(task, report, assets, runner, seconds)


def _written(coder: Coder, author: Author, task: AudioTask, sounds: list[AssetRef]) -> Report:
    ids = tuple(one.id for one in sounds)
    free = Task(id=task.id, agent="coder", objective=task.prompt, inputs=ids)
    context = ProjectContext(
        project=task.id, thread="main", turn=1, request=task.prompt, assets=tuple(sounds),
        attached=ids,
    )  # fmt: skip
    return coder.work(coder_slice(free, context, ()), author, OpenGate(_approved))


def _approved(approval: Approval) -> Decision:
    return Decision(type="approve")


def _judged(
    task: AudioTask, report: Report, assets: AssetStore, runner: Runner, seconds: float
) -> Solved:
    trials = report.trials
    if not trials:
        none = Verdict(task.id, report.failure.why if report.failure else "nothing came")
        return Solved(task, none, none, 0, False, 0, seconds)
    ends = (trials[0], trials[-1])
    cases = [_case(task, one, assets) for one in ends]
    first, last = (
        judge([case], runner)[0] if case else Verdict(task.id, "; ".join(trial.faults))
        for case, trial in zip(cases, ends, strict=True)
    )
    believed = trials[-1].outcome == "passed"
    return Solved(task, first, last, len(trials), believed, report.tokens_out, seconds)


def _case(task: AudioTask, trial: CodeTrial, assets: AssetStore) -> Case | None:
    """A version as its author handed it over; None where no code came."""
    refs = [assets.ref(id_) for id_ in trial.files]
    files = {one.name: assets.path(one).read_text(encoding="utf-8") for one in refs}
    return task.case_of(files) if files else None
