"""The coder: it writes a script for a task, runs it in the sandbox and measures what came out."""

from collections.abc import Callable
from subprocess import SubprocessError

from pydantic import JsonValue

from agents.building.building import artifact, draft, execute, measured
from agents.building.compensation import compensated
from agents.building.report import Work, make_report, missed, unused
from agents.coding.approval import Policy
from agents.coding.author import Author
from agents.coding.coding import Coding
from agents.coding.gate import Gate, OpenGate
from agents.coding.reporting import failed, refused, report_of
from agents.contexts.coder import CoderSlice
from agents.planning.criteria import is_relative
from agents.recipes.binding import chains_of, needed_facts, needs_input
from agents.sandbox.runs import Runner
from agents.turn.events import Tell
from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, Cancelled, GrymError, SandboxRefused
from memory.context import (
    Event,
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


def _unheard(event: Event) -> None:
    """Nobody waits for this work."""


class Coder:
    """Builds with recipes, each result measured; where none fits, a model writes the code."""

    def __init__(
        self,
        assets: AssetStore,
        open_runner: Callable[[], Runner],
        script_seconds: float = 120.0,
        policy: Policy | None = None,
    ) -> None:
        """Make a coder.

        Args:
            assets: where inputs lie and results go.
            open_runner: finds a way to run scripts when the first one is ready.
            script_seconds: wall-clock limit of a script, beside half the length of its sound.
            policy: what of a model's code needs a human's yes; by default everything that can.
        """
        self._assets, self._open_runner, self._seconds = assets, open_runner, script_seconds
        self._policy = policy or Policy()
        self._runner: Runner | None = None
        self._refusal = ""
        """Why there is no way to run scripts, in words."""

    def work(
        self,
        slice_: CoderSlice,
        author: Author | None = None,
        gate: Gate | None = None,
        tell: Tell = _unheard,
        policy: Policy | None = None,
    ) -> Report:
        """Do the task and report; a failure is a report too, never an exception.

        Args:
            slice_: the task and what it may see.
            author: the model that writes what no recipe does; None for nobody.
            gate: keeps what was done while a human is asked; by default nobody approves.
            tell: takes the events.
            policy: what needs a human's yes in this run; by default as for every one.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        task = slice_["task"]
        work = Work(task)
        if is_free(task):
            return self._write(slice_, author, gate or OpenGate(), tell, policy or self._policy)
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

    def _write(
        self, slice_: CoderSlice, author: Author | None, gate: Gate, tell: Tell, policy: Policy
    ) -> Report:
        """Have a model write code; nothing that it writes runs outside of a sandbox."""
        if author is None:
            return refused(
                slice_,
                "Writing free code was tried; it needs a coding model and none answers; "
                "serve one, or ask for an operation that there is a recipe for.",
            )
        runner = self.runner()
        if runner is None or not runner.confines:
            happened = self._refusal or "this machine has no sandbox that holds it"
            return refused(
                slice_,
                f"Writing code was tried; what a model writes only runs in a sandbox: {happened}; "
                "ask on a Linux machine, or for an operation that there is a recipe for.",
            )
        coding = Coding(slice_, author, gate, runner, self._assets, self._seconds, tell, policy)
        try:
            return report_of(slice_, coding.tries(), author.name)
        except Cancelled:
            raise
        except GrymError as fault:
            return failed(slice_, str(fault))
        except (OSError, SubprocessError) as fault:
            why = f"Running code was tried; {fault}; check the disk and the temporary folder."
            return failed(slice_, why)

    def _build(
        self,
        work: Work,
        operations: tuple[Operation, ...],
        source: AssetRef | None,
        facts: tuple[Finding, ...],
    ) -> None:
        known = self._facts(work, operations, source, facts)
        build = draft(operations, source, known)
        work.builds.append(build)
        name = unused(f"{build.stem}-{build.label}.py", work.artifacts)
        script = self._assets.add_bytes(build.script.encode(), "text", name)
        if all(one.id != script.id for one in work.artifacts):
            work.artifacts.append(artifact(script, name, work.task.id))
        runner = self.runner()
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
        work: Work,
        operations: tuple[Operation, ...],
        source: AssetRef | None,
        facts: tuple[Finding, ...],
    ) -> dict[str, JsonValue]:
        """What the operations must know of a sound, measured and told now if it was not before."""
        kept = [one.aspect for one in work.task.criteria if is_relative(one)]
        needed = (*needed_facts(operations), *kept)
        if source is None or not needed:
            return {}
        own = [one for one in facts if one.subject.id == source.id]
        work.findings += [one for one in own if one.aspect in kept]
        known = {one.aspect: one.value for one in own}
        missing = [aspect for aspect in needed if aspect not in known]
        if missing:
            found = measured(source, self._assets, missing)
            work.findings += [one for one in found if one.aspect in missing]
            known |= {one.aspect: one.value for one in found}
        return known

    def runner(self) -> Runner | None:
        """The way to run scripts, looked for once; None where this machine has none."""
        if self._runner is None and not self._refusal:
            try:
                self._runner = self._open_runner()
            except SandboxRefused as refusal:
                self._refusal = str(refusal)
        return self._runner


def is_free(task: Task) -> bool:
    """Whether a task asks for code that no recipe does."""
    return not task.operations


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
