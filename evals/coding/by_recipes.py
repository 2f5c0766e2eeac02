"""What the product does on instruments alone: its planner and recipes, on a task's own words."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from agents.sandbox.runs import Runner
from evals.coding.judging import Verdict, judge, write_sounds
from evals.coding.tasks import AudioTask
from grym_synth.errors import GrymError
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio

_KINDS = frozenset(("audio", "midi", "report", "image", "score"))
"""Kinds of artifacts that are results."""


def solved_by_recipes(tasks: Sequence[AudioTask], runner: Runner) -> dict[str, Verdict]:
    """Ask the studio, without any model, for each program, and judge what it leaves.

    Args:
        tasks: all tasks; those for modules have no result that a recipe could leave.
        runner: a sandbox.

    Returns:
        A verdict for each task that it left something for, by id.
    """
    programs = [one for one in tasks if one.kind == "program"]
    with tempfile.TemporaryDirectory(prefix="grym-eval-") as folder:
        place = Path(folder)
        sounds = write_sounds([one.sounds() for one in programs], runner, place)
        settings = Settings(models="instruments", embedder="lexical", home=place / "home")
        with open_studio(settings=settings) as studio:
            left = [
                _asked(studio, task, given, place / "out" / str(number))
                for number, (task, given) in enumerate(zip(programs, sounds, strict=True))
            ]
        made = [(task, files) for task, files in zip(programs, left, strict=True) if files]
        verdicts = judge([task.case_of_left(files) for task, files in made], runner)
    return {one.case: one for one in verdicts}


def _asked(studio: Studio, task: AudioTask, sounds: Sequence[Path], out: Path) -> tuple[Path, ...]:
    """The files that the studio leaves for a task; none where it has no recipe for it."""
    try:
        given = studio.attach((path, None) for path in sounds)
        result = studio.ask(task.prompt, given, project=task.id.replace("/", "-"), out=out)
    except GrymError:
        return ()
    return tuple(Path(one.path) for one in result.artifacts if one.kind in _KINDS)
