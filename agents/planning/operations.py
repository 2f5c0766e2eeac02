"""From what is to be built to typed recipe calls, with the numbers that the request gives."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agents.planning.glossary import BANDS, CURES, EFFECTS, INTERVALS
from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity, Unit
from agents.planning.reading import Reading, Step
from agents.planning.segments import Segment
from memory.context import Operation, Task

DEFAULT_LUFS = -14.0
"""Loudness of a master when the request names none: what the large streaming services play at."""
DEFAULT_DBTP = -1.0
"""True-peak ceiling when the request names none (EBU R 128, AES TD1008)."""
_ORDER = (
    "remove_dc", "dehum", "trim", "trim_silence", "highpass", "lowpass", "bandpass", "low_shelf",
    "high_shelf", "peak_eq", "hpss", "mono", "mid_side", "pitch_shift", "time_stretch", "gain",
    "fade", "normalise_peak", "normalise_loudness", "master", "resample", "convert", "click_track",
)  # fmt: skip
"""The order of a chain in which no later step undoes an earlier one."""
_LAST = frozenset({"last", "end", "letzten", "ende", "ultimos", "final", "dernieres", "fin"})
_WHOLE = frozenset(
    {"bars", "bar", "half", "part", "bit", "section", "takte", "takt", "teil", "compases", "parte",
     "mesures", "partie", "one", "each", "per", "pro", "je", "por", "cada", "chaque"}
)  # fmt: skip
"""Words by which a cut means parts of the music, not silence."""
_DOWN = frozenset({"lower", "remove", "deeper", "slower", "quieter", "darker", "fix"})


@dataclass
class Chain:
    """The recipe calls of one task, and what is said about them."""

    operations: list[Operation] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    """What was chosen where the request left it open."""
    unknown: list[str] = field(default_factory=list)
    """Steps that no recipe does."""
    ask: str = ""
    """The question that must be answered first; empty when all is known."""

    def add(self, name: str, **parameters: float | str) -> None:
        """Append a call; a second call of the same recipe replaces the first's numbers."""
        fresh = Operation(name=name, parameters=dict(parameters))
        same = [index for index, held in enumerate(self.operations) if held.name == name]
        if same and name not in ("peak_eq", "low_shelf", "high_shelf"):
            merged = {**self.operations[same[0]].parameters, **fresh.parameters}
            self.operations[same[0]] = Operation(name=name, parameters=merged)
        elif fresh not in self.operations:
            self.operations.append(fresh)

    def has(self, *names: str) -> bool:
        """Whether one of the recipes is in the chain."""
        return any(held.name in names for held in self.operations)


@dataclass(frozen=True)
class Numbers:
    """The quantities of a request, seen from one step."""

    seconds: float | None
    """Length of the file, where there is just one."""
    everywhere: tuple[Quantity, ...]
    here: tuple[Quantity, ...]
    """Those in the step's own segment."""
    down: bool
    """Whether the segment speaks of less, lower, slower."""

    def get(self, *units: Unit, wide: bool = True) -> Quantity | None:
        """The last quantity of a unit here, else (if wide) the last one anywhere."""
        for place in (self.here, self.everywhere if wide else ()):
            found = [one for one in place if one.unit in units]
            if found:
                return found[-1]
        return None

    def all(self, *units: Unit) -> list[float]:
        """The values of a unit here, in order."""
        return [one.value for one in self.here if one.unit in units]


def build_chain(
    reading: Reading, quantities: tuple[Quantity, ...], seconds: float | None, before: Task | None
) -> Chain:
    """The recipe calls that a request asks for, in an order that keeps each one's effect.

    Args:
        reading: what was understood.
        quantities: the request's numbers.
        seconds: length of the file, where there is just one.
        before: the last work of this kind, for a request to do the same again.
    """
    chain = Chain()
    if reading.repeats and before is not None:
        chain.operations.extend(before.operations)
        chain.reasons.append("as before")
    for step in reading.steps:
        _add_step(chain, step, _numbers(step.segment, quantities, seconds))
    if reading.mends and not reading.steps:
        for quality in dict.fromkeys(reading.complaints):
            _cure(chain, quality)
    chain.operations.sort(key=lambda held: _ORDER.index(held.name))
    return chain


