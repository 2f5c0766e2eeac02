"""Pictures of a recording, each with its axes written into it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from audio.assets import AssetRef, AssetStore
from audio.pictures import (
    Picture,
    draw_chromagram,
    draw_loudness_curve,
    draw_self_similarity,
    draw_spectrogram,
    draw_waveform,
)

_KINDS: dict[str, Callable[[Path, str], Picture]] = {
    "spectrogram": partial(draw_spectrogram, scale="log"),
    "waveform": draw_waveform,
    "loudness": draw_loudness_curve,
    "chromagram": draw_chromagram,
    "self-similarity": draw_self_similarity,
}
"""Pictures by the names of their files."""


def draw(
    ref: AssetRef, assets: AssetStore, progress: Callable[[float], None]
) -> tuple[AssetRef, ...]:
    """Draw all pictures of a recording.

    Args:
        ref: the recording.
        assets: where files go.
        progress: told how much is done, from 0 to 1.
    """
    drawn = []
    for index, (name, picture) in enumerate(_KINDS.items()):
        progress(index / len(_KINDS))
        png = picture(assets.path(ref), ref.name).png
        drawn.append(assets.add_bytes(png, "image", f"{name}.png"))
    return tuple(drawn)
