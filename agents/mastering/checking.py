"""What is checked of the masters, each with its target and its method."""

from collections.abc import Iterator, Sequence

from agents.mastering.facts import Compared, MadeMaster, Prepared
from agents.mastering.metering import SECOND_METER
from agents.workflows.checks import Check, compared, held, unchecked
from audio.assets import AssetRef, AssetStore
from audio.digests import digest_of

TOLERANCE_LU = 0.2
_LIMITED_DB = 0.5
"""Limiting alone may move tonal balance by so much."""
_OWN_METER = "BS.1770-4: K-weighted, gated, of the decoded file"
_PEAK_METER = "BS.1770-4 annex 2 with 16 times oversampling, of the decoded file"


def checks_of(
    inputs: Sequence[AssetRef],
    prepared: Prepared,
    masters: Sequence[MadeMaster],
    comparisons: Sequence[Compared],
    assets: AssetStore,
) -> tuple[Check, ...]:
    """All checks: loudness and peaks of each file, the comparison, the inputs.

    Args:
        inputs: the files that were handed in.
        prepared: what was repaired.
        masters: all files of all targets.
        comparisons: one for each target.
        assets: where the files lie.
    """
    found: list[Check] = []
    for one in masters:
        found += _loudness(one)
        found.append(_peak(one))
    found += [check for one in comparisons for check in _comparison(one)]
    found += _repairs(prepared)
    found.append(_unchanged(inputs, assets))
    return tuple(found)


def _loudness(master: MadeMaster) -> Iterator[Check]:
    target, file = master.chain.target, master.chain.encoding
    why = master.held_back
    if why and master.lufs is not None:
        why = f"{why}: {master.lufs:.2f} LUFS is the most that it reaches so"
    for meter, value, method in (
        ("", master.lufs, _OWN_METER),
        (".second", master.second_lufs, f"{SECOND_METER}, of the decoded file"),
    ):
        yield compared(
            f"{target.name}.{file.format}.loudness{meter}",
            f"{file.name} has the loudness that was ordered",
            None if value is None else round(value, 2),
            "==",
            target.lufs,
            method,
            unit="LUFS",
            tolerance=TOLERANCE_LU,
            why=why,
        )


def _peak(master: MadeMaster) -> Check:
    target, file = master.chain.target, master.chain.encoding
    return compared(
        f"{target.name}.{file.format}.true_peak",
        f"{file.name} doesn't pass the ceiling",
        master.true_peak_dbtp,
        "<=",
        target.true_peak_dbtp,
        _PEAK_METER,
        unit="dBTP",
    )


def _comparison(one: Compared) -> Iterator[Check]:
    name, what = f"{one.target}.tone", "The chain brings tonal balance nearer, or leaves it"
    method = "root mean square distance of third-octave levels, at equal loudness"
    before, after = one.balance_db
    if before is None or after is None:
        yield unchecked(name, what, method, "too few bands hold sound to judge it")
        return
    yield compared(
        name, what, after, "<=", round(before + _LIMITED_DB, 2), method, unit="dB",
        why=f"it was {before:g} dB before",
    )  # fmt: skip


def _repairs(prepared: Prepared) -> Iterator[Check]:
    for one in prepared.repairs:
        name, what = f"repaired.{one.fault.kind}", f"Repaired: {one.fault.says}"
        method = "the repaired stem was measured again"
        if one.gone is None:
            yield unchecked(name, what, method, "it shows only beside the other stems")
        else:
            yield held(name, what, one.gone, method, why="it is still found")


def _unchanged(inputs: Sequence[AssetRef], assets: AssetStore) -> Check:
    changed = [one.name for one in inputs if digest_of(assets.path(one)) != one.id]
    return held(
        "inputs.unchanged",
        "The files that were handed in are as they were",
        not changed,
        "SHA-256 of each, before and after",
        why=f"changed: {', '.join(changed)}",
    )
