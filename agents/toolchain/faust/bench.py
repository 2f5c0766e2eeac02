"""The bench for Faust: a compiled program in the sandbox, with signals to measure it by."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agents.coding.assembling import assembled
from agents.sandbox.runs import Runner
from agents.toolchain.bench import OUTPUT_BYTES, BenchFault, Session, Told, answered, planned
from agents.toolchain.faust.latency import latency_samples
from agents.toolchain.faust.source import label_of
from agents.toolchain.specification import Specification
from audio.probing.probe import Probe


@dataclass(frozen=True)
class FaustBench:
    """One program, in one sandbox."""

    runner: Runner
    specification: Specification
    library: str
    """Name of ``libfaust`` for the loader."""
    programs: tuple[Path, ...]
    """The same in several forms; the first that can be loaded is taken."""
    seconds: float
    """Longest run."""

    def measure(self, probes: Sequence[Probe], channels: int) -> Session:
        """Run probes through new instances, in their order.

        Its answers have the latency that the source is written for.

        Raises:
            BenchFault: no form of the program could be run.
        """
        last = BenchFault("running Faust", "there is no program", "Install libfaust")
        for program in self.programs:
            try:
                return self._measured(program, probes)
            except BenchFault as fault:
                last = fault
        raise last

    def _measured(self, program: Path, probes: Sequence[Probe]) -> Session:
        labels = {one.name: label_of(one) for one in self.specification.parameters}
        with tempfile.TemporaryDirectory(prefix="grym-faust-") as folder:
            stage, into = Path(folder) / "in", Path(folder) / "out"
            stage.mkdir()
            into.mkdir()
            inputs = {program.name: program, **planned(probes, {"labels": dict(labels)}, stage)}
            run = self.runner.run(
                assembled(Path(__file__).with_name("rig.py")),
                inputs,
                [self.library, program.name],
                into,
                seconds=self.seconds,
                output_bytes=OUTPUT_BYTES,
            )
            answers, _ = answered(run, probes)
        return Session(
            [
                replace(one, latency=latency_samples(self.specification, one.probe.sample_rate))
                for one in answers
            ],
            tuple(
                Told(one.name, one.unit, one.minimum, one.maximum, one.default)
                for one in self.specification.parameters
            ),
        )
