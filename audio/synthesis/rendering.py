"""A song as sound: a stem for each track, and the mix that is exactly their sum."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio.songs.song import Song
from audio.synthesis.staging import Stage, stages_of
from audio.synthesis.stems import FULL_SCALE, render_stem, stem_frames
from audio.synthesis.synthesiser import RATE_HZ, Sound, Synthesiser
from grym_synth.errors import BadInput

Samples = NDArray[np.int32]
"""Samples of left and right as whole 24-bit numbers: int32, (frames, 2), -2^23..2^23 - 1."""

PEAK_DBFS = -1.0
"""The highest sample that a mix may have."""
STEP_DB = 3.0
"""A mix that would be louder is lowered in steps of this size, all stems alike."""


MOST_TRACK_SECONDS = 7200
"""Longest time of all tracks together, in seconds: such as 24 tracks of 5 minutes, 3 GB."""
_MOST_THREADS = 4


@dataclass(frozen=True)
class Stem:
    """One track as sound, at its place in the mix."""

    name: str
    """The track's name."""
    stage: Stage
    """Gain and place, without the mix's own gain."""
    samples: Samples


@dataclass(frozen=True)
class Rendering:
    """A song as sound, at `RATE_HZ`; stems and mix are of one length."""

    stems: tuple[Stem, ...]
    """One for each track, in the song's order."""
    mix: Samples
    """The sum of the stems, without rounding."""
    gain_db: float
    """By how much all stems were lowered lest the mix clip: 0, -3, -6 …"""
    synthesiser: str
    """What played, with its version."""


def render(
    song: Song,
    synthesiser: Synthesiser,
    *,
    gain_db: float | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Rendering:
    """Play a song.

    Args:
        song: what to play.
        synthesiser: what to play it on.
        gain_db: the gain of all stems; None: 0, or less where the mix would clip. When a part of a
            song is played anew, give the gain of the first rendering, and all else stays as it was.
        tell: is told the name of each track whose turn it is; what it raises ends the work after
            the tracks that are being played.

    Raises:
        BadInput: all tracks together are longer than memory holds.
    """
    _refuse_endless(song)
    stages = stages_of(song.tracks, synthesiser)
    sounds = _played(song, stages, synthesiser, tell)
    gain = _safe_gain(song, sounds) if gain_db is None else gain_db
    stems = []
    for track, stage in zip(song.tracks, stages, strict=True):
        sound = sounds.pop(0)  # not kept beside its samples: a long song fills the memory
        stems.append(Stem(track.name, stage, _whole(sound * np.float32(10 ** (gain / 20)))))
    mix = np.zeros((stem_frames(song), 2), np.int32)
    for stem in stems:
        mix += stem.samples
    np.clip(mix, -FULL_SCALE, FULL_SCALE - 1, out=mix)
    return Rendering(tuple(stems), mix, gain, synthesiser.name)


def _refuse_endless(song: Song) -> None:
    seconds = song.seconds * len(song.tracks)
    if seconds > MOST_TRACK_SECONDS:
        raise BadInput(
            f"playing {len(song.tracks)} tracks of {song.seconds:.0f} s",
            f"that is more than {MOST_TRACK_SECONDS} s of sound",
            "Give it fewer bars or tracks, or a faster tempo",
        )


def _played(
    song: Song, stages: Sequence[Stage], synthesiser: Synthesiser, tell: Callable[[str], None]
) -> list[Sound]:
    """The sound of each track, several at a time; the synthesiser runs without Python's lock."""
    sounds = []
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as pool:
        waiting = [
            pool.submit(render_stem, song, track, stage, synthesiser)
            for track, stage in zip(song.tracks, stages, strict=True)
        ]
        try:
            for track, one in zip(song.tracks, waiting, strict=True):
                tell(track.name)
                sounds.append(one.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sounds


def _safe_gain(song: Song, sounds: Sequence[Sound]) -> float:
    """0 dB, or as many steps less as keep the mix below its highest sample."""
    total = np.zeros((stem_frames(song), 2), np.float32)
    for sound in sounds:
        total += sound
    peak = 20 * np.log10(max(float(np.abs(total).max()), 1e-9))
    steps = max(0, int(np.ceil((peak - PEAK_DBFS) / STEP_DB)))
    return -STEP_DB * steps if steps else 0.0


def _whole(sound: Sound) -> Samples:
    return np.clip(np.rint(sound * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int32)


def wav_bytes(samples: Samples) -> bytes:
    """Samples as a 24-bit WAV file, the same bytes for the same samples."""
    return _file(samples, "WAV")


def flac_bytes(samples: Samples) -> bytes:
    """Samples as a 24-bit FLAC file, the same bytes for the same samples."""
    return _file(samples, "FLAC")


def _file(samples: Samples, kind: str) -> bytes:
    content = BytesIO()
    soundfile.write(content, samples << 8, RATE_HZ, subtype="PCM_24", format=kind)
    return content.getvalue()
