"""The bench: a wheel in the sandbox, with its tests or with signals to measure it by."""

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from agents.coding.assembling import assembled
from agents.sandbox.runs import Run, Runner
from audio.probing.probe import Answer, Probe, Samples
from grym_synth.errors import BadInput

OUTPUT_BYTES = 1 << 30
"""Most that the answers of one run may take."""


class _Told(BaseModel):
    """What a processor says of itself after a probe."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    latency: int
    read: dict[str, float]


class Told(NamedTuple):
    """One parameter as the package itself tells of it."""

    name: str
    unit: str
    minimum: float
    maximum: float
    default: float


class Session(NamedTuple):
    """What came of probes."""

    answers: list[Answer]
    parameters: tuple[Told, ...]


class Measurable(Protocol):
    """Something that probes can be sent through."""

    def measure(self, probes: Sequence[Probe], channels: int) -> Session:
        """Run probes through it, in their order.

        Raises:
            BenchFault: it broke off, or gave back something of another form.
        """
        ...


_PARAMETERS = TypeAdapter(tuple[Told, ...])
_TOLD = TypeAdapter(dict[str, JsonValue])


class BenchFault(BadInput):
    """The package could not be run; its words are the package's own."""


@dataclass(frozen=True)
class Bench:
    """One built package, in one sandbox."""

    runner: Runner
    wheel: Path
    """Under its own file name."""
    package: str
    processor: str
    """Name of its class."""
    seconds: float
    """Longest run."""

    def test(self, tests: Sequence[Path]) -> tuple[tuple[str, ...], int]:
        """Run test files; which tests failed and why, and how many there are."""
        inputs = {self.wheel.name: self.wheel, **{one.name: one for one in tests}}
        with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
            words = ["test", self.wheel.name, *(one.name for one in tests)]
            run = self._run(inputs, words, Path(folder))
        if run.fault:
            return (f"the tests did not come to their end: {run.fault}",), 0
        try:
            said = json.loads(run.stdout.strip().rpartition("\n")[2])
            return tuple(str(one)[:400] for one in said["faults"]), int(said["ran"])
        except (ValueError, TypeError, KeyError):
            return ("the tests ended the program before their end",), 0

    def measure(self, probes: Sequence[Probe], channels: int) -> Session:
        """Run probes through the processor, in their order.

        Raises:
            BenchFault: the package broke off, or gave back something of another form.
        """
        plan: dict[str, JsonValue] = {
            "package": self.package, "class": self.processor, "channels": channels,
        }  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
            stage, into = Path(folder) / "in", Path(folder) / "out"
            stage.mkdir()
            into.mkdir()
            inputs = {self.wheel.name: self.wheel, **planned(probes, plan, stage)}
            run = self._run(inputs, ["measure", self.wheel.name], into)
            answers, told = answered(run, probes)
            try:
                return Session(answers, _PARAMETERS.validate_python(told["parameters"]))
            except (KeyError, ValidationError) as fault:
                raise broken(f"its answers can't be read ({fault})") from fault

    def _run(self, inputs: dict[str, Path], words: list[str], into: Path) -> Run:
        return self.runner.run(
            assembled(Path(__file__).with_name("rig.py")),
            inputs,
            words,
            into,
            seconds=self.seconds,
            output_bytes=OUTPUT_BYTES,
        )


def planned(probes: Sequence[Probe], plan: Mapping[str, JsonValue], stage: Path) -> dict[str, Path]:
    """The plan and the signals as files for a rig; equal signals are written once."""
    signals: dict[int, tuple[str, Samples]] = {}
    runs: list[JsonValue] = []
    for probe in probes:
        name, _ = signals.setdefault(id(probe.signal), (f"s{len(signals)}", probe.signal))
        changes: list[JsonValue] = [[one.frame, one.name, one.value] for one in probe.changes]
        runs.append({"signal": name, "sample_rate": probe.sample_rate, "block": probe.block,
                     "settings": dict(probe.settings), "changes": changes})  # fmt: skip
    rate = max((one.sample_rate for one in probes), default=48_000)
    whole = {**plan, "runs": runs, "sample_rate": rate}
    (stage / "plan.json").write_text(json.dumps(whole), encoding="utf-8")
    # mypy takes the names for keywords of savez itself.
    np.savez(stage / "signals.npz", **dict(signals.values()))  # type: ignore[arg-type]
    return {name: stage / name for name in ("plan.json", "signals.npz")}


def answered(run: Run, probes: Sequence[Probe]) -> tuple[list[Answer], dict[str, JsonValue]]:
    """What a rig left: the answers in the probes' order, and all that it told.

    Raises:
        BenchFault: it broke off, or left something of another form.
    """
    if run.fault:
        raise broken(run.fault)
    try:
        answers = np.load(io.BytesIO(run.outputs["answers.npz"].read_bytes()))
        told = _TOLD.validate_json(run.outputs["told.json"].read_bytes())
        return [
            _answer(probe, answers[str(number)], _Told.model_validate(told[str(number)]))
            for number, probe in enumerate(probes)
        ], told
    except (KeyError, ValueError, OSError, ValidationError) as fault:
        raise broken(f"its answers can't be read ({fault})") from fault


def _answer(probe: Probe, output: np.ndarray, told: _Told) -> Answer:
    """An answer, checked to be as long as its signal.

    Raises:
        ValueError: it isn't.
    """
    if output.ndim != 2 or output.shape[1] != probe.signal.shape[1]:
        raise ValueError(f"{probe.signal.shape} went in, {output.shape} came out")
    return Answer(probe, output.astype(np.float64), told.latency, told.read)


def broken(happened: str) -> BenchFault:
    """What to raise where a processor can't be measured."""
    return BenchFault(
        "measuring the package", happened, "Report this, with the specification, as a fault"
    )
