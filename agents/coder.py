"""The coder: it writes a script for a task, runs it in the sandbox and measures what came out."""

from collections.abc import Callable
from subprocess import SubprocessError

from pydantic import JsonValue

from agents.building.building import artifact, draft, execute, measured
from agents.building.compensation import compensated
from agents.building.report import Work, make_report, missed, unused
from agents.contexts.coder import CoderSlice
from agents.recipes.binding import chains_of, needed_facts, needs_input
from agents.sandbox.runs import Runner
from audio.assets import AssetRef, AssetStore
from audio.measure import measure
from grym_synth.errors import BadInput, GrymError, SandboxRefused
from memory.context import (
    Failure,
    Finding,
    Operation,
    Report,
    Task,
)

_ALWAYS_MEASURED = (
    "duration.seconds",
    "sample_rate.hz",
    "channels",
    "loudness.integrated_lufs",
    "loudness.true_peak_dbtp",
)
"""Every result is measured for these, beside the aspects of the criteria."""
_CLICKS_MEASURED = ("duration.seconds", "sample_rate.hz", "channels", "tempo.bpm")


class Coder:
    """Builds with recipes: no model, no guess, each result measured."""

    def __init__(
        self, assets: AssetStore, open_runner: Callable[[], Runner], script_seconds: float = 120.0
    ) -> None:
        """Make a coder.

        Args:
            assets: where inputs lie and results go.
            open_runner: finds a way to run scripts when the first one is ready.
            script_seconds: wall-clock limit of a script, beside half the length of its sound.
        """
        self._assets, self._open_runner, self._seconds = assets, open_runner, script_seconds
        self._runner: Runner | None = None
        self._refusal = ""
        """Why there is no way to run scripts, in words."""

    def work(self, slice_: CoderSlice) -> Report:
        """Do the task and report; a failure is a report too, never an exception."""
        task = slice_["task"]
        work = Work(task)
        if not task.operations:
            why = (
                "Writing free code was tried; it needs a coding model and none answers; "
                "serve one, or ask for an operation that there is a recipe for."
            )
            work.failures.append(Failure(kind="skipped", why=why))
            return make_report(work, slice_["package"])
        operations = compensated(task.operations, slice_["misses"])
        try:
            for chain in chains_of(operations):
                for source in _sources(chain, slice_["assets"]):
                    self._build(work, chain, source, slice_["facts"])
        except GrymError as fault:
            work.failures.append(Failure(kind="failed", why=str(fault)))
        except (OSError, SubprocessError) as fault:
            why = f"Running a script was tried; {fault}; check the disk and the temporary folder."
            work.failures.append(Failure(kind="failed", why=why))
        if not work.failures:
            work.failures += missed(work, operations)
        return make_report(work, slice_["package"])

    def _build(
        self,
        work: Work,
        operations: tuple[Operation, ...],
        source: AssetRef | None,
        facts: tuple[Finding, ...],
    ) -> None:
        known = self._facts(operations, source, facts)
        build = draft(operations, source, known)
        work.builds.append(build)
        name = unused(f"{build.stem}-{build.label}.py", work.artifacts)
        script = self._assets.add_bytes(build.script.encode(), "text", name)
        if all(one.id != script.id for one in work.artifacts):
            work.artifacts.append(artifact(script, name, work.task.id))
        runner = self._open()
        if runner is None:
            why = f"{self._refusal} The script is kept."
            work.failures.append(Failure(kind="skipped", why=why))
            return
        execute(build, source, self._assets, runner, self._seconds)
        if not runner.confines:
            work.remarks.append(f"run in a {runner.name}")
        if build.fault:
            why = f"Running {name} was tried; {build.fault}."
            work.failures.append(Failure(kind="failed", why=why))
        elif not build.outputs:
            why = f"Running {name} was tried; it left no sound; change the request or its numbers."
            work.failures.append(Failure(kind="failed", why=why))
        for shown, ref in build.outputs.items():
            work.artifacts.append(artifact(ref, unused(shown, work.artifacts), work.task.id))
            work.findings += measured(ref, self._assets, _aspects(work.task, operations))

    def _facts(
        self,
        operations: tuple[Operation, ...],
        source: AssetRef | None,
        facts: tuple[Finding, ...],
    ) -> dict[str, JsonValue]:
        """What the operations must know of a sound, measured now where it was not before."""
        needed = needed_facts(operations)
        if source is None or not needed:
            return {}
        known = {one.aspect: one.value for one in facts if one.subject.id == source.id}
        missing = [aspect for aspect in needed if aspect not in known]
        if missing:
            path = self._assets.path(source)
            known |= {one.aspect: one.value for one in measure(path, missing)}
        return known

    def _open(self) -> Runner | None:
        """The way to run scripts, looked for once; None where this machine has none."""
        if self._runner is None and not self._refusal:
            try:
                self._runner = self._open_runner()
            except SandboxRefused as refusal:
                self._refusal = str(refusal)
        return self._runner


def _sources(
    operations: tuple[Operation, ...], assets: tuple[AssetRef, ...]
) -> tuple[AssetRef | None, ...]:
    """The sounds to work on; None stands for a sound that is made from nothing."""
    if assets:
        return assets
    if needs_input(operations):
        raise BadInput(
            "building " + ", ".join(operation.name for operation in operations),
            "there is no sound to work on",
            "Attach an audio file",
        )
    return (None,)


def _aspects(task: Task, operations: tuple[Operation, ...]) -> list[str]:
    """What a result is measured for."""
    asked = [criterion.aspect for criterion in task.criteria]
    if any(operation.name == "click_track" for operation in operations):
        return [*_CLICKS_MEASURED]
    clicks = any(operation.name == "click_track" for operation in task.operations)
    kept = [aspect for aspect in asked if not (clicks and aspect == "tempo.bpm")]
    return list(dict.fromkeys((*_ALWAYS_MEASURED, *kept)))
