"""What is checked of a song's sound: sum of the stems, lengths, tails, and what is heard."""

import math

import numpy as np
import soundfile

from agents.composing.rendering import Rendered
from agents.composing.session import Session
from agents.workflows.checks import Check, compared, held, unchecked
from audio.aspects import is_number
from audio.assets import AssetRef, AssetStore
from audio.composing.meters import Meter
from audio.composing.scales import Scale, scale_of
from audio.measure import measure
from audio.measurement import Measurement
from audio.songs.timeline import PPQ
from audio.synthesis.synthesiser import RATE_HZ

_BLOCK = 10 * RATE_HZ
_SUM_DB = -80.0
_TAIL_DB, _TAIL_SECONDS = -60.0, 4.0
_TEMPO_SHARE = 0.01
_LEAST_BEATS = 8
"""Fewer quarters make no tempo that could be heard."""
_LEVELS = (0.25, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Metrical levels at which a tempo may be felt."""


def sound_checks(session: Session, made: Rendered, assets: AssetStore) -> tuple[Check, ...]:
    """Check the rendered files as anyone could who has nothing but them."""
    refs = [one.ref for one in made.stems]
    return (
        _form_check([*refs, made.mix]),
        _sum_check(refs, made.mix, assets),
        _tail_check(made.mix, assets),
        *_heard_checks(session, made.mix, assets),
    )


def _form_check(refs: list[AssetRef]) -> Check:
    seconds = {round((ref.seconds or 0.0) * RATE_HZ) for ref in refs}
    rates = {ref.sample_rate_hz for ref in refs}
    holds = len(seconds) == 1 and rates == {RATE_HZ}
    return held(
        "stems.length",
        "Stems and mix have 48 kHz and one length, to the sample.",
        holds,
        "headers of all files",
        measured=f"{len(refs)} files of {', '.join(map(str, sorted(seconds)))} frames",
        why="lengths or rates differ",
    )


def _sum_check(stems: list[AssetRef], mix: AssetRef, assets: AssetStore) -> Check:
    """Read all files again in blocks, and compare the sum of the stems with the mix."""
    files = [soundfile.SoundFile(str(assets.path(ref))) for ref in (*stems, mix)]
    worst = power = reference = 0.0
    try:
        longest = max(one.frames for one in files)
        for start in range(0, longest, _BLOCK):
            frames = min(_BLOCK, longest - start)
            blocks = [one.read(frames, "float64", always_2d=True, fill_value=0) for one in files]
            difference = np.sum(blocks[:-1], axis=0) - blocks[-1]
            worst = max(worst, float(np.abs(difference).max(initial=0.0)))
            power += float(np.square(difference).sum())
            reference += float(np.square(blocks[-1]).sum())
    finally:
        for one in files:
            one.close()
    ratio = 10 * math.log10(power / reference) if power > 0 and reference > 0 else -200.0
    return compared(
        "stems.sum",
        "The sum of the stems is the mix.",
        round(ratio, 1),
        "<=",
        _SUM_DB,
        f"energy of their difference to that of the mix, files read again; largest {worst:.2g}",
        unit="dB",
    )


def _tail_check(mix: AssetRef, assets: AssetStore) -> Check:
    """How long the mix stays below -60 dBFS at its end."""
    with soundfile.SoundFile(str(assets.path(mix))) as file:
        begin = max(0, file.frames - 12 * RATE_HZ)
        file.seek(begin)
        peaks = np.abs(file.read(dtype="float64", always_2d=True)).max(axis=1)
    loud = np.flatnonzero(peaks >= 10 ** (_TAIL_DB / 20))
    silent = (len(peaks) - (int(loud[-1]) + 1 if len(loud) else 0)) / RATE_HZ
    return compared(
        "mix.tail",
        "No silence is left at the end.",
        round(silent, 2),
        "<=",
        _TAIL_SECONDS,
        f"seconds after the last sample above {_TAIL_DB:g} dBFS",
        unit="s",
    )


def _heard_checks(session: Session, mix: AssetRef, assets: AssetStore) -> list[Check]:
    """Tempo and key as the instruments that measure recordings find them in the mix."""
    wanted = ("tempo.bpm", "key", "loudness.integrated_lufs", "loudness.true_peak_dbtp")
    measured = {one.aspect: one for one in measure(assets.path(mix), wanted)}
    return [
        tempo_check(session, measured["tempo.bpm"]),
        _key_check(session.plan.scale_words, measured["key"]),
        compared(
            "mix.true_peak",
            "The mix does not clip.",
            _number(measured["loudness.true_peak_dbtp"]),
            "<=",
            0.0,
            measured["loudness.true_peak_dbtp"].method,
            unit="dBTP",
        ),
    ]


def tempo_check(session: Session, found: Measurement) -> Check:
    """Whether a tempo that was measured in the mix is the song's, or a metrical level of it."""
    name, what = "heard.tempo", "The tempo heard in the mix is the song's, or a level of it."
    value, bpm = _number(found), session.song.tempos[0].bpm
    if session.song.ticks < _LEAST_BEATS * PPQ:
        return unchecked(name, what, found.method, "the song is too short for a tempo")
    if value is None:
        return unchecked(name, what, found.method, "no tempo can be told from the mix")
    levels = _levels(session.plan.meter_words)
    level = min(levels, key=lambda one: abs(math.log(value / (bpm * one))))
    felt = "" if level == 1.0 else f"; it is felt at {level:.4g} of the written tempo"
    return compared(
        name,
        what,
        round(value, 2),
        "==",
        round(bpm * level, 3),
        found.method + felt,
        unit="bpm",
        tolerance=round(_TEMPO_SHARE * bpm * level, 3),
        why="beats are weak or irregular in this arrangement",
    )


def _levels(meter: Meter) -> tuple[float, ...]:
    """Pulses that a meter has, against its quarters; bars of unequal beats fall into even parts."""
    if len({beat.length for beat in meter.beats}) == 1:
        return _LEVELS
    return (*_LEVELS, *(parts * PPQ / meter.ticks for parts in (1, 2, 4)))


def _key_check(scale: Scale, found: Measurement) -> Check:
    """The key that is heard has the song's tonic, or shares all but one of its notes."""
    name, what = "heard.key", f"The key that is heard in the mix fits {scale.name}."
    if not isinstance(found.value, str):
        return unchecked(name, what, found.method, "no key can be told from the mix")
    heard = scale_of(found.value)
    shared = len(heard.classes & scale.classes)
    relation = "exact" if (heard.tonic, heard.minor) == (scale.tonic, scale.minor) else "relative"
    if shared < 7 and relation != "exact":
        relation = "a neighbour" if shared == 6 else "the same tonic"
    fits = shared >= 6 or heard.tonic == scale.tonic
    return held(
        name,
        what,
        fits,
        f"{found.method}; {relation}, {shared} of 7 notes shared",
        measured=found.value,
        why="another key fits the sound better",
    )


def _number(found: Measurement) -> float | None:
    return float(found.value) if is_number(found.value) else None
