"""Side chains: the gain follows the key, and not the sound."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import compressed, value_of
from agents.toolchain.measuring.trial import Trial, judged, main_rate, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe, Samples
from audio.probing.signals import tone
from audio.probing.steady import fitted

_SOUND_HZ, _KEY_HZ = 1000.0, 400.0
_SILENT = -300.0


def key_trials(specification: Specification) -> list[Trial]:
    """The trials of a processor with a side chain; none for one without."""
    if not specification.options.get("sidechain"):
        return []
    if specification.kind == "gate":
        return [_gate_trial(specification)]
    return [_compressor_trial(specification)]


def _compressor_trial(specification: Specification) -> Trial:
    pairs = [(-40.0, level) for level in np.arange(-60.0, 0.1, 12.0).tolist()]
    pairs.append((-6.0, _SILENT))
    seconds = 0.2 + 10 * value_of(specification, "attack", 10.0) / 1000
    probes = [_probe(specification, seconds, *pair, {}) for pair in pairs]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        misses = [
            abs(_gain(one, sound) - (compressed(specification, key) - key))
            for one, (sound, key) in zip(answers, pairs, strict=True)
        ]
        return [
            compared(
                "key", "the gain follows the level of the key, and not that of the sound",
                max(misses), "<=", 0.3,
                "largest distance of the gain of a 1 kHz tone of -40 dBFS from the static curve at "
                "the level of a 400 Hz key of -60 to 0 dBFS, and of a tone of -6 dBFS under a "
                "silent key; at the defaults", unit="dB",
            )
        ]  # fmt: skip

    return judged(probes, judge)


def _gate_trial(specification: Specification) -> Trial:
    threshold = value_of(specification, "threshold", -40.0)
    closed = value_of(specification, "range", -80.0)
    chosen = settings(specification, attack=1.0, hold=1.0)
    pairs = [(-6.0, threshold - 2.0), (threshold - 20.0, threshold + 2.0)]
    probes = [_probe(specification, 1.0, *pair, chosen) for pair in pairs]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        wanted = (closed, 0.0)
        misses = [
            abs(_gain(one, sound) - gain)
            for one, (sound, _), gain in zip(answers, pairs, wanted, strict=True)
        ]
        return [
            compared("key", "the key opens and closes it, and not the sound", max(misses), "<=",
                     0.5, "largest distance of the gain of a loud tone under a quiet key from the "
                     "range, and of that of a quiet tone under a loud key from 0 dB", unit="dB")
        ]  # fmt: skip

    return judged(probes, judge)


def _probe(
    specification: Specification, seconds: float, sound_db: float, key_db: float,
    chosen: dict[str, float],
) -> Probe:  # fmt: skip
    rate, channels = main_rate(specification), specification.channels
    frames = round(seconds * rate)
    sound: Samples = np.concatenate(
        [
            tone(channels, frames, rate, _SOUND_HZ, sound_db),
            tone(channels, frames, rate, _KEY_HZ, key_db),
        ]
    )
    return Probe(sound, rate, chosen)


def _gain(one: Answer, sound_db: float) -> float:
    rate = one.probe.sample_rate
    return fitted(one.output[0, -rate // 10 :], rate, _SOUND_HZ).dbfs - sound_db
