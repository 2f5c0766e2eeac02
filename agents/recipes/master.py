"""Bring a sound to a loudness without passing a true peak: by gain alone, else by limiting."""

from typing import NamedTuple

import numpy as np

from agents.recipes.levels import Profile, decibels, profile
from agents.recipes.limiter import Speed, limiter_gains, with_gains
from agents.recipes.sound import Sound, give_up, note

MOST_REDUCTION_DB = 24.0
"""The limiter takes no more off any peak than this."""

_SPEEDS = (Speed(0.005, 60.0), Speed(0.005, 250.0), Speed(0.003, 1000.0), Speed(0.001, 4000.0))
"""The slowest that reaches the target distorts the least."""
_CLOSE_LU = 0.02
_HEADROOM_DB = 0.1
"""Meters differ by as much about a true peak."""
_ROUNDS = 4


class Setting(NamedTuple):
    """What the master turns to reach the loudness."""

    gain_db: float
    speed: Speed
    reached: bool
    """Whether the profile foretells that the loudness is reached."""


def master(sound: Sound, target_lufs: float, true_peak_dbtp: float) -> Sound:
    """Master a sound; when the target can't be reached, come as near as possible and say so.

    Args:
        sound: the mix.
        target_lufs: integrated loudness to reach, in LUFS.
        true_peak_dbtp: true peak not to pass, in dBTP.
    """
    before = profile(sound)
    if not np.isfinite(before.lufs()):
        give_up("its loudness can't be told, as it is silent or shorter than 0.4 s")
        down = min(0.0, true_peak_dbtp - _HEADROOM_DB - before.true_peak_dbtp())
        return sound.each(lambda block: block * 10 ** (down / 20))
    ceiling_db = true_peak_dbtp - _HEADROOM_DB
    plain = target_lufs - before.lufs()
    if before.true_peak_dbtp() + plain <= ceiling_db:
        note(f"gain {plain:+.2f} dB, no peak limited")
        return sound.each(lambda block: block * _factor(plain))
    return _limited(sound, before, target_lufs, true_peak_dbtp)


def _limited(sound: Sound, before: Profile, target_lufs: float, true_peak_dbtp: float) -> Sound:
    """Limit until both numbers hold by measurement."""
    ceiling_db, aim = true_peak_dbtp - _HEADROOM_DB, target_lufs
    for _ in range(_ROUNDS):
        setting = _setting_for(before, aim, ceiling_db)
        gains = limiter_gains(before, _factor(setting.gain_db), _factor(ceiling_db), setting.speed)
        result = with_gains(sound, gains, before.segment)
        after = profile(result)
        over = after.true_peak_dbtp() - (true_peak_dbtp - _HEADROOM_DB / 2)
        missed = target_lufs - after.lufs()
        if over <= 0 and (abs(missed) <= _CLOSE_LU or not setting.reached):
            break
        ceiling_db -= max(0.0, over)
        aim += missed
    if over > 0:  # the ceiling holds in any case
        result, missed = result.each(lambda block: block * _factor(-over)), missed + over
    if missed > 0.1:
        give_up(
            f"it is too dynamic: {target_lufs - missed:.2f} LUFS is the most that it reaches below "
            f"{true_peak_dbtp:g} dBTP with at most {MOST_REDUCTION_DB:.0f} dB of limiting"
        )
    reduced = setting.gain_db - decibels(float(np.min(gains)))
    heard = ", which will be heard" if setting.speed in _SPEEDS[2:] else ""
    note(f"gain {setting.gain_db:+.2f} dB, peaks limited by up to {abs(reduced):.2f} dB{heard}")
    return result


def _setting_for(before: Profile, aim: float, ceiling_db: float) -> Setting:
    """The gain and release that lead to a loudness after limiting, as the profile foretells it."""
    plain = aim - before.lufs()
    most = max(plain, ceiling_db + MOST_REDUCTION_DB - before.true_peak_dbtp())

    def loudness(gain_db: float, speed: Speed) -> float:
        gains = limiter_gains(before, _factor(gain_db), _factor(ceiling_db), speed)
        return before.lufs(gains)

    enough = [speed for speed in _SPEEDS if loudness(most, speed) >= aim]
    if not enough:
        return Setting(most, _SPEEDS[-1], False)
    low, high = plain, most
    while high - low > 0.001:
        middle = (low + high) / 2
        low, high = (middle, high) if loudness(middle, enough[0]) < aim else (low, middle)
    return Setting(high, enough[0], True)


def _factor(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))