def _add_step(chain: Chain, step: Step, numbers: Numbers) -> None:
    if step.group == "quality":
        _cure(chain, step.name)
    elif step.group == "band":
        _band(chain, numbers, step)
    elif (rule := _RULES.get(step.name)) is not None:
        rule(chain, numbers, step)
    elif step.name in EFFECTS:
        operation, reason = EFFECTS[step.name]
        chain.add(operation.name, **_plain(operation))
        chain.reasons.append(reason)
    else:
        chain.unknown.append(step.name)


def _numbers(segment: Segment, quantities: tuple[Quantity, ...], seconds: float | None) -> Numbers:
    here = tuple(one for one in quantities if segment.covers(one.start, one.end))
    down = any(
        tag.name in _DOWN for tag in segment.tags if tag.group in ("verb", "effect", "quality")
    )
    return Numbers(seconds, quantities, here, down)


def _cure(chain: Chain, quality: str) -> None:
    if quality in CURES:
        operation, reason = CURES[quality]
        chain.add(operation.name, **_plain(operation))
        chain.reasons.append(reason)


def _plain(operation: Operation) -> dict[str, float | str]:
    return {
        name: value
        for name, value in operation.parameters.items()
        if isinstance(value, int | float | str)
    }


def _loudness_target(numbers: Numbers) -> float | None:
    stated = numbers.get("lufs")
    if stated is not None:
        return -abs(stated.value)
    bare = [one for one in (*numbers.everywhere, *numbers.here) if one.unit in ("bare", "db")]
    wanted = [one.value for one in bare if one.signed and -40 <= one.value <= -5]
    return wanted[-1] if wanted else None


def _ceiling(numbers: Numbers) -> float | None:
    stated = numbers.get("dbtp")
    if stated is not None:
        return -abs(stated.value)
    near = [
        one.value
        for one in numbers.everywhere
        if one.unit in ("db", "dbfs", "bare") and one.signed and -4 <= one.value <= 0
    ]
    return near[-1] if near else None


def _master(chain: Chain, numbers: Numbers, _: Step) -> None:
    target, ceiling = _loudness_target(numbers), _ceiling(numbers)
    if target is None:
        chain.reasons.append(f"no loudness was named, so {DEFAULT_LUFS:g} LUFS")
    if ceiling is None:
        chain.reasons.append(f"no true peak was named, so {DEFAULT_DBTP:g} dBTP")
    chain.add(
        "master",
        target_lufs=DEFAULT_LUFS if target is None else target,
        true_peak_dbtp=DEFAULT_DBTP if ceiling is None else ceiling,
    )


def _normalise(chain: Chain, numbers: Numbers, step: Step) -> None:
    peak = numbers.get("dbfs", wide=False)
    if _loudness_target(numbers) is None and peak is not None:
        chain.add("normalise_peak", peak_dbfs=-abs(peak.value))
        return
    if _ceiling(numbers) is not None or step.name == "limit":
        _master(chain, numbers, step)
        return
    target = _loudness_target(numbers)
    if target is None:
        chain.reasons.append(f"no loudness was named, so {DEFAULT_LUFS:g} LUFS")
    chain.add("normalise_loudness", target_lufs=DEFAULT_LUFS if target is None else target)


def _normalise_peak(chain: Chain, numbers: Numbers, _: Step) -> None:
    peak = numbers.get("dbfs", "dbtp", "db", wide=False)
    if peak is None:
        chain.reasons.append("no peak was named, so -1 dBFS")
    chain.add("normalise_peak", peak_dbfs=-abs(peak.value) if peak else -1.0)


def _gain(chain: Chain, numbers: Numbers, step: Step) -> None:
    target = numbers.get("lufs", wide=False)
    if target is not None:
        _normalise(chain, numbers, step)
        return
    amount = numbers.get("db", wide=False)
    if amount is None:
        value = -3.0 if numbers.down else 3.0
        chain.reasons.append(f"no amount was named, so {value:+g} dB")
    else:
        down = numbers.down and not amount.signed
        value = -abs(amount.value) if down else amount.value
    chain.add("gain", db=value)


