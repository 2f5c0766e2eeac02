"""The conditions that a plan's results must meet, as instruments can measure them."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity, Unit, find_quantities
from agents.planning.text import read_text
from audio.aspects import ASPECTS, parse_key
from audio.assets import AssetRef
from audio.pitch_names import SHARPS
from memory.context import Criterion, Finding, Op, Operation

SILENCE_LEFT_SECONDS = 0.1
"""Most silence that a trimmed end keeps."""
GAIN_WITHIN_LU = 0.1
"""How exactly a gain must show in the loudness: it is the same for every sample."""
CREST = "dynamics.crest_db"
CREST_LOST_DB = 1.0
"""How much of its source's crest factor a result may lose that shall keep its punch."""
DC_LEFT = 0.001
"""Largest offset that is left after removal, full scale 1."""

_ASPECT_OF: dict[Unit, str] = {
    "lufs": "loudness.integrated_lufs",
    "dbtp": "loudness.true_peak_dbtp",
    "lu": "loudness.range_lu",
    "bpm": "tempo.bpm",
    "key": "key",
    "seconds": "duration.seconds",
    "hz": "sample_rate.hz",
    "meter": "meter",
}
_LENGTH_WORDS = (
    "long", "lang", "lange", "duracion", "duration", "length", "dauer", "de largo", "lasts",
    "last for", " dure", " dura",
)  # fmt: skip


def criterion(
    aspect: str, op: Op, value: float | int | str | None, tolerance: float | None = None
) -> Criterion:
    """A condition in the aspect's unit; ``==`` gets the aspect's own agreement by default."""
    known = ASPECTS[aspect]
    if op == "==" and tolerance is None and isinstance(value, int | float):
        tolerance = round(known.tolerance(float(value)), 6)
    return Criterion(aspect=aspect, op=op, value=value, tolerance=tolerance, unit=known.unit)


EXISTS = {
    "hum": criterion("hum.hz", ">=", 1.0),
    "clipping": criterion("clipping.samples", ">=", 1),
    "dc": criterion("dc_offset", ">=", DC_LEFT),
}
"""When a fault is there at all: "if it hums …"."""


def targets(request: str) -> tuple[Criterion, ...]:
    """The conditions that a text states: "-14 LUFS", "around 120 bpm", "under 3 minutes" …"""
    text = read_text(request)
    stated = list(of_quantities(find_quantities(text.words), text.words))
    words = {token.text for token in text.tokens}
    for word, count in (("mono", 1), ("stereo", 2)):
        if word in words:
            stated.append(criterion("channels", "==", count))
    return tuple(stated)


def of_quantities(quantities: Iterable[Quantity], words: str) -> Iterator[Criterion]:
    """The conditions that numbers state by their unit alone."""
    for one in quantities:
        aspect = _ASPECT_OF.get(one.unit)
        if aspect is None or (one.unit == "hz" and one.value not in SAMPLE_RATES_HZ):
            continue
        if one.unit == "seconds" and one.op is None and not _says_length(words, one):
            continue
        if one.text:
            yield criterion(aspect, "==", one.text)
        else:
            usual: Op = "<=" if one.unit == "dbtp" else "=="
            value = -abs(one.value) if one.unit in ("lufs", "dbtp") else one.value
            yield criterion(aspect, one.op or usual, value, one.within)


def kept_crest(inputs: Sequence[AssetRef], findings: Sequence[Finding]) -> Criterion:
    """That a result has the punch of its source; without a value where that wasn't measured yet."""
    about = [one for one in findings if len(inputs) == 1 and one.subject.id == inputs[0].id]
    return relative_to(Criterion(aspect=CREST, op=">=", value=None, unit="dB"), about)


def is_relative(one: Criterion) -> bool:
    """Whether a condition still waits for the measurement of its source."""
    return one.op == ">=" and one.value is None


def relative_to(one: Criterion, sources: Sequence[Finding]) -> Criterion:
    """A condition on what a source has, with the number of it where one source has been measured.

    Args:
        one: the condition.
        sources: what is known of the sources, oldest first.
    """
    known = {other.subject.id: other.value for other in sources
             if other.aspect == one.aspect and other.subject.start is None}  # fmt: skip
    (value,) = known.values() if len(known) == 1 else (None,)
    if not is_relative(one) or not isinstance(value, int | float):
        return one
    return one.model_copy(update={"value": round(value - CREST_LOST_DB, 2)})


