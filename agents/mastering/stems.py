"""Read the inputs: what they are, what is wrong with them, and what they become before the mix."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from agents.mastering.facts import Inspected, Mixed, Prepared, Repaired, StemFacts
from agents.mastering.order import MOST_INPUTS, MasterOrder
from agents.mastering.rendering import rendered
from agents.mastering.repairing import repaired, stem_chain
from agents.mastering.sounds import keep_sound, open_sound, sum_of
from agents.mastering.steps import Gain, StemChain, Step
from audio.assets import AssetRef, AssetStore
from audio.mastering.faults import Fault
from audio.mastering.inspection import inspect
from audio.mastering.session_faults import faults_between, session_rate
from audio.mastering.stem import Stem
from audio.mastering.stem_faults import faults_of
from grym_synth.errors import BadInput, SoundUnusable

Progress = Callable[[float], None]

_RATES = (44100, 48000, 88200, 96000)
_HEADROOM_DBFS = -6.0
"""A sum of stems is turned down to this sample peak, so that mastering has room."""


def inputs_of(refs: Sequence[AssetRef], order: MasterOrder) -> tuple[AssetRef, ...]:
    """The files to be mastered.

    Raises:
        BadInput: there are none or too many, or one has channels that can't be mixed.
    """
    audio = {one.id: one for one in refs if one.kind == "audio"}
    chosen = tuple(one for one in audio.values() if one.id != order.reference)
    chosen = chosen or tuple(audio.values())  # a mix that is its own reference
    if not 1 <= len(chosen) <= MOST_INPUTS:
        raise BadInput(
            "reading what is to be mastered",
            f"there are {len(chosen)} sound files, 1 to {MOST_INPUTS} can be mixed",
            "Give one mix, or its stems",
        )
    for one in chosen:
        if (one.channels or 0) > 2:
            raise BadInput(
                f"reading {one.name}",
                f"it has {one.channels} channels, mono and stereo can be mastered",
                "Give a stereo version of it",
            )
    return chosen


def inspect_inputs(
    refs: Sequence[AssetRef], order: MasterOrder, assets: AssetStore, progress: Progress
) -> Inspected:
    """Measure every input, and what is wrong with it alone and beside the others.

    Raises:
        SoundUnusable: all inputs are silent.
        MediaRejected: an input can't be decoded.
    """
    stems = []
    for number, ref in enumerate(refs):
        heard = inspect(assets.path(ref))
        stems.append(Stem(ref.id, ref.name, ref.suffix in ("mp3", "ogg"), heard))
        progress((number + 1) / (len(refs) + 1))
    if all(one.is_silent() for one in stems):
        named = stems[0].name if len(stems) == 1 else f"{len(stems)} files"
        raise SoundUnusable(
            f"mastering {named}", "there is nothing but silence", "Give a recording that sounds"
        )
    alone = len(stems) == 1
    faults = [fault for one in stems for fault in faults_of(one, alone)]
    channels = 2 if not alone else stems[0].heard.stream.channels
    return Inspected(
        stems=tuple(_facts(one) for one in stems),
        faults=(*faults, *faults_between(stems)),
        sample_rate_hz=order.sample_rate_hz or _mix_rate(session_rate(stems)),
        channels=channels,
    )


def prepare_stems(
    inspected: Inspected,
    order: MasterOrder,
    refs: Sequence[AssetRef],
    assets: AssetStore,
    scratch: AssetStore,
    progress: Progress,
) -> Prepared:
    """Make every sounding input fit for the mix, and look whether its faults are gone.

    Args:
        inspected: the inputs and their faults.
        order: what may be repaired.
        refs: the inputs.
        assets: where they lie.
        scratch: where results go.
        progress: is told the share that is done.
    """
    sounding = [one for one in inspected.stems if not one.silent]
    chains, made = [], []
    repairs: list[Repaired] = []
    for number, facts in enumerate(sounding):
        chain = stem_chain(facts, inspected, order)
        ref = next(one for one in refs if one.id == facts.id)
        if chain.steps:
            ref = _render(chain, ref, assets, scratch)
            repairs += _judged(facts, inspected.faults, order, scratch.path(ref))
        made.append(ref)
        chains.append(chain)
        progress((number + 1) / len(sounding))
    return Prepared(chains=tuple(chains), refs=tuple(made), repairs=tuple(repairs))


def prepared_paths(prepared: Prepared, assets: AssetStore, scratch: AssetStore) -> list[Path]:
    """Where the stems lie as they are mixed."""
    return [
        (scratch if chain.steps else assets).path(ref)
        for chain, ref in zip(prepared.chains, prepared.refs, strict=True)
    ]


def mix_stems(paths: Sequence[Path], scratch: AssetStore) -> Mixed:
    """Add the stems up as they are, and leave room above them."""
    together = sum_of([open_sound(path) for path in paths])
    steps: tuple[Step, ...] = ()
    if len(paths) > 1:
        peak = max((float(abs(block).max(initial=0.0)) for block in together.blocks()), default=0.0)
        down = _HEADROOM_DBFS - 20 * float(np.log10(max(peak, 1e-9)))
        steps = (Gain(db=(round(down, 4),)),) if down < 0 else ()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mix.wav"
        keep_sound(path, rendered(together, steps))
        return Mixed(steps=steps, ref=scratch.add(path, "audio", "mix-float.wav"))


def _render(chain: StemChain, ref: AssetRef, assets: AssetStore, scratch: AssetStore) -> AssetRef:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stem.wav"
        keep_sound(path, rendered(open_sound(assets.path(ref)), chain.steps))
        return scratch.add(path, "audio", f"{Path(ref.name).stem}-prepared.wav")


def _judged(
    facts: StemFacts, faults: Sequence[Fault], order: MasterOrder, path: Path
) -> list[Repaired]:
    """Measure a repaired stem again; against the others' time it can't be held alone."""
    own = [one for one in faults if one.stem == facts.id and repaired(one, order)]
    if not own:
        return []
    stem = Stem(facts.id, facts.name, False, inspect(path))
    still = {one.kind for one in faults_of(stem, alone=False) if one.certain}
    untold = ("offset", "sample_rate")
    return [
        Repaired(fault=one, gone=None if one.kind in untold else one.kind not in still)
        for one in own
    ]


def _mix_rate(rate: int) -> int:
    """The nearest rate that masters are delivered in; none is lowered but those above 96 kHz."""
    above = [one for one in _RATES if one >= rate]
    if rate in _RATES or not above:
        return rate if rate in _RATES else max(one for one in _RATES if rate % one == 0)
    return 48000 if 48000 % rate == 0 else min(above)


def _facts(stem: Stem) -> StemFacts:
    stream = stem.heard.stream
    return StemFacts(
        id=stem.id,
        name=stem.name,
        seconds=round(stream.seconds, 6),
        sample_rate_hz=stream.sample_rate_hz,
        channels=stream.channels,
        lufs=stem.heard.number("loudness.integrated_lufs"),
        true_peak_dbtp=stem.heard.number("loudness.true_peak_dbtp"),
        silent=stem.is_silent(),
    )
