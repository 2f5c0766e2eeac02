"""Steps that change how loud a sound is."""

from agents.planning.chain import Chain, Numbers
from agents.planning.reading import Step
from agents.planning.tone import equalise

DEFAULT_LUFS = -14.0
"""Loudness of a master when the request names none: what the large streaming services play at."""
DEFAULT_DBTP = -1.0
"""True-peak ceiling when the request names none (EBU R 128, AES TD1008)."""


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


def master(chain: Chain, numbers: Numbers, _: Step) -> None:
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


def normalise(chain: Chain, numbers: Numbers, step: Step) -> None:
    peak = numbers.get("dbfs", wide=False)
    if _loudness_target(numbers) is None and peak is not None:
        chain.add("normalise_peak", peak_dbfs=-abs(peak.value))
        return
    if _ceiling(numbers) is not None or step.name == "limit":
        master(chain, numbers, step)
        return
    target = _loudness_target(numbers)
    if target is None:
        chain.reasons.append(f"no loudness was named, so {DEFAULT_LUFS:g} LUFS")
    chain.add("normalise_loudness", target_lufs=DEFAULT_LUFS if target is None else target)


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
