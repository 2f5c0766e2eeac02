"""What of a built processor is drawn: one picture that says most about its kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from agents.toolchain.expectations import inputs_of, parameter
from agents.toolchain.family import KINDS
from agents.toolchain.measuring.shaping import law
from agents.toolchain.measuring.trial import main_rate, settings
from agents.toolchain.specification import Specification
from audio.probing.plotting import MeasuredCurve, View
from audio.probing.probe import Answer, Probe
from audio.probing.response import significant, spectrum_of
from audio.probing.signals import impulse, steps, tone
from audio.probing.steady import fitted

_POINTS = 240


@dataclass(frozen=True)
class Scene:
    """Probes, and the view that their answers give."""

    probes: tuple[Probe, ...]
    view: Callable[[Sequence[Answer]], View]


def scene_of(specification: Specification) -> Scene:
    """What to draw of a processor."""
    module = KINDS[specification.kind].module if specification.kind in KINDS else "free"
    if module in ("compressor", "multiband", "limiter", "gate"):
        return _static_curve(specification)
    if module == "waveshaper":
        return _transfer(specification)
    if module in ("delay", "envelope", "tremolo"):
        return _over_time(specification, module)
    return _spectra(specification)


def _spectra(specification: Specification) -> Scene:
    """Gain over frequency: for filters at three settings, for crossovers of each band."""
    rate = main_rate(specification)
    swept = parameter(specification, "frequency")
    chosen: list[dict[str, float]] = [{}]
    gain = parameter(specification, "gain")
    if gain is not None and specification.kind in KINDS:
        chosen = [{gain.name: one} for one in (gain.minimum, gain.maximum)]
    elif swept is not None and swept.scale == "log":
        middle = (swept.minimum * swept.default) ** 0.5
        chosen = [{swept.name: float(f"{one:.3g}")} for one in (middle, swept.default)]
    probes = tuple(Probe(impulse(inputs_of(specification), 2 * rate), rate, one) for one in chosen)

    def view(answers: Sequence[Answer]) -> View:
        curves, places = [], np.zeros(0)
        for answer in answers:
            rows = answer.output[:: specification.channels]
            for number, row in enumerate(rows):
                spectrum = spectrum_of(significant(row), rate, 20.0, 0.45 * rate, _POINTS)
                places = spectrum.hertz
                band = f"band {number + 1}" if len(rows) > 1 else ""
                name = ", ".join(filter(None, (band, _said(specification, answer.probe.settings))))
                curves.append(MeasuredCurve(name, spectrum.decibels))
        return View(
            specification.title, f"measured from an impulse at {rate / 1000:g} kHz", "frequency",
            "gain", places, tuple(curves[:5]),
        )  # fmt: skip

    return Scene(probes, view)


def _static_curve(specification: Specification) -> Scene:
    """Output level over input level of steady tones."""
    rate = main_rate(specification)
    levels = np.arange(-72.0, 6.1, 3.0)
    fast = settings(specification, attack=5.0, hold=1.0, release=50.0)
    probes = tuple(
        Probe(tone(inputs_of(specification), rate // 2, rate, 1000.0, one), rate, fast)
        for one in levels.tolist()
    )

    def view(answers: Sequence[Answer]) -> View:
        tails = [one.output[0, -rate // 10 :] for one in answers]
        out = np.array([fitted(one, rate, 1000.0).dbfs for one in tails])
        curves = (MeasuredCurve("output", out), MeasuredCurve("input", levels))
        says = f"measured with steady 1 kHz tones at {rate / 1000:g} kHz"
        return View(specification.title, says, "input level", "level", levels, curves)

    return Scene(probes, view)


def _transfer(specification: Specification) -> Scene:
    """One period of a slow tone, beside the sound itself and the formula."""
    rate = main_rate(specification)
    probe = Probe(
        tone(inputs_of(specification), rate // 4, rate, 50.0, -3.0), rate,
        settings(specification, drive=12.0, mix=1.0, output=0.0),
    )  # fmt: skip

    def view(answers: Sequence[Answer]) -> View:
        late, period = answers[0].latency, rate // 50
        start = rate // 10
        put_in = answers[0].probe.signal[0, start : start + period]
        came = answers[0].output[0, start + late : start + late + period]
        drive = parameter(specification, "drive")
        db = probe.settings.get(drive.name, 0.0) * drive.factor if drive is not None else 0.0
        formula = law(str(specification.options["curve"]), put_in * 10 ** (db / 20))
        curves = (MeasuredCurve("output", came), MeasuredCurve("formula", formula),
                  MeasuredCurve("input", put_in))  # fmt: skip
        says = f"a 50 Hz tone of -3 dBFS, {_said(specification, probe.settings)}"
        return View(
            specification.title, says, "time", "amplitude", np.arange(period) / rate, curves
        )  # fmt: skip

    return Scene((probe,), view)


def _over_time(specification: Specification, module: str) -> Scene:
    """What comes out over time, of a burst, a step or an impulse."""
    rate = main_rate(specification)
    channels = specification.channels
    match module:
        case "delay":
            time = parameter(specification, "time")
            assert time is not None
            seconds = 4.4 * time.default * time.factor / 1000
            sound, says = impulse(channels, round(seconds * rate)), "answer to an impulse"
        case "envelope":
            sound = steps(channels, rate, 1000.0, [(0.3, -6.0), (0.7, -60.0)])
            says = "a 1 kHz tone of -6 dBFS that ends after 0.3 s"
        case _:
            sound, says = tone(channels, rate, rate, 1000.0, 0.0), "level of a steady 1 kHz tone"

    def view(answers: Sequence[Answer]) -> View:
        hop = max(1, sound.shape[1] // 1200)
        size = sound.shape[1] // hop
        curves = tuple(
            MeasuredCurve(
                {0: "left", 1: "right"}.get(number, f"channel {number + 1}")
                if channels == 2 else f"channel {number + 1}",
                np.abs(row[: size * hop].reshape(size, hop)).max(axis=1),
            )
            for number, row in enumerate(answers[0].output)
        )  # fmt: skip
        places = np.arange(size) * hop / rate
        return View(specification.title, says, "time", "amplitude", places, curves[:5])

    return Scene((Probe(sound, rate),), view)


def _said(specification: Specification, chosen: dict[str, float]) -> str:
    units = {one.name: one.unit for one in specification.parameters}
    told = (f"{name} {value:.4g} {units.get(name, '')}".strip() for name, value in chosen.items())
    return ", ".join(told) or "defaults"
