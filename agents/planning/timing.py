"""Steps that change length, tempo or pitch, or make clicks."""

from itertools import pairwise

from agents.planning.chain import Chain, Numbers
from agents.planning.glossary import INTERVALS
from agents.planning.levels import gain
from agents.planning.reading import Step
from agents.planning.segments import Segment
from agents.planning.tone import equalise

_LAST = frozenset({"last", "end", "letzten", "ende", "ultimos", "final", "dernieres", "fin"})
_HALF = frozenset(
    {"half", "halve", "halftime", "halb", "halbe", "halbes", "halbiere", "halbieren", "mitad",
     "moitie", "divise"}
)  # fmt: skip
_DOUBLE = frozenset(
    {"double", "twice", "doppelt", "doppeltes", "verdopple", "verdoppeln", "doble", "dobla",
     "duplica", "deux", "doubler"}
)  # fmt: skip
_AT = frozenset({"at", "bei", "en", "a", "minuto", "minute", "after", "nach", "tras"})
_OUT = frozenset(
    {"everything", "out", "rid", "remove", "delete", "weg", "raus", "alles", "entferne", "quita",
     "elimina", "todo", "enleve", "supprime", "tout"}
)  # fmt: skip
"""Words by which a stretch is to go, not to stay."""
_FROM = frozenset({"start", "begin", "from", "ab", "von", "desde", "empieza", "depuis"})
_WHOLE = frozenset(
    {"bars", "bar", "half", "part", "bit", "section", "takte", "takt", "teil", "compases", "parte",
     "mesures", "partie", "one", "each", "per", "pro", "je", "por", "cada", "chaque"}
)  # fmt: skip
"""Words by which a cut means parts of the music, not silence."""


def trim(chain: Chain, numbers: Numbers, step: Step) -> None:
    times = numbers.all("seconds")
    words = {token.text for token in _alone(step).tokens}
    if not times and numbers.get("db", wide=False) is not None:
        (equalise if numbers.all("hz") else gain)(chain, numbers, step)
    elif not times and not step.segment.has("setting", "section") and not words & _WHOLE:
        trim_silence(chain, numbers, step)
    elif len(times) >= 2 and words & _OUT and min(times[:2]) > 0:
        chain.unknown.append("a cut out of the middle")
    elif len(times) >= 2:
        chain.add("trim", start_seconds=min(times[:2]), end_seconds=max(times[:2]))
    elif not times:
        chain.unknown.append("cut by sections")
    elif _stands_at(step.segment) and not words & _FROM:
        chain.add("trim", start_seconds=0.0, end_seconds=times[0])
    elif words & _LAST:
        rest = None if numbers.seconds is None else max(0.0, numbers.seconds - times[0])
        edge = "end_seconds" if numbers.down else "start_seconds"
        if rest:
            chain.add("trim", **{edge: rest})
        else:
            chain.unknown.append("cut at the end")
    elif numbers.down or words & _FROM:
        chain.add("trim", start_seconds=times[0])
    else:
        chain.add("trim", start_seconds=0.0, end_seconds=times[0])


def _alone(step: Step) -> Segment:
    """Its segment without a later step's words: "30 seconds, with a fade at the end"."""
    works = [tag for tag in step.segment.tags if tag.group == "operation"]
    mine = min((tag.start for tag in works if tag.name == step.name), default=0)
    others = [tag.start for tag in works if tag.name != step.name and tag.start > mine]
    return step.segment.before(min(others, default=len(step.segment.tokens)))


def _stands_at(segment: Segment) -> bool:
    """Whether a clock time says where to cut: "cut it at 2:10"."""
    words = [token.text for token in segment.tokens]
    return any(before in _AT and ":" in word for before, word in pairwise(words))


def trim_silence(chain: Chain, numbers: Numbers, _: Step) -> None:
    threshold = numbers.get("dbfs", "db", wide=False)
    chain.add("trim_silence", threshold_dbfs=-abs(threshold.value) if threshold else -60.0)


def fade(chain: Chain, numbers: Numbers, step: Step) -> None:
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


def stretch(chain: Chain, numbers: Numbers, step: Step) -> None:
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
    if words & _HALF:
        return 0.5
    return 2.0 if words & _DOUBLE else None


def pitch(chain: Chain, numbers: Numbers, step: Step) -> None:
    steps, key = numbers.get("semitones", wide=False), numbers.get("key")
    down = numbers.down or step.segment.has("effect", "deeper") or step.segment.has("verb", "lower")
    if steps is not None:
        value = -abs(steps.value) if down and not step.segment.has("verb", "raise") else steps.value
        chain.add("pitch_shift", semitones=value)
    elif key is not None:
        chain.add("pitch_shift", target_key=key.text)
    elif numbers.get("db", wide=False) is not None:
        gain(chain, numbers, step)
    else:
        bare = [one.value for one in numbers.here if one.unit == "bare" and abs(one.value) <= 24]
        bare += [INTERVALS[token.text] for token in step.segment.tokens if token.text in INTERVALS]
        if bare:
            chain.add("pitch_shift", semitones=-abs(bare[-1]) if down else bare[-1])
        elif step.group == "operation":
            chain.ask = "By how many semitones, or to which key?"


def click(chain: Chain, numbers: Numbers, _: Step) -> None:
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
