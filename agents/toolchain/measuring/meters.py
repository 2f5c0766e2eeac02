"""Meters, held against the project's own instruments and against arithmetic."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.measuring.trial import Trial, judged
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe
from audio.probing.readings import integrated_lufs, true_peak_dbtp
from audio.probing.signals import noise, tone


def meter_trials(specification: Specification) -> list[Trial]:
    """The trials of a meter, at every sample rate."""
    return [_reading_trial(specification, rate) for rate in specification.sample_rates]


def _reading_trial(specification: Specification, rate: int) -> Trial:
    channels = specification.channels
    loud, quiet = (_soft_noise(channels, 2 * rate, seed) for seed in (5, 6))
    between = tone(channels, rate, rate, rate / 4, -3.0) * np.minimum(np.arange(rate) / 1000, 1.0)
    sounds = [
        tone(channels, 4 * rate, rate, 997.0, -20.0),
        np.concatenate([0.4 * loud, 0.004 * quiet], axis=1),
        between + 0.05 * _soft_noise(channels, rate, 7),
    ]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        checks = []
        at = f"at {rate / 1000:g} kHz"
        rows: list[tuple[str, float, float, str, str]] = []
        for sound, one in zip(sounds, answers, strict=True):
            read = one.read
            loudness = integrated_lufs(sound, rate)
            peak = 20 * np.log10(np.abs(sound).max())
            if loudness is not None:
                rows.append(("lufs", read.get("integrated_lufs", -999.0) - loudness, 0.1, "LU",
                             "integrated loudness"))  # fmt: skip
            rows += [
                ("true_peak", read.get("true_peak_dbtp", -999.0) - true_peak_dbtp(sound, rate), 0.3,
                 "dB", "true peak"),
                ("peak", read.get("peak_dbfs", -999.0) - float(peak), 0.01, "dB", "sample peak"),
            ]  # fmt: skip
        steady = answers[0].read.get("rms_dbfs", -999.0) + 20 + 10 * np.log10(2)
        rows.append(("rms", float(steady), 0.1, "dB", "RMS of a sine, 3.01 dB below its peak"))
        for name in ("lufs", "true_peak", "peak", "rms"):
            own = [one for one in rows if one[0] == name]
            worst = max(own, key=lambda one: abs(one[1]))
            checks.append(
                compared(f"reads.{name}.{rate}", f"it reads the {worst[4]}", worst[1], "==", 0.0,
                         f"largest distance from an independent reading: a tone, noise and a tone "
                         f"between the samples, {at}", unit=worst[3], tolerance=worst[2])
            )  # fmt: skip
        same = max(float(np.abs(one.output - one.probe.signal).max()) for one in answers)
        checks.append(
            compared(f"through.{rate}", "the sound goes through unchanged", same, "<=", 1e-12,
                     f"largest difference, {at}", unit="full scale")
        )  # fmt: skip
        return checks

    return judged([Probe(one, rate) for one in sounds], judge)


def _soft_noise(channels: int, frames: int, seed: int) -> np.ndarray:
    """Noise with little near half of the sample rate, where meters may differ: (1, 2, 1) / 4."""
    white = noise(channels, frames, seed, 1.0)
    return white / 2 + np.roll(white, 1, axis=1) / 4 + np.roll(white, -1, axis=1) / 4