def _trim(chain: Chain, numbers: Numbers, step: Step) -> None:
    times = numbers.all("seconds")
    words = {token.text for token in step.segment.tokens}
    if not times and numbers.get("db", wide=False) is not None:
        (_equalise if numbers.all("hz") else _gain)(chain, numbers, step)
    elif not times and not step.segment.has("setting", "section") and not words & _WHOLE:
        _trim_silence(chain, numbers, step)
    elif len(times) >= 2:
        chain.add("trim", start_seconds=min(times[:2]), end_seconds=max(times[:2]))
    elif not times:
        chain.unknown.append("cut by sections")
    elif words & _LAST:
        rest = None if numbers.seconds is None else max(0.0, numbers.seconds - times[0])
        edge = "end_seconds" if numbers.down else "start_seconds"
        if rest:
            chain.add("trim", **{edge: rest})
        else:
            chain.unknown.append("cut at the end")
    elif numbers.down:
        chain.add("trim", start_seconds=times[0])
    else:
        chain.add("trim", start_seconds=0.0, end_seconds=times[0])


def _trim_silence(chain: Chain, numbers: Numbers, _: Step) -> None:
    threshold = numbers.get("dbfs", "db", wide=False)
    chain.add("trim_silence", threshold_dbfs=-abs(threshold.value) if threshold else -60.0)


def _fade(chain: Chain, numbers: Numbers, step: Step) -> None:
    times = numbers.all("seconds")
    words = {token.text for token in step.segment.tokens}
    goes_in = step.name == "fade_in" or bool(words & {"start", "beginning", "in", "anfang"})
    goes_out = step.name == "fade_out" or not goes_in or bool(words & {"end", "out", "ende"})
    if not times:
        chain.reasons.append("no length was named for the fade, so 2 s")
    seconds = times[-1] if times else 2.0
    if goes_in and goes_out and len(times) >= 2:
        chain.add("fade", in_seconds=times[0], out_seconds=times[1])
    else:
        held = next((one.parameters for one in chain.operations if one.name == "fade"), {})
        parameters = {"in_seconds": 0.0, "out_seconds": 0.0, **_numeric(held)}
        if goes_in:
            parameters["in_seconds"] = seconds
        if goes_out:
            parameters["out_seconds"] = seconds
        chain.add("fade", **parameters)


def _numeric(parameters: object) -> dict[str, float]:
    assert isinstance(parameters, dict)
    return {name: float(value) for name, value in parameters.items()}


def _resample(chain: Chain, numbers: Numbers, step: Step) -> None:
    rate = numbers.get("hz")
    if rate is None:
        chain.reasons.append("no sample rate was named, so 48000 Hz")
    chain.add("resample", sample_rate_hz=rate.value if rate else 48000.0)
    _formats(chain, numbers, step)


def _convert(chain: Chain, numbers: Numbers, step: Step) -> None:
    _formats(chain, numbers, step)
    rate = numbers.get("hz", wide=False)
    if rate is not None and rate.value in SAMPLE_RATES_HZ:
        chain.add("resample", sample_rate_hz=rate.value)
    bpm, key = numbers.get("bpm", wide=False), numbers.get("key", wide=False)
    if bpm is not None:
        chain.add("time_stretch", target_bpm=bpm.value)
    if key is not None:
        chain.add("pitch_shift", target_key=key.text)


def _formats(chain: Chain, numbers: Numbers, step: Step) -> None:
    words = {token.text for token in step.segment.tokens}
    if "cd" in words or {"red", "book"} <= words:
        chain.add("resample", sample_rate_hz=44100.0)
        chain.add("convert", format="wav", bit_depth=16)
        chain.reasons.append("CD quality: 44.1 kHz, 16 bit")
    bits = numbers.get("bits", wide=False)
    names = step.segment.names("format")
    if names or bits is not None:
        depth = int(bits.value) if bits and bits.value in (16, 24, 32) else 0
        parameters: dict[str, float | str] = {"format": names[-1] if names else "wav"}
        if depth:
            parameters["bit_depth"] = depth
        chain.add("convert", **parameters)


def _implied(chain: Chain, numbers: Numbers, step: Step) -> None:
    """No verb of the trade, only a number: the unit says what is to change."""
    if numbers.get("lufs", "dbtp", wide=False) is not None:
        _normalise(chain, numbers, step)
    elif numbers.get("semitones", wide=False) is not None:
        _pitch(chain, numbers, step)
    elif numbers.get("percent", "factor", wide=False) is not None:
        _stretch(chain, numbers, step)
    elif numbers.get("db", wide=False) is not None:
        _gain(chain, numbers, step)
    elif (length := numbers.get("seconds", wide=False)) is not None and length.op is not None:
        chain.unknown.append("a new length without saying whether to cut or to stretch")
    elif length is not None:
        _trim(chain, numbers, step)
    else:
        signed = [one for one in numbers.here if one.unit == "bare" and one.signed]
        if signed and -40 <= signed[-1].value <= -5:
            _normalise(chain, numbers, step)
    _convert(chain, numbers, step)


