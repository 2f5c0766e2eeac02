"""Findings, criteria and recipe calls as short plain English."""

from collections.abc import Sequence

from pydantic import JsonValue

from audio.aspects import ASPECTS, is_number
from memory.context import Criterion, Finding, Operation

NOT_TOLD = "can't be told"
_EVENTS = {
    "beats": "beats", "downbeats": "downbeats", "chords": "chord segments",
    "structure.sections": "sections", "melody.notes": "melody notes",
    "tempo.alternatives_bpm": "alternatives", "voice.spans": "stretches", "voice.words": "words",
}  # fmt: skip
_NAMES = {
    "duration.seconds": "Length", "channels": "Channels", "beats": "Beats",
    "downbeats": "Downbeats", "meter": "Meter", "key": "Key", "chords": "Chords",
    "tempo.alternatives_bpm": "Other possible tempos", "structure.sections": "Sections",
    "loudness.short_term_max_lufs": "Loudest 3 s (short-term)",
    "loudness.momentary_max_lufs": "Loudest 400 ms (momentary)",
    "dynamics.crest_db": "Crest factor", "dc_offset": "DC offset",
    "clipping.samples": "Clipped samples", "silence.start_seconds": "Silence at the start",
    "silence.end_seconds": "Silence at the end", "spectrum.rolloff_hz": "Spectral roll-off (85 %)",
    "spectrum.bandwidth_hz": "Spectral bandwidth", "spectrum.cutoff_hz": "Low-pass cut-off",
    "stereo.correlation": "Stereo correlation", "stereo.width": "Stereo width",
    "stereo.balance_db": "Stereo balance", "hum.hz": "Mains hum", "melody.notes": "Melody",
    "heard.description": "By ear", "seen.description": "By eye", "tone.hz": "Tone",
    "sweep.hz": "Sweep", "clicks": "Clicks", "voice.spans": "Voices", "voice.words": "Words",
}  # fmt: skip
"""Short names for readers, where the aspect's own line is long."""
_UNITS = {
    "lufs": "LUFS", "dbtp": "dBTP", "dbfs": "dBFS", "db": "dB", "hz": "Hz", "seconds": "s",
    "bpm": "BPM",
}  # fmt: skip
"""Units by the last part of a parameter's name."""
_SHOWN = 6
"""Most entries of a list that are written out."""


def lower_first(text: str) -> str:
    """The text as it stands within a sentence; abbreviations keep their capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def count_text(number: int, noun: str) -> str:
    """How many of something, in words: "1 file", "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def value_text(value: JsonValue, unit: str = "", aspect: str = "") -> str:
    """A value with its unit: numbers short, long lists as a count with their first entries."""
    if value is None:
        return NOT_TOLD
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{_number(value)} {unit}".strip()
    if isinstance(value, list):
        return _list_text(value, unit, aspect)
    return f"{value} {unit}".strip() if isinstance(value, str) else str(value)


def finding_text(finding: Finding) -> str:
    """One finding in words: what it is, its value, and how sure that is."""
    name = aspect_text(finding.aspect)
    if finding.value is None:
        none = "none" if finding.absent else NOT_TOLD
        return f"{name}: {none} ({finding.method})" if finding.method else f"{name}: {none}"
    value = value_text(finding.value, finding.unit, finding.aspect)
    doubt = f", confidence {finding.confidence:.2f}" if finding.confidence < 0.995 else ""
    return f"{name}: {value} ({finding.evidence}{doubt})"


def aspect_text(aspect: str) -> str:
    """The name of an aspect for a reader."""
    if aspect in _NAMES:
        return _NAMES[aspect]
    known = ASPECTS.get(aspect)
    return known.says.split(",")[0] if known is not None else aspect.replace("_", " ")


def criterion_text(criterion: Criterion, verdict: bool = True) -> str:
    """What was wanted and, with a verdict, what was measured."""
    signs = {"==": "", "<=": "at most ", ">=": "at least "}
    wanted = "none" if criterion.value is None else value_text(criterion.value, criterion.unit)
    if criterion.op == "==" and criterion.tolerance:
        wanted += f" ± {_number(criterion.tolerance)}"
    wanted = signs[criterion.op] + wanted
    if criterion.op == ">=" and criterion.value is None:
        wanted = "that of its source, which is not known"
    name = aspect_text(criterion.aspect)
    if not verdict:
        return f"{name} is {wanted}"
    if criterion.met is None:
        return f"{name}: wanted {wanted}, not measured"
    none = "none" if criterion.met else NOT_TOLD
    found = none if criterion.measured is None else value_text(criterion.measured, criterion.unit)
    judged = "met" if criterion.met else "not met"
    return f"{name}: {found}, wanted {wanted} — {judged}"


def operation_text(operation: Operation) -> str:
    """One recipe call in words, such as ``master (target -14 LUFS, true peak -1 dBTP)``."""
    if operation.name == "when":
        return f"only if {criterion_text(Criterion.model_validate(operation.parameters), False)}"
    if operation.name == "mend":
        return "put right what the measurement shows"
    numbers = ", ".join(_parameter(name, value) for name, value in operation.parameters.items())
    name = operation.name.replace("_", " ")
    return f"{name} ({numbers})" if numbers else name


def _parameter(name: str, value: JsonValue) -> str:
    """``target_lufs`` -14 as ``target -14 LUFS``."""
    head, _, last = name.rpartition("_")
    if last in _UNITS and is_number(value):
        return f"{head.replace('_', ' ')} {value_text(value, _UNITS[last])}".strip()
    return f"{name.replace('_', ' ')} {value_text(value)}"


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _number(value: float) -> str:
    if isinstance(value, int) or (abs(value) >= 1000 and is_number(value)):
        return f"{value:.0f}"
    text = f"{value:.3f}" if 0 < abs(value) < 0.1 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _list_text(values: list[JsonValue], unit: str, aspect: str) -> str:
    if not values:
        return "none"
    plain = all(isinstance(value, int | float | str) for value in values)
    if plain and len(values) <= _SHOWN:
        return ", ".join(value_text(value) for value in values) + (f" {unit}" if unit else "")
    count = f"{len(values)} {_EVENTS.get(aspect, 'entries')}"
    labels = [str(value[2]) for value in values if isinstance(value, list) and len(value) > 2]
    if labels and aspect in ("chords", "structure.sections", "voice.words"):
        more = " …" if len(labels) > _SHOWN else ""
        return f"{count}: {' – '.join(labels[:_SHOWN])}{more}"
    return count
