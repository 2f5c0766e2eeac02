"""Results of recipes and pictures at the places that the request names, after a human's yes."""

import time
from collections.abc import Callable, Collection, Sequence

from agents.building.report import misses_of
from agents.coding.approval import Policy
from agents.coding.asking import decided, left_out
from agents.coding.gate import Gate
from agents.coding.saving import fitting, save, saves_of
from agents.coding.words import CodeFile, Draft, Saved
from audio.assets import AssetStore
from grym_synth.errors import BadInput
from memory.context import Report, Task


def placed(
    make: Callable[[], Report], task: Task, gate: Gate, policy: Policy, assets: AssetStore
) -> Report:
    """Do a task's work, and put its results where the request wants them, too.

    What went wrong or misses a criterion is not put there. The report says what became of each
    place.

    Args:
        make: does the work.
        task: the task; without places of its own nothing else happens.
        gate: keeps what was done while a human is asked.
        policy: what needs a human's yes, and the output folder.
        assets: where the results lie.
    """
    if not task.save_as:
        return make()
    report = gate.once("work", Report, lambda: _timed(make))
    if report.failure is not None or misses_of(task, report.findings, report.artifacts):
        return report
    stored = {one.name: assets.path(assets.ref(one.id)) for one in report.artifacts}
    draft = gate.once("results", Draft, lambda: _draft(report, task, policy, stored))
    try:
        _, allowed = decided(draft, task.objective, gate, policy)
    except BadInput as fault:
        return _telling(report, [str(fault)])
    told = gate.once("save", Saved, lambda: Saved(told=save(allowed, stored))).told
    return _telling(report, [*told, *left_out(draft, allowed, policy)])


def _timed(make: Callable[[], Report]) -> Report:
    began = time.monotonic()
    return make().model_copy(update={"seconds": round(time.monotonic() - began, 3)})


def _draft(report: Report, task: Task, policy: Policy, stored: Collection[str]) -> Draft:
    """The results and their places, in the form in which a human is asked about them."""
    wanted = saves_of((), task.save_as, policy.out)
    named = (one.model_copy(update={"file": fitting(one, stored)}) for one in wanted)
    return Draft(
        number=1,
        files=tuple(CodeFile(name=one.name, id=one.id) for one in report.artifacts),
        saves=tuple(one for one in named if one.file),
    )


def _telling(report: Report, told: Sequence[str]) -> Report:
    """The report with what became of its places."""
    summary = f"{report.summary} {'; '.join(told)}".strip()
    return report.model_copy(update={"summary": f"{summary}."}) if told else report