def of_operations(
    operations: Sequence[Operation], inputs: Sequence[AssetRef], findings: Sequence[Finding]
) -> Iterator[Criterion]:
    """What a chain of recipes must have brought about."""
    seconds = inputs[0].seconds if len(inputs) == 1 else None
    cuts = {"trim", "trim_silence", "time_stretch"}
    keeps_length = not any(operation.name in cuts for operation in operations)
    for operation in operations:
        numbers = {
            name: float(value)
            for name, value in operation.parameters.items()
            if isinstance(value, int | float)
        }
        yield from _of_one(operation, numbers, seconds if keeps_length else None, findings)
    rate = next(
        (one.parameters.get("rate") for one in operations if one.name == "time_stretch"), None
    )
    is_cut = any(one.name in ("trim", "trim_silence") for one in operations)
    if seconds is not None and isinstance(rate, int | float) and not is_cut:
        length = round(seconds / rate, 3)
        yield criterion("duration.seconds", "==", length, max(0.05, 0.005 * length))


def _of_one(
    operation: Operation, numbers: dict[str, float], seconds: float | None,
    findings: Sequence[Finding],
) -> Iterator[Criterion]:  # fmt: skip
    match operation.name:
        case "master":
            yield criterion("loudness.integrated_lufs", "==", numbers["target_lufs"])
            yield criterion("loudness.true_peak_dbtp", "<=", numbers["true_peak_dbtp"])
        case "normalise_loudness":
            yield criterion("loudness.integrated_lufs", "==", numbers["target_lufs"])
        case "normalise_peak":
            yield criterion("clipping.samples", "<=", 0)
        case "resample":
            yield criterion("sample_rate.hz", "==", int(numbers["sample_rate_hz"]))
        case "mono":
            yield criterion("channels", "==", 1)
        case "trim_silence":
            yield criterion("silence.start_seconds", "<=", SILENCE_LEFT_SECONDS)
            yield criterion("silence.end_seconds", "<=", SILENCE_LEFT_SECONDS)
        case "trim" if "end_seconds" in numbers:
            length = numbers["end_seconds"] - numbers.get("start_seconds", 0.0)
            yield criterion("duration.seconds", "==", round(length, 3))
        case "remove_dc":
            yield criterion("dc_offset", "<=", DC_LEFT)
        case "dehum":
            yield criterion("hum.hz", "==", None)
        case "time_stretch" if "target_bpm" in numbers:
            yield criterion("tempo.bpm", "==", numbers["target_bpm"])
        case "click_track" if "bpm" in numbers:
            yield criterion("tempo.bpm", "==", numbers["bpm"])
            if "seconds" in numbers:
                yield criterion("duration.seconds", "==", numbers["seconds"], 1.0)
        case "pitch_shift":
            key = _transposed(operation, findings)
            if key is not None:
                yield criterion("key", "==", key)
            if seconds is not None:
                yield criterion("duration.seconds", "==", round(seconds, 3))
        case "gain":
            loudness = _known(findings, "loudness.integrated_lufs")
            if isinstance(loudness, int | float):
                louder = round(loudness + numbers["db"], 2)
                yield criterion("loudness.integrated_lufs", "==", louder, GAIN_WITHIN_LU)


def _transposed(operation: Operation, findings: Sequence[Finding]) -> str | None:
    target, steps = operation.parameters.get("target_key"), operation.parameters.get("semitones")
    if isinstance(target, str):
        return target
    known = _known(findings, "key")
    key = parse_key(known) if isinstance(known, str) else None
    if key is None or not isinstance(steps, int | float) or steps != round(steps):
        return None
    return f"{SHARPS[(key[0] + round(steps)) % 12]} {key[1]}"


def _known(findings: Sequence[Finding], aspect: str) -> JsonValue:
    values = [one.value for one in findings if one.aspect == aspect and one.value is not None]
    return values[-1] if values else None


def _says_length(words: str, one: Quantity) -> bool:
    near = words[max(0, one.start - 14) : one.end + 10].lower()
    return any(word in near for word in _LENGTH_WORDS)
