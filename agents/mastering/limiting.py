"""Find the limiter that brings a sound to a loudness below a ceiling, within a cap."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.mastering.metering import Readings, read_meters
from agents.mastering.order import Target
from agents.mastering.rendering import limited
from agents.mastering.steps import Limit
from agents.recipes.levels import Profile, decibels
from agents.recipes.limiter import Speed, limiter_gains
from agents.recipes.sound import Sound

_SPEEDS = (Speed(0.005, 60.0), Speed(0.005, 250.0), Speed(0.003, 1000.0), Speed(0.001, 4000.0))
"""The slowest that reaches the target distorts the least."""
_CLOSE_LU = 0.03
_HEADROOM_DB = 0.1
"""Meters differ by as much about a true peak."""
_ROUNDS = 4

Listen = Callable[[Limit], Readings]
"""Carries a limiter out, and measures what comes of it."""


@dataclass(frozen=True)
class Patience:
    """How exact the result must be, and how often that is tried."""

    headroom_db: float = _HEADROOM_DB
    """How far below the ceiling the first try stays."""
    close_lu: float = _CLOSE_LU
    rounds: int = _ROUNDS


@dataclass(frozen=True)
class Mastered:
    """A limiter, and what it does."""

    step: Limit
    lufs: float
    """Integrated loudness after it, by the profile; -inf for silence."""
    true_peak_dbtp: float
    reduction_db: float
    """The most that it takes off a peak."""
    held_back: str
    """Why the loudness is not reached; empty where it is."""


def find_limit(
    sound: Sound,
    before: Profile,
    lufs: float,
    ceiling_dbtp: float,
    most_db: float,
    listen: Listen | None = None,
    patience: Patience = Patience(),
) -> Mastered:
    """The limiter for a target, found by trying on the sound itself.

    Args:
        sound: what is mastered.
        before: its profile.
        lufs: loudness to reach.
        ceiling_dbtp: true peak not to pass.
        most_db: the most that may be taken off a peak.
        listen: measures what a limiter makes, as it is written; None: as it is computed.
        patience: how exact the result must be.
    """
    listen = listen or (lambda step: read_meters(limited(sound, step, before)))
    loudness = before.lufs()
    if not np.isfinite(loudness):
        return _untold(before, ceiling_dbtp)
    top, aim = ceiling_dbtp - patience.headroom_db, lufs
    for number in range(patience.rounds):
        step, held_back = _setting(before, aim, top, most_db)
        after = listen(step)
        reached, peak = _told(after.lufs), _told(after.true_peak_dbtp)
        over = peak - (ceiling_dbtp - _HEADROOM_DB / 2)
        missed = lufs - reached
        close = abs(missed) <= patience.close_lu or bool(held_back)
        if (over <= 0 and close) or number == patience.rounds - 1:
            break
        top -= max(over, 0.0)
        aim += 0.0 if held_back else missed
    trim = min(-over, 0.0)  # the ceiling holds in any case
    gains = _gains(before, step)
    reduction = max(step.gain_db - decibels(float(np.min(gains))), 0.0)
    return Mastered(
        step.model_copy(update={"trim_db": round(trim, 4)}),
        reached + trim,
        peak + trim,
        reduction,
        held_back,
    )


def least_reduction_db(before: Readings, target: Target) -> float:
    """What the highest peak would lose if a sound were brought to a target; 0 for nothing."""
    if before.lufs is None or before.true_peak_dbtp is None:
        return 0.0
    peak = before.true_peak_dbtp + target.lufs - before.lufs
    return max(peak - target.true_peak_dbtp + _HEADROOM_DB, 0.0)


def _told(value: float | None) -> float:
    return -np.inf if value is None else value


def _untold(before: Profile, ceiling_dbtp: float) -> Mastered:
    """What is silent or too short to be told gets no more than room below the ceiling."""
    peak = before.true_peak_dbtp()
    down = min(0.0, ceiling_dbtp - _HEADROOM_DB - peak)
    step = Limit(
        gain_db=round(down, 4),
        ceiling_dbtp=ceiling_dbtp,
        attack_seconds=_SPEEDS[0].attack_seconds,
        release_db_per_second=_SPEEDS[0].release_db_per_second,
    )
    why = "its loudness can't be told: it is silent, or shorter than 0.4 s"
    return Mastered(step, -np.inf, peak + down, 0.0, why)


def _setting(before: Profile, aim: float, top: float, most_db: float) -> tuple[Limit, str]:
    """The gain and the speed that lead to a loudness, as the profile foretells it."""
    plain = aim - before.lufs()
    cap = top + most_db - before.true_peak_dbtp()
    """The gain at which the highest peak loses as much as it may."""
    high = max(plain, cap) if plain <= cap else cap
    enough = [one for one in _SPEEDS if _foretold(before, high, top, one) >= aim]
    if not enough:
        why = f"the limiter may take no more than {most_db:g} dB off a peak"
        return _step(high, top, _SPEEDS[-1]), why
    low = min(plain, high)
    while high - low > 0.001:
        middle = (low + high) / 2
        quiet = _foretold(before, middle, top, enough[0]) < aim
        low, high = (middle, high) if quiet else (low, middle)
    return _step(high, top, enough[0]), ""


def _foretold(before: Profile, gain_db: float, top: float, speed: Speed) -> float:
    return before.lufs(_gains(before, _step(gain_db, top, speed)))


def _gains(before: Profile, step: Limit) -> np.ndarray:
    speed = Speed(step.attack_seconds, step.release_db_per_second)
    return limiter_gains(before, 10 ** (step.gain_db / 20), 10 ** (step.ceiling_dbtp / 20), speed)


def _step(gain_db: float, top: float, speed: Speed) -> Limit:
    return Limit(
        gain_db=round(gain_db, 4),
        ceiling_dbtp=round(top, 4),
        attack_seconds=speed.attack_seconds,
        release_db_per_second=speed.release_db_per_second,
    )
