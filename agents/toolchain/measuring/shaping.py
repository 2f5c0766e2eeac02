"""Waveshapers: their curve, what it folds back, and their latency."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import parameter, value_of
from agents.toolchain.measuring.trial import Trial, judged, main_rate, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared, unchecked
from audio.probing.probe import Answer, Probe
from audio.probing.signals import tone
from audio.probing.steady import folded_db

_BINS, _PERIODS = 8192, 1021
"""A tone of so many periods in so many samples: its harmonics fold between its own bins."""
_LESS_DB = {2: 6.0, 4: 12.0, 8: 18.0, 16: 24.0}
"""How much less must fold back than without oversampling, by its factor: 6 dB each doubling."""


def waveshaper_trials(specification: Specification) -> list[Trial]:
    """The trials of a waveshaper."""
    return [_curve_trial(specification), _folding_trial(specification)]


def law(name: str, x: np.ndarray) -> np.ndarray:
    """The curves of the family, by their formulas."""
    match name:
        case "tanh":
            return np.asarray(np.tanh(x))
        case "arctan":
            return np.asarray(2 / np.pi * np.arctan(np.pi * x / 2))
        case "cubic":
            return np.asarray(np.where(np.abs(x) < 1.5, x - 4 * x**3 / 27, np.sign(x)))
        case _:
            return np.asarray(np.clip(x, -1, 1))


def _curve_trial(specification: Specification) -> Trial:
    rate = main_rate(specification)
    chosen = settings(specification, drive=6.0, output=-3.0, mix=1.0)
    frames = rate // 2
    sound = tone(specification.channels, frames, rate, 50.0, -3.0)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        late, name = answers[0].latency, str(specification.options["curve"])
        drive, output = (_db(specification, role, chosen) for role in ("drive", "output"))
        mix = reached(specification, "mix", chosen) if parameter(specification, "mix") else 1.0
        dry = sound[0, : frames - late]
        wanted = (1 - mix) * dry + mix * output * law(name, dry * drive)
        rest = (answers[0].output[0, late:] - wanted)[rate // 10 : -rate // 10]
        left = 20 * np.log10(max(float(np.sqrt((rest**2).mean() / (wanted**2).mean())), 1e-15))
        return [
            compared("curve", f"a slow tone comes out along the {name} curve, {late} samples late",
                     left, "<=", -50.0, "what is left of a 50 Hz tone after taking away the same "
                     "tone put through the formula, over the latter", unit="dB")
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _folding_trial(specification: Specification) -> Trial:
    rate, times = main_rate(specification), specification.options["oversampling"]
    assert isinstance(times, int)
    chosen = settings(specification, drive=18.0, output=0.0, mix=1.0)
    sound = tone(specification.channels, 3 * _BINS, rate, _PERIODS * rate / _BINS, -6.0)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        drive = _db(specification, "drive", chosen)
        plain = law(str(specification.options["curve"]), sound[0, -_BINS:] * drive)
        without, with_it = (
            folded_db(plain, _PERIODS),
            folded_db(answers[0].output[0, -_BINS:], _PERIODS),
        )
        method = (
            f"a tone of {_PERIODS * rate / _BINS:.0f} Hz: power between its harmonics over that of "
            f"the first; {with_it:.1f} dB, without oversampling {without:.1f} dB"
        )
        what = "less is folded back from above half of the sample rate than without oversampling"
        if times == 1:
            return [unchecked("folding", what, method, "the specification wants no oversampling")]
        enough = max(without - _LESS_DB[times], -100.0) if without > -80.0 else without + 3.0
        return [compared("folding", what, with_it, "<=", enough, method, unit="dB")]

    return judged([Probe(sound, rate, chosen)], judge)


def _db(specification: Specification, role: str, chosen: dict[str, float]) -> float:
    if parameter(specification, role) is None:
        return float(10 ** (value_of(specification, role, 0.0) / 20))
    return float(10 ** (reached(specification, role, chosen) / 20))
