"""Feeds known signals to a built processor, or runs its tests; runs in the sandbox, as its script.

Arguments: ``test WHEEL FILE…`` or ``measure WHEEL``. For the second, ``plan.json`` says which
signal of ``signals.npz`` goes through in which way; ``answers.npz`` and ``told.json`` are left.
"""

import importlib
import json
import sys
from typing import Protocol

import numpy as np

from agents.coding.testing import FOLDER, leave, test
from agents.toolchain.playing import leave_answers, pieces


class Parameter(Protocol):
    """What a parameter tells of itself."""

    name: str
    unit: str
    minimum: float
    maximum: float
    default: float


class Processor(Protocol):
    """What a built processor can do, as far as it is needed here."""

    latency_samples: int
    parameters: tuple[Parameter, ...]

    def set(self, name: str, value: float) -> None: ...

    def reset(self) -> None: ...

    def process(self, block: np.ndarray) -> np.ndarray: ...


def main() -> None:
    """Do what the arguments say."""
    mode, wheel, *names = sys.argv[1:]
    sys.path.insert(0, str(FOLDER / wheel))
    if mode == "measure":
        measure()
        return
    sys.path.insert(1, str(FOLDER))
    leave(*test(names))


def measure() -> None:
    """Run every signal of the plan through a new processor."""
    plan = json.loads((FOLDER / "plan.json").read_text(encoding="utf-8"))
    made = getattr(importlib.import_module(plan["package"]), plan["class"])
    signals = np.load(FOLDER / "signals.npz", allow_pickle=False)
    answers: dict[str, np.ndarray] = {}
    told: dict[str, object] = {}
    for number, run in enumerate(plan["runs"]):
        signal = np.asarray(signals[run["signal"]], dtype=np.float64)
        processor = made(run["sample_rate"], plan["channels"])
        for name, value in run["settings"].items():
            processor.set(name, value)
        processor.reset()
        blocks = [np.asarray(processor.process(one)) for one in pieces(signal, run, processor.set)]
        answers[str(number)] = np.concatenate(blocks, axis=1)
        read = processor.read() if hasattr(processor, "read") else {}
        told[str(number)] = {"latency": int(processor.latency_samples), "read": read}
    told["parameters"] = [
        [one.name, one.unit, one.minimum, one.maximum, one.default]
        for one in made(plan["sample_rate"], plan["channels"]).parameters
    ]
    leave_answers(answers, told)


if __name__ == "__main__":
    main()
