"""Separate a recording into what rings and what strikes, and prove that nothing is lost."""

import tempfile
from pathlib import Path

import numpy as np

from agents.recipes.sound import Sound, read_sound
from agents.recipes.split import hpss
from agents.unpacking.model_stems import model_stems, why_not
from audio.assets import AssetRef, AssetStore
from audio.mastering.float_wav import write_float_wav
from grym_synth.errors import ModelFault
from memory.context import Word

METHOD = "median filters along time and frequency with soft masks (FitzGerald, DAFx 2010)"


class Stems(Word):
    """The parts of a recording; their sum is the recording."""

    harmonic: AssetRef
    percussive: AssetRef
    residue_db: float
    """RMS of their sum less the recording, against that of the recording; -200 where it is 0."""
    by_model: tuple[AssetRef, ...] = ()
    """Vocals, drums, bass and the rest, where a separation model is installed."""
    no_model: str = ""
    """Why there are none of a model."""


def separate(ref: AssetRef, assets: AssetStore) -> Stems:
    """Store the harmonic and the percussive part as 32-bit float WAV files.

    Raises:
        MediaRejected: the recording is not what was stored.
    """
    sound = read_sound(assets.path(ref))
    parts = hpss(sound)
    stored = {name: _store(part, f"{name}.wav", assets) for name, part in parts.items()}
    residue = residue_db(assets.path(ref), [assets.path(one) for one in stored.values()])
    by_model, no_model = _by_model(ref, assets)
    return Stems(
        harmonic=stored["harmonic"],
        percussive=stored["percussive"],
        residue_db=round(residue, 2),
        by_model=by_model,
        no_model=no_model,
    )


def _by_model(ref: AssetRef, assets: AssetStore) -> tuple[tuple[AssetRef, ...], str]:
    """The stems of a separation model, or why there are none."""
    if reason := why_not():
        return (), reason
    try:
        return model_stems(ref, assets), ""
    except ModelFault as fault:
        return (), str(fault)


def residue_db(whole: Path, parts: list[Path]) -> float:
    """How far the sum of the parts is from the whole, both read back from their files, in dB."""
    sounds = [read_sound(one).blocks() for one in (whole, *parts)]
    left, all_there = 0.0, 0.0
    for recorded, *split in zip(*sounds, strict=True):
        left += float(np.square(recorded - sum(split)).sum())
        all_there += float(np.square(recorded).sum())
    return float(10 * np.log10(max(left / max(all_there, 1e-30), 1e-20)))


def _store(sound: Sound, name: str, assets: AssetStore) -> AssetRef:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_float_wav(path, sound.rate, sound.channels, sound.blocks())
        return assets.add(path, "audio", name)