def _filter(chain: Chain, numbers: Numbers, step: Step) -> None:
    cutoff = numbers.get("hz", wide=False)
    slope = numbers.get("slope")
    usual = 30.0 if step.name == "highpass" else 16000.0
    if cutoff is None:
        chain.reasons.append(f"no cut-off was named, so {usual:g} Hz")
    order = max(1, min(8, round(slope.value / 6))) if slope else 2
    chain.add(step.name, cutoff_hz=cutoff.value if cutoff else usual, order=order)


def _bandpass(chain: Chain, numbers: Numbers, _: Step) -> None:
    edges = sorted(numbers.all("hz")) or [300.0, 3400.0]
    chain.add("bandpass", low_hz=edges[0], high_hz=edges[-1] if len(edges) > 1 else 20000.0)


def _equalise(chain: Chain, numbers: Numbers, step: Step) -> None:
    places, amount = numbers.all("hz"), numbers.get("db", wide=False)
    gain = amount.value if amount else (-3.0 if numbers.down else 3.0)
    if amount and numbers.down and not amount.signed:
        gain = -abs(gain)
    if not places:
        chain.unknown.append(step.name)
        return
    frequency = (places[0] * places[-1]) ** 0.5 if len(places) > 1 else places[0]
    side = step.name if step.name in ("low_shelf", "high_shelf") else ""
    if step.name == "shelf":
        side = "low_shelf" if frequency < 500 else "high_shelf"
    if side:
        chain.add(side, frequency_hz=frequency, gain_db=gain)
    else:
        chain.add("peak_eq", frequency_hz=round(frequency, 1), gain_db=gain, q=1.0)


def _band(chain: Chain, numbers: Numbers, step: Step) -> None:
    """More or less of a region of the spectrum; "everything below 40 Hz" is a filter."""
    edges, removes = numbers.all("hz"), step.segment.has("verb", "remove")
    if edges and removes and step.name in ("low", "high"):
        name = "highpass" if step.name == "low" else "lowpass"
        chain.add(name, cutoff_hz=edges[0], order=4)
        return
    amount = numbers.get("db", wide=False)
    gain = abs(amount.value) if amount else 3.0
    gain = -gain if numbers.down or (amount and amount.value < 0) else gain
    if amount is None:
        chain.reasons.append(f"no amount was named, so {gain:+g} dB")
    name, frequency = BANDS[step.name]
    frequency = edges[0] if edges else frequency
    if name == "peak_eq":
        chain.add(name, frequency_hz=frequency, gain_db=gain, q=1.0)
    else:
        chain.add(name, frequency_hz=frequency, gain_db=gain)


def _width(chain: Chain, numbers: Numbers, step: Step) -> None:
    percent = numbers.get("percent", wide=False)
    down = numbers.down or step.segment.has("effect", "narrower")
    change = (percent.value / 100 if percent else 0.3) * (-1 if down else 1)
    chain.add("mid_side", width=round(max(0.0, 1 + change), 3))


def _stretch(chain: Chain, numbers: Numbers, step: Step) -> None:
    bpm, percent = numbers.get("bpm", wide=False), numbers.get("percent", wide=False)
    length = numbers.get("seconds")
    factor = numbers.get("factor", wide=False)
    slower = numbers.down or step.segment.has("effect", "slower")
    bare = [one.value for one in numbers.here if one.unit == "bare" and 40 <= one.value <= 240]
    if bpm is not None or bare:
        chain.add("time_stretch", target_bpm=bpm.value if bpm else bare[-1])
    elif percent is not None:
        chain.add(
            "time_stretch", rate=round(1 + abs(percent.value) / 100 * (-1 if slower else 1), 4)
        )
    elif length is not None and length.value > 0 and numbers.seconds:
        chain.add("time_stretch", rate=round(numbers.seconds / length.value, 5))
    elif factor is not None and factor.value > 0:
        chain.add("time_stretch", rate=1 / factor.value if slower else factor.value)
    else:
        rate = _named_rate(step.segment)
        if rate is None:
            rate = 0.9 if slower else 1.1
            chain.reasons.append(f"no tempo was named, so rate {rate:g}")
        chain.add("time_stretch", rate=rate)


