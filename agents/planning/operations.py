"""From what is to be built to typed recipe calls, with the numbers that the request gives."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agents.judging.targets import PublishedTarget
from agents.planning.chain import Chain, Numbers, numbers_of, plain
from agents.planning.glossary import effects
from agents.planning.levels import gain, master, normalise, normalise_peak
from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity
from agents.planning.reading import Reading, Step
from agents.planning.timing import click, fade, pitch, stretch, trim, trim_silence
from agents.planning.tone import (
    bandpass,
    change_band,
    cure,
    cut_off,
    equalise,
    remove_hum,
    remove_noise,
    width,
)  # fmt: skip
from memory.context import Task

_BASS = frozenset({"bass", "basse", "bajo"})
"""The instrument that is a region of the spectrum at the same time."""
_SPLITS = frozenset(
    {"split", "splits", "separate", "separates", "divide", "divides", "teile", "teilt", "trenne",
     "trennt", "separa", "separe"}
)  # fmt: skip
FORMATS = {"wav": "wav", "flac": "flac", "mp3": "mp3", "ogg": "ogg", "aiff": "aiff", "aif": "aiff"}
"""The format of a sound by the word or the suffix for it."""
ORDER = (
    "remove_dc", "dehum", "trim", "trim_silence", "highpass", "lowpass", "bandpass", "low_shelf",
    "high_shelf", "peak_eq", "hpss", "mono", "mid_side", "pitch_shift", "time_stretch", "gain",
    "fade", "normalise_peak", "normalise_loudness", "master", "resample", "convert", "click_track",
)  # fmt: skip
"""The order of a chain in which no later step undoes an earlier one."""


def build_chain(
    reading: Reading,
    quantities: tuple[Quantity, ...],
    seconds: float | None,
    before: Task | None,
    demands: Mapping[str, float],
    services: tuple[PublishedTarget, ...] = (),
) -> Chain:
    """The recipe calls that a request asks for, in an order that keeps each one's effect.

    Args:
        reading: what was understood.
        quantities: the request's numbers.
        seconds: length of the file, where there is just one.
        before: the last work of this kind, for a request to do the same again.
        demands: what the project wants where the request names no number, by aspect.
        services: the services and broadcasters that the request names.
    """
    chain = Chain(demands, services)
    if reading.repeats and before is not None:
        chain.operations.extend(before.operations)
        chain.reasons.append("as before")
    for step in reading.steps:
        _add_step(chain, step, numbers_of(step.segment, quantities, seconds))
    if reading.mends and not reading.steps:
        for quality in dict.fromkeys(reading.complaints):
            cure(chain, quality)
    chain.operations.sort(key=lambda held: ORDER.index(held.name))
    return chain


def _add_step(chain: Chain, step: Step, numbers: Numbers) -> None:
    if step.group == "quality":
        cure(chain, step.name)
    elif step.group == "band":
        change_band(chain, numbers, step)
    elif (rule := RULES.get(step.name)) is not None:
        rule(chain, numbers, step)
    elif step.name in effects():
        operation, reason = effects()[step.name]
        chain.add(operation.name, **plain(operation))
        chain.reasons.append(reason)
    else:
        chain.unknown.append(step.words)
        chain.generates |= step.name == "generate"


def _one_instrument(chain: Chain, numbers: Numbers, step: Step) -> None:
    words = {token.text for token in step.segment.tokens}
    if words & _BASS:
        change_band(chain, numbers, replace(step, name="low"))
        return
    gain(chain, numbers, step)
    chain.reasons.append("the whole file is changed: no recipe reaches one instrument in a mix")


def _louder(chain: Chain, numbers: Numbers, step: Step) -> None:
    alone = step.segment.has("media", "instrument") and not step.segment.has("media", "audio")
    (_one_instrument if alone else gain)(chain, numbers, step)


def _take_away(chain: Chain, numbers: Numbers, step: Step) -> None:
    words = " ".join(token.text for token in step.segment.tokens)
    if not numbers.all("seconds"):
        chain.unknown.append(f"taking a part of the music away ({words})")


def _mono(chain: Chain, numbers: Numbers, step: Step) -> None:
    """A mix of both channels; "split it into two mono files" wants them apart."""
    if {token.text for token in step.segment.tokens} & _SPLITS:
        chain.unknown.append("files of single channels")
    else:
        chain.add("mono")


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
    names = step.segment.names("format") or tuple(FORMATS[one] for one in FORMATS if one in words)
    if names or bits is not None:
        depth = int(bits.value) if bits and bits.value in (16, 24, 32) else 0
        parameters: dict[str, float | str] = {"format": names[-1] if names else "wav"}
        if depth:
            parameters["bit_depth"] = depth
        chain.add("convert", **parameters)


def _implied(chain: Chain, numbers: Numbers, step: Step) -> None:
    """No verb of the trade, only a number: the unit says what is to change."""
    if numbers.get("lufs") is None and numbers.get("dbtp", wide=False) is not None:
        normalise_peak(chain, numbers, step)
    elif numbers.get("lufs", "dbtp", wide=False) is not None:
        normalise(chain, numbers, step)
    elif numbers.get("semitones", wide=False) is not None:
        pitch(chain, numbers, step)
    elif numbers.get("percent", "factor", wide=False) is not None:
        stretch(chain, numbers, step)
    elif numbers.get("db", wide=False) is not None:
        gain(chain, numbers, step)
        if numbers.places():
            return
    elif (length := numbers.get("seconds", wide=False)) is not None and length.op is not None:
        chain.unknown.append("a new length without saying whether to cut or to stretch")
    elif length is not None:
        trim(chain, numbers, step)
    else:
        bare = [one for one in numbers.here if one.unit == "bare"]
        if bare and bare[-1].signed and -40 <= bare[-1].value <= -5:
            normalise(chain, numbers, step)
        elif bare and chain.operations:
            _revise(chain, bare[-1].value, numbers.down)
        elif bare and not bare[-1].signed and 40 <= bare[-1].value <= 240:
            stretch(chain, numbers, step)
    _convert(chain, numbers, step)


def _revise(chain: Chain, value: float, down: bool) -> None:
    """A number without a unit corrects the one that was just said."""
    last = chain.operations[-1]
    for name in ("semitones", "db"):
        if name in last.parameters:
            chain.add(last.name, **{name: -abs(value) if down else abs(value)})


def _plainly(name: str) -> Callable[[Chain, Numbers, Step], None]:
    def rule(chain: Chain, numbers: Numbers, step: Step) -> None:
        chain.add(name)

    return rule


RULES: dict[str, Callable[[Chain, Numbers, Step], None]] = {
    "master": master, "normalise_loudness": normalise, "limit": normalise,
    "normalise_peak": normalise_peak, "true_peak": normalise_peak, "gain": gain,
    "loudness": gain, "audio": gain, "instrument": _one_instrument, "trim": trim, "shorter": trim,
    "trim_silence": trim_silence, "silence": trim_silence, "fade": fade, "fade_in": fade,
    "fade_out": fade, "resample": _resample, "convert": _convert, "number": _implied,
    "remove_dc": _plainly("remove_dc"), "dc": _plainly("remove_dc"), "dehum": remove_hum,
    "hum": remove_hum,
    "highpass": cut_off, "lowpass": cut_off, "bandpass": bandpass, "low_shelf": equalise,
    "high_shelf": equalise, "shelf": equalise, "peak_eq": equalise, "spectrum": equalise,
    "mono": _mono, "mid_side": width, "width": width, "wider": width,
    "narrower": width, "stereo": width,
    "hpss": _plainly("hpss"), "time_stretch": stretch, "tempo": stretch, "faster": stretch,
    "slower": stretch, "pitch_shift": pitch, "key": pitch, "higher": pitch, "deeper": pitch,
    "click_track": click, "take_away": _take_away, "noise": remove_noise, "louder": _louder,
    "quieter": _louder,
}  # fmt: skip
