"""The judgement that a question wants: a measured level against its target, and what clips."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import mode

from agents.answering.comparing import SPOKEN, against_reference, against_usual
from agents.answering.plain_words import Values, by_file
from agents.judging.targets import PublishedTarget, published
from agents.planning.judgements import Asked, Judgement
from agents.planning.requirements import requirements
from agents.planning.text import Text
from agents.wording import listed, value_text
from audio.aspects import ASPECTS, is_number
from memory.context import Finding, ProjectSetting

LOUDNESS = "loudness.integrated_lufs"
PEAK = "loudness.true_peak_dbtp"
_CLIPPED = "clipping.samples"
_SAME = 0.05
"""Distances in dB that print as 0.0 are none."""


def verdicts(
    judged: Judgement,
    text: Text,
    findings: Sequence[Finding],
    names: Mapping[str, str],
    settings: Sequence[ProjectSetting] = (),
) -> str:
    """What a request wants judged, by what was measured; empty where nothing measured tells it.

    Args:
        judged: what is to be judged.
        text: the request.
        findings: what the answer rests on.
        names: file names by asset id.
        settings: what the project wants; it is the target where the request names none.
    """
    files = {names.get(id_, id_[:12]): values for id_, values in by_file(findings).items()}
    if judged.against and judged.things:
        return "\n".join(against_reference(judged, text, files))
    lines: list[str] = []
    for name, values in files.items():
        if judged.clipping:
            lines += _clipping(name, values)
        if judged.asked and LOUDNESS in values:
            lines += _levels(judged.asked, name, values, judged.targets, settings)
        lines += against_usual(judged, name, values)
    return "\n".join(lines)


def told_aspects(judged: Judgement) -> frozenset[str]:
    """Aspects of which a verdict says what general advice would say again."""
    level = {LOUDNESS, PEAK} if judged.asked else set[str]()
    return frozenset(level | ({_CLIPPED} if judged.clipping else set()))


def spoken(judged: Judgement) -> frozenset[str]:
    """Aspects of which a verdict speaks; of what was measured besides, nobody asked."""
    level = {LOUDNESS, PEAK, _CLIPPED} if judged.asked else set[str]()
    return frozenset(
        level
        | ({PEAK, _CLIPPED} if judged.clipping else set())
        | ({LOUDNESS, *(SPOKEN[one] for one in judged.things)} if judged.things else set())
    )


def _levels(
    asked: Asked,
    name: str,
    values: Values,
    targets: Sequence[PublishedTarget],
    settings: Sequence[ProjectSetting],
) -> Iterator[str]:
    if targets:
        lines = [_verdict(asked, name, values, one) for one in targets]
        yield from (f"- {line}" for line in lines) if len(lines) > 1 else lines
        return
    own = _wanted(settings)
    target = own or _usual()
    line = _verdict(asked, name, values, target)
    if own is None:
        same = [one.name for one in published() if one.kind == "playback" and _is_at(one, target)]
        line += (
            f" No target was named, so it is held against the streaming target of {target.lufs:g} "
            f"LUFS that {listed(same)} have."
        )
    yield line


def _is_at(one: PublishedTarget, other: PublishedTarget) -> bool:
    return one.lufs == other.lufs


def _usual() -> PublishedTarget:
    """The target of most services that play music."""
    services = [one for one in published() if one.kind == "playback"]
    lufs = mode(one.lufs for one in services)
    first = next(one for one in services if one.lufs == lufs)
    return first.model_copy(update={"name": "most streaming services", "quieter": ""})


def _wanted(settings: Sequence[ProjectSetting]) -> PublishedTarget | None:
    """The loudness that the project wants, as a target."""
    limits = {one.criterion.aspect: one for one in requirements(settings)}
    loudness, peak = limits.get(LOUDNESS), limits.get(PEAK)
    if loudness is None or not is_number(loudness.criterion.value):
        return None
    usual = _usual()
    ceiling = peak.criterion.value if peak is not None else usual.dbtp
    return PublishedTarget(
        name=f"the project's “{loudness.setting.value}”",
        kind="delivery",
        lufs=loudness.criterion.value,
        within=loudness.criterion.tolerance or ASPECTS[LOUDNESS].absolute,
        dbtp=ceiling if is_number(ceiling) else usual.dbtp,
        names=(),
        source="the project",
    )


def _verdict(asked: Asked, name: str, values: Values, target: PublishedTarget) -> str:
    """One target: yes or no, the number, the target, how far above or below, and the peaks."""
    loudness = values[LOUDNESS].value
    assert is_number(loudness)
    off = round(float(loudness) - target.lufs, 2)
    within = target.within or ASPECTS[LOUDNESS].absolute
    peak = values[PEAK].value if PEAK in values else None
    over = round(float(peak) - target.dbtp, 2) if is_number(peak) else 0.0
    aim = f"{target.lufs:g}" + (f" ± {target.within:g}" if target.within else "") + " LUFS"
    parts = [
        f"{_head(asked, name, target, off, within, over)}: integrated loudness "
        f"{value_text(loudness, 'LUFS')} is {_distance(off, 'LU')} the target of {aim}",
        _consequence(off, within, target),
    ]
    if is_number(peak):
        parts.append(
            f"the true peak {value_text(peak, 'dBTP')} is {_distance(over, 'dB')} the limit of "
            f"{target.dbtp:g} dBTP"
        )
    if target.measured == "dialogue":
        parts.append(
            f"{target.name} takes its target of the dialogue alone and this is the whole "
            "programme, so it is only a hint"
        )
    return "; ".join(filter(None, parts)) + "."


def _head(
    asked: Asked, name: str, target: PublishedTarget, off: float, within: float, over: float
) -> str:
    """Yes or no, in the words of the question; only what is compared where none was asked."""
    fits = abs(off) <= within and over <= _SAME
    match asked:
        case "open":
            return f"**{name}** against {target.name}"
        case "loud":
            words, yes = "is too loud for", off > within
        case "quiet":
            words, yes = "is too quiet for", off < -within
        case "enough":
            words, yes = "is loud enough for", off >= -within
        case "fits":
            words, yes = ("meets" if target.kind == "delivery" else "is right for"), fits
    return f"**{'Yes' if yes else 'No'}**, {name} {words if yes else _denied(words)} {target.name}"


def _denied(words: str) -> str:
    """``is too loud for`` as ``is not too loud for``, ``meets`` as ``does not meet``."""
    is_verb = not words.startswith("is ")
    return f"does not {words[:-1]}" if is_verb else words.replace("is ", "is not ", 1)


def _distance(off: float, unit: str) -> str:
    if abs(off) < _SAME:
        return "exactly at"
    return f"{abs(off):.1f} {unit} {'above' if off > 0 else 'below'}"


def _consequence(off: float, within: float, target: PublishedTarget) -> str:
    """What becomes of the level at playback."""
    if target.kind == "delivery":
        return ""
    if off > within:
        return f"it would be turned down by {off:.1f} dB"
    return f"{target.name} {target.quieter}" if off < -within and target.quieter else ""


def _clipping(name: str, values: Values) -> Iterator[str]:
    """Whether a file clips: in its samples, or only between them."""
    if _CLIPPED not in values:
        return
    count, peak = values[_CLIPPED].value, values[PEAK].value if PEAK in values else None
    level = f"the true peak is {value_text(peak, 'dBTP')}" if is_number(peak) else ""
    if is_number(count) and count > 0:
        tail = f"; {level}" if level else ""
        yield (
            f"**Yes**, {name} clips: {count:,.0f} samples lie in cut-off tops, a clean file has "
            f"0{tail}."
        )
    elif is_number(peak) and peak > 0:
        yield (
            f"**Not in its samples**: {name} has no clipped samples, but {level}, above full "
            "scale: converters and lossy encoders will clip it."
        )
    else:
        tail = f", and {level}, {abs(peak):.1f} dB below full scale" if is_number(peak) else ""
        yield f"**No**, {name} does not clip: no clipped samples{tail}."
