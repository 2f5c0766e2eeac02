"""Measure one sound for the library: one decode, the facts to search by, and its vector."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile
from pydantic import JsonValue

from audio.aspects import BAND_EDGES_HZ, is_number
from audio.blocks import Block, Floats, Stream, open_stream, read_blocks
from audio.decoding import undecodable
from audio.levels import LevelMeter
from audio.library.envelope import EnvelopeMeter
from audio.library.kinds import bars_of, kind_of_sound
from audio.library.likeness import LikenessMeter
from audio.library.sound import Sound
from audio.library.steady_pitch import PitchKeeper, SteadyPitch
from audio.library.tags import read_tags
from audio.loudness import LoudnessMeter
from audio.measurement import Measurement
from audio.media import AUDIO_FORMATS
from audio.musical import MusicMeter
from audio.pitch_names import note_of_midi, pitch_of_hertz
from audio.spectrum import SpectrumMeter
from audio.stereo import StereoMeter
from audio.true_peak import TruePeakMeter
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits

MOST_SECONDS = 600.0
"""Longer files are measured over so much of their beginning."""
_MUSIC_SECONDS = 1.0
"""Shorter sounds have neither tempo nor key."""
_MUSIC = (
    "tempo.bpm", "tempo.alternatives_bpm", "onsets.per_second", "key",
    "harmonic_percussive.ratio_db",
)  # fmt: skip
_SHORT_MUSIC = ("onsets.per_second", "harmonic_percussive.ratio_db")
_LEAST_SHARE = 1e-8
_LOWS, _HIGHS = ("sub", "bass"), ("presence", "brilliance")
_LOUDNESS_SECONDS = 0.4
_NOTE_CONFIDENCE = 0.4
_PLAIN = {
    "loudest_lufs": "loudness.momentary_max_lufs",
    "true_peak_dbtp": "loudness.true_peak_dbtp",
    "crest_db": "dynamics.crest_db",
    "centroid_hz": "spectrum.centroid_hz",
    "bandwidth_hz": "spectrum.bandwidth_hz",
    "onsets_per_second": "onsets.per_second",
}
"""Fields that are an aspect's value."""
_MISSING_SECONDS = 0.5
"""Encoders' padding, and what mp3 headers only estimate, is less than this."""
_NO_NUMBERS = "{} samples are not a number or infinite, and count as silence"


@dataclass(frozen=True)
class Profiled:
    """A sound's facts and its vector."""

    sound: Sound
    vector: Floats
    """float32, (likeness.DIMENSIONS,)."""


class _Meter(Protocol):
    def push(self, block: Block) -> None: ...


class _Meters:
    """Everything that watches one file."""

    def __init__(self, stream: Stream) -> None:
        music = _MUSIC if stream.seconds >= _MUSIC_SECONDS else _SHORT_MUSIC
        self.music = MusicMeter(stream, music)
        self.loudness = LoudnessMeter(stream)
        self.told = (
            self.loudness, TruePeakMeter(stream), LevelMeter(stream),
            SpectrumMeter(stream), StereoMeter(stream), self.music,
        )  # fmt: skip
        self.envelope, self.pitch = EnvelopeMeter(stream), PitchKeeper(stream)
        self.likeness = LikenessMeter(stream)
        self._all: tuple[_Meter, ...] = (*self.told, self.envelope, self.pitch, self.likeness)

    def push(self, block: Block) -> None:
        for meter in self._all:
            meter.push(block)


def profile_sound(path: Path, limits: MediaLimits) -> Profiled:
    """Measure one file for the library.

    Args:
        path: the file.
        limits: what a media file may be.

    Raises:
        MediaRejected: it can't be decoded, or exceeds a limit.
    """
    stream, suffix = _checked(path, limits)
    length = stream.seconds
    if length > MOST_SECONDS:
        stream = replace(stream, frames=int(MOST_SECONDS * stream.sample_rate_hz))
    meters = _Meters(stream)
    frames, spoilt, loudest = 0, 0, 0.0
    for block in read_blocks(path, stream):
        meters.push(block)
        frames += block.samples.shape[1]
        spoilt += block.not_numbers
        loudest = max(loudest, float(np.abs(block.samples).max(initial=0.0)))
        if frames >= stream.frames and length > MOST_SECONDS:
            break
    if frames == 0:
        raise undecodable(path, "it holds no samples")
    if frames < _LOUDNESS_SECONDS * stream.sample_rate_hz:
        meters.loudness.push(_silence(stream, frames))
    remarks = _remarks(stream, length, frames, spoilt, loudest)
    measured = length if length > MOST_SECONDS else frames / stream.sample_rate_hz
    return _profiled(meters, replace(stream, frames=frames), measured, suffix, path, remarks)


def _checked(path: Path, limits: MediaLimits) -> tuple[Stream, str]:
    """The header of a file that is within the limits, and its format.

    Raises:
        MediaRejected: it is not.
    """
    stream = open_stream(path)
    form = AUDIO_FORMATS.get(str(soundfile.info(str(path)).format), "")
    rate, channels = stream.sample_rate_hz, stream.channels
    checks = (
        (bool(form), "its format is not taken"),
        (
            limits.min_sample_rate_hz <= rate <= limits.max_sample_rate_hz,
            f"its sample rate is {rate} Hz",
        ),
        (1 <= channels <= limits.max_channels, f"it has {channels} channels"),
        (stream.seconds <= limits.audio_seconds, f"it lasts {stream.seconds:.0f} s"),
        (stream.frames > 0, "it holds no samples"),
    )
    for fine, happened in checks:
        if not fine:
            raise MediaRejected(f"measuring {path.name}", happened, "Give another file")
    return stream, form