def _named_rate(segment: Segment) -> float | None:
    words = {token.text for token in segment.tokens}
    if words & {"half", "halftime", "halb", "halbe", "mitad", "moitie"}:
        return 0.5
    return 2.0 if words & {"double", "twice", "doppelt", "doble", "deux"} else None


def _pitch(chain: Chain, numbers: Numbers, step: Step) -> None:
    steps, key = numbers.get("semitones", wide=False), numbers.get("key")
    down = numbers.down or step.segment.has("effect", "deeper") or step.segment.has("verb", "lower")
    if steps is not None:
        value = -abs(steps.value) if down and not step.segment.has("verb", "raise") else steps.value
        chain.add("pitch_shift", semitones=value)
    elif key is not None:
        chain.add("pitch_shift", target_key=key.text)
    else:
        bare = [one.value for one in numbers.here if one.unit == "bare" and abs(one.value) <= 24]
        bare += [INTERVALS[token.text] for token in step.segment.tokens if token.text in INTERVALS]
        if bare:
            chain.add("pitch_shift", semitones=-abs(bare[-1]) if down else bare[-1])
        elif step.group == "operation":
            chain.ask = "By how many semitones, or to which key?"


def _click(chain: Chain, numbers: Numbers, _: Step) -> None:
    bpm, length, meter = numbers.get("bpm"), numbers.get("seconds"), numbers.get("meter")
    parameters: dict[str, float | str] = {}
    if bpm is not None:
        parameters["bpm"] = bpm.value
    bare = [
        one.value for one in numbers.everywhere if one.unit == "bare" and 40 <= one.value <= 240
    ]
    if bpm is None and bare:
        parameters["bpm"] = bare[-1]
    if length is not None:
        parameters["seconds"] = length.value
    elif parameters and numbers.seconds is None:
        parameters["seconds"] = 120.0
        chain.reasons.append("no length was named, so 120 s")
    if meter is not None:
        parameters["beats_per_bar"] = int(meter.value)
    chain.add("click_track", **parameters)


def _noise(chain: Chain, numbers: Numbers, step: Step) -> None:
    if any(token.text.startswith("rumb") for token in step.segment.tokens):
        chain.add("highpass", cutoff_hz=30.0, order=4)
        chain.reasons.append("rumble: high-pass at 30 Hz")
    else:
        chain.unknown.append("noise")


def _hum(chain: Chain, numbers: Numbers, _: Step) -> None:
    found = numbers.get("hz", wide=False)
    chain.add("dehum", hum_hz=found.value if found and 40 <= found.value <= 70 else 0.0)


def _plainly(name: str) -> Callable[[Chain, Numbers, Step], None]:
    def rule(chain: Chain, numbers: Numbers, step: Step) -> None:
        chain.add(name)

    return rule


def _effect_with_amount(chain: Chain, numbers: Numbers, step: Step) -> None:
    if step.name in ("louder", "quieter") or step.name == "loudness":
        _gain(chain, numbers, step)
    elif step.name in ("faster", "slower"):
        _stretch(chain, numbers, step)
    else:
        _pitch(chain, numbers, step)


_RULES: dict[str, Callable[[Chain, Numbers, Step], None]] = {
    "master": _master, "normalise_loudness": _normalise, "limit": _normalise,
    "normalise_peak": _normalise_peak, "true_peak": _normalise_peak, "gain": _gain,
    "loudness": _gain, "audio": _gain, "instrument": _gain, "trim": _trim, "shorter": _trim,
    "trim_silence": _trim_silence, "silence": _trim_silence, "fade": _fade, "fade_in": _fade,
    "fade_out": _fade, "resample": _resample, "convert": _convert, "number": _implied,
    "remove_dc": _plainly("remove_dc"), "dc": _plainly("remove_dc"), "dehum": _hum, "hum": _hum,
    "highpass": _filter, "lowpass": _filter, "bandpass": _bandpass, "low_shelf": _equalise,
    "high_shelf": _equalise, "shelf": _equalise, "peak_eq": _equalise, "spectrum": _equalise,
    "mono": _plainly("mono"), "mid_side": _width, "width": _width, "stereo": _width,
    "hpss": _plainly("hpss"), "time_stretch": _stretch, "tempo": _stretch, "faster": _stretch,
    "slower": _stretch, "pitch_shift": _pitch, "key": _pitch, "higher": _pitch, "deeper": _pitch,
    "click_track": _click, "noise": _noise, "louder": _effect_with_amount,
    "quieter": _effect_with_amount,
}  # fmt: skip
