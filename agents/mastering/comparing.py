"""Hold the master against the mix at equal loudness: what the chain changed beside the level."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np

from agents.mastering.facts import Balanced, Compared, MadeMaster
from agents.mastering.metering import Readings, read_meters
from agents.mastering.sounds import open_sound
from agents.recipes.sound import BLOCK_FRAMES, Samples, Sound, rechunked
from audio.assets import AssetStore
from audio.mastering.tone import Balance, balance_of, towards, towards_usual


def compare(
    mix: Path,
    masters: Sequence[MadeMaster],
    reference: Path | None,
    balance: Balanced | None,
    assets: AssetStore,
) -> tuple[Compared, ...]:
    """Compare one lossless file of each target, or its only file, with the mix.

    Args:
        mix: the mix.
        masters: all files of all targets.
        reference: what tonal balance is held against; None for the usual slope.
        balance: what was measured of the mix's tonal balance; None where it can't be told.
        assets: where the masters lie.
    """
    first = {one.chain.target.name: one for one in reversed(masters)}
    before = read_meters(open_sound(mix))
    other = balance_of(reference) if reference is not None else None
    names = dict.fromkeys(one.chain.target.name for one in masters)
    return tuple(_compared(mix, before, first[name], other, balance, assets) for name in names)


def _compared(
    mix: Path,
    before: Readings,
    master: MadeMaster,
    other: Balance | None,
    balance: Balanced | None,
    assets: AssetStore,
) -> Compared:
    path = assets.path(master.ref)
    after, gain = master.lufs, 0.0
    if after is not None and before.lufs is not None:
        gain = after - before.lufs
    own = balance_of(path) if balance is not None else None
    distance = None
    if own is not None:
        distance = (towards(own, other) if other is not None else towards_usual(own)).before_db
    return Compared(
        target=master.chain.target.name,
        gain_db=round(gain, 2),
        changed_db=_left(open_sound(mix), open_sound(path), gain),
        crest_db=(before.crest_db, master.crest_db),
        range_lu=(before.range_lu, master.range_lu),
        correlation=(before.correlation, master.correlation),
        balance_db=(
            balance.before_db if balance is not None else None,
            None if distance is None else round(distance, 2),
        ),
    )


def _left(mix: Sound, master: Sound, gain_db: float) -> float | None:
    """Level of the difference at equal loudness against the master, in dB.

    Returns:
        None where rates or lengths differ, as an MP3's may.
    """
    if mix.rate != master.rate or mix.channels != master.channels:
        return None
    factor, difference, whole = 10 ** (gain_db / 20), 0.0, 0.0
    for before, after in zip_longest(_even(mix), _even(master)):
        if before is None or after is None or len(before) != len(after):
            return None
        difference += float(np.sum(np.square(after - factor * before)))
        whole += float(np.sum(np.square(after)))
    return round(10 * float(np.log10(max(difference, 1e-12) / max(whole, 1e-12))), 1)


def _even(sound: Sound) -> Iterator[Samples]:
    return rechunked(sound, BLOCK_FRAMES).blocks()
