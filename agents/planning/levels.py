"""Steps that change how loud a sound is."""

from agents.planning.chain import Chain, Numbers
from agents.planning.reading import Step
from agents.planning.tone import equalise

DEFAULT_LUFS = -14.0
"""Loudness of a master when the request names none: what the large streaming services play at."""
DEFAULT_DBTP = -1.0
"""True-peak ceiling when the request names none (EBU R 128, AES TD1008)."""
_MEASURES = {
    "loudness": ("loudness.integrated_lufs", "LUFS"),
    "true peak": ("loudness.true_peak_dbtp", "dBTP"),
}
"""The aspect and the unit of what a request may leave open."""


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


def _loudness(chain: Chain, numbers: Numbers) -> float:
    """The loudness that is to be reached: the request's, else the project's, else the usual one."""
    stated = _loudness_target(numbers)
    return stated if stated is not None else _open(chain, "loudness", DEFAULT_LUFS)


def _open(chain: Chain, what: str, usual: float) -> float:
    """What the project wants, or what is usual, where the request names no number; it is told."""
    aspect, unit = _MEASURES[what]
    if chain.services:
        return _published(chain, what, unit)
    demanded = chain.demands.get(aspect)
    value = usual if demanded is None else demanded
    wanted = "" if demanded is None else ", as the project wants it"
    chain.reasons.append(f"no {what} was named, so {value:g} {unit}{wanted}")
    return value


def _published(chain: Chain, what: str, unit: str) -> float:
    """What the services publish that the request names; of several, the lowest."""
    values = {one.lufs if what == "loudness" else one.dbtp: one.name for one in chain.services}
    value = min(values)
    chain.reasons.append(f"{values[value]} wants {value:g} {unit}")
    return value


def master(chain: Chain, numbers: Numbers, _: Step) -> None:
    target, ceiling = _loudness(chain, numbers), _ceiling(numbers)
    if ceiling is None:
        ceiling = _open(chain, "true peak", DEFAULT_DBTP)
    chain.add("master", target_lufs=target, true_peak_dbtp=ceiling)


def normalise(chain: Chain, numbers: Numbers, step: Step) -> None:
    peak = numbers.get("dbfs", wide=False)
    if _loudness_target(numbers) is None and peak is not None:
        chain.add("normalise_peak", peak_dbfs=-abs(peak.value))
        return
    if _ceiling(numbers) is not None or step.name == "limit":
        master(chain, numbers, step)
        return
    chain.add("normalise_loudness", target_lufs=_loudness(chain, numbers))


def normalise_peak(chain: Chain, numbers: Numbers, _: Step) -> None:
    peak = numbers.get("dbfs", "dbtp", "db", wide=False)
    if peak is None:
        chain.reasons.append("no peak was named, so -1 dBFS")
    chain.add("normalise_peak", peak_dbfs=-abs(peak.value) if peak else -1.0)


def gain(chain: Chain, numbers: Numbers, step: Step) -> None:
    target = numbers.get("lufs", wide=False)
    if target is not None:
        normalise(chain, numbers, step)
        return
    amount = numbers.get("db", wide=False)
    if amount is not None and numbers.places():
        equalise(chain, numbers, step)
        return
    if amount is None:
        value = -3.0 if numbers.down else 3.0
        chain.reasons.append(f"no amount was named, so {value:+g} dB")
    else:
        down = numbers.down and not amount.signed
        value = -abs(amount.value) if down else amount.value
    chain.add("gain", db=value)
