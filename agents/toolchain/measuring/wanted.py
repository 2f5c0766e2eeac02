"""What the specification itself wants measured."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import inputs_of
from agents.toolchain.measuring.trial import Trial, judged
from agents.toolchain.specification import Requirement, Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe
from audio.probing.signals import tone
from audio.probing.steady import distortion_percent, fitted

_UNITS = {
    "gain_db": "dB", "phase_degrees": "degrees", "output_dbfs": "dBFS",
    "latency_samples": "samples", "thd_percent": "%",
}  # fmt: skip


def wanted_trials(specification: Specification) -> list[Trial]:
    """One trial for each requirement."""
    return [
        _trial(specification, number, one)
        for number, one in enumerate(specification.requirements, start=1)
    ]


def _trial(specification: Specification, number: int, wanted: Requirement) -> Trial:
    rate = wanted.sample_rate
    frames = round(max(1.0, 40 / wanted.at_hz) * rate)
    sound = tone(inputs_of(specification), frames, rate, wanted.at_hz, wanted.level_dbfs)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        what = f"{wanted.measure.replace('_', ' ')} is {wanted.target:g} ± {wanted.tolerance:g}"
        how = (
            f"a tone of {wanted.at_hz:g} Hz at {wanted.level_dbfs:g} dBFS, {rate / 1000:g} kHz, "
            f"second half of {frames / rate:.3g} s"
        )
        if wanted.settings:
            how += ", " + ", ".join(f"{name} {value:g}" for name, value in wanted.settings.items())
        return [
            compared(f"wanted.{number}", what, _measured(answers[0], wanted, sound[0]), "==",
                     wanted.target, how, unit=_UNITS[wanted.measure], tolerance=wanted.tolerance)
        ]  # fmt: skip

    return judged([Probe(sound, rate, wanted.settings)], judge)


def _measured(answer: Answer, wanted: Requirement, sound: np.ndarray) -> float:
    if wanted.measure == "latency_samples":
        return float(answer.latency)
    half = len(sound) // 2
    late = min(answer.latency, half)
    before, after = sound[half - late : len(sound) - late], answer.output[0, half:]
    first = fitted(before, wanted.sample_rate, wanted.at_hz)
    then = fitted(after, wanted.sample_rate, wanted.at_hz)
    match wanted.measure:
        case "gain_db":
            return then.dbfs - first.dbfs
        case "output_dbfs":
            return then.dbfs
        case "phase_degrees":
            return float((then.degrees - first.degrees + 180) % 360 - 180)
        case _:
            return distortion_percent(after, wanted.sample_rate, wanted.at_hz)