def _silence(stream: Stream, start: int) -> Block:
    """What follows a sound that is too short to have a loudness."""
    frames = int(_LOUDNESS_SECONDS * stream.sample_rate_hz) + 1
    nothing = np.zeros((0, 0), np.float32)
    return Block(start, np.zeros((stream.channels, frames), np.float32), nothing, nothing)


def _remarks(
    stream: Stream, seconds: float, frames: int, spoilt: int, loudest: float
) -> tuple[str, ...]:
    """What is odd about a file, in words."""
    found = []
    if seconds > MOST_SECONDS:
        found.append(f"measured over its first {MOST_SECONDS / 60:.0f} minutes")
    elif frames < stream.frames - _MISSING_SECONDS * stream.sample_rate_hz:
        found.append(f"breaks off: its header promises {seconds:.2f} s")
    if spoilt:
        found.append(_NO_NUMBERS.format(spoilt))
    if loudest < 1e-6:
        found.append("silent")
    return tuple(found)


def _profiled(
    meters: _Meters,
    stream: Stream,
    seconds: float,
    suffix: str,
    path: Path,
    remarks: tuple[str, ...],
) -> Profiled:
    facts = {one.aspect: one for meter in meters.told for one in meter.finish()}
    envelope, pitch = meters.envelope.finish(), meters.pitch.finish()
    tempo = facts.get("tempo.bpm")
    bpm = _number(tempo)
    pulse = (bpm, tempo.confidence) if tempo is not None and bpm is not None else None
    kind = kind_of_sound(seconds, envelope, pitch.steady, pulse)
    noisiness = meters.likeness.noisiness
    told: dict[str, JsonValue] = {
        "format": suffix,
        "seconds": round(seconds, 4),
        "sample_rate_hz": stream.sample_rate_hz,
        "channels": stream.channels,
        "kind": kind,
        **({} if kind == "one-shot" else _musical(facts, seconds)),
        **_pitched(pitch.steady),
        "note_shares": list(pitch.shares),
        **{field: _number(facts.get(aspect)) for field, aspect in _PLAIN.items()},
        "loudness_lufs": _loudness(facts, seconds),
        **_bands(facts),
        "noisiness": round(noisiness, 4) if noisiness is not None else None,
        "percussive_share": _percussive(_number(facts.get("harmonic_percussive.ratio_db"))),
        "attack_seconds": envelope.attack_seconds,
        "decay_seconds": envelope.decay_seconds,
        "width": 0.0 if stream.channels == 1 else _number(facts["stereo.width"]),
        "tags": dict(read_tags(path)),
        "remarks": list(remarks),
    }
    return Profiled(Sound.model_validate(told), meters.likeness.finish(envelope))


def _loudness(facts: Mapping[str, Measurement], seconds: float) -> float | None:
    """Integrated loudness, of sounds that are long enough to have one."""
    enough = seconds >= _LOUDNESS_SECONDS
    return _number(facts["loudness.integrated_lufs"]) if enough else None


def _musical(facts: Mapping[str, Measurement], seconds: float) -> dict[str, JsonValue]:
    """Tempo and key, where they can be told."""
    told: dict[str, JsonValue] = {}
    tempo, key = facts.get("tempo.bpm"), facts.get("key")
    bpm = _number(tempo)
    if tempo is not None and bpm is not None:
        others = facts["tempo.alternatives_bpm"].value
        told |= {"tempo_bpm": bpm, "tempo_confidence": tempo.confidence}
        told |= {"tempo_alternatives": others or [], "bars": round(bars_of(seconds, bpm), 2)}
    if key is not None and key.value is not None:
        told |= {"key": key.value, "key_confidence": key.confidence}
        told["second_key"] = key.method.partition("; next likely ")[2] or None
    return told


def _pitched(pitch: SteadyPitch | None) -> dict[str, JsonValue]:
    if pitch is None or pitch.confidence < _NOTE_CONFIDENCE:
        return {}
    note = note_of_midi(pitch_of_hertz(pitch.hertz).midi)
    return {"note": note, "pitch_hz": pitch.hertz, "pitch_confidence": pitch.confidence}


def _number(one: Measurement | None) -> float | None:
    return float(one.value) if one is not None and is_number(one.value) else None


def _bands(facts: Mapping[str, Measurement]) -> dict[str, JsonValue]:
    """How the energy is shared out; nothing for silence."""
    levels = {band: _number(facts[f"spectrum.band_db.{band}"]) for band in BAND_EDGES_HZ}
    power = {band: 10 ** (level / 10) for band, level in levels.items() if level is not None}
    whole = sum(power.values())
    if whole <= 0:
        return {}
    share = {band: one / whole for band, one in power.items()}
    bands: JsonValue = {
        band: round(10 * math.log10(max(one, _LEAST_SHARE)), 1) for band, one in share.items()
    }
    low, high = (sum(share.get(band, 0.0) for band in part) for part in (_LOWS, _HIGHS))
    return {"bands_db": bands, "low_share": round(low, 4), "high_share": round(high, 4)}


def _percussive(ratio_db: float | None) -> float | None:
    return None if ratio_db is None else round(1 / (1 + 10 ** (ratio_db / 10)), 4)
