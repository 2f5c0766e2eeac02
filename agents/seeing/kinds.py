"""What sort of picture it is: by where it comes from, by its axes, by its looks, by a model."""

from dataclasses import dataclass
from typing import Literal

from agents.seeing.forms import Glance, Sort
from audio.aspects import SHOWS
from audio.assets import AssetRef
from audio.axes import Axes
from audio.lookalike import Likeness
from audio.picture_reading import PictureReading
from memory.context import Finding

Basis = Literal["ours", "axes", "looks", "model"]

_IMPOSSIBLE: dict[Likeness, tuple[Sort, ...]] = {
    "score": ("spectrogram", "photo"),
    "photo": ("score",),
    "spectrogram": ("score",),
    "waveform": ("score", "photo"),
}
"""What a picture of such looks can't be, whatever a model says."""
_LOOKS: dict[Likeness, Sort] = {"screenshot": "screen", "unknown": "other"}


@dataclass(frozen=True)
class Recognised:
    """What sort of picture it is, and how that is known."""

    sort: Sort
    basis: Basis
    axes: Axes | None = None
    """Where it has any: as this program wrote them, or as the file claims."""
    music: str = ""
    """Id of the sound or of the notes that it shows, where that is known."""


def recognise(
    picture: AssetRef,
    reading: PictureReading,
    ties: tuple[Finding, ...],
) -> Recognised:
    """What instruments can tell of a picture's sort.

    Args:
        picture: the picture.
        reading: what it says of itself.
        ties: findings that say what music a picture shows.
    """
    own = [one for one in ties if one.subject.id == picture.id and one.aspect == SHOWS]
    tie = next((one for one in own if one.evidence == "measured"), own[-1] if own else None)
    music = str(tie.value) if tie is not None else ""
    ours = tie is not None and tie.evidence == "measured"
    if reading.axes is not None:
        kind = reading.axes.kind
        sort: Sort = kind if kind in ("spectrogram", "waveform") else "plot"
        return Recognised(sort, "ours" if ours else "axes", reading.axes, music)
    if ours:  # of what is drawn here only scores have no axes
        return Recognised("score", "ours", None, music)
    guess = reading.guess.kind
    return Recognised(_sort_of(guess), "looks", None, music)


def settled(known: Recognised, reading: PictureReading, glance: Glance | None) -> Recognised:
    """The sort with a model's word, which counts where instruments only guess and it can be."""
    if glance is None or known.basis != "looks":
        return known
    if glance.kind in _IMPOSSIBLE.get(reading.guess.kind, ()):
        return known
    return Recognised(glance.kind, "model", None, known.music)


def _sort_of(guess: Likeness) -> Sort:
    match guess:
        case "spectrogram" | "waveform" | "score" | "photo" | "plot":
            return guess
        case _:
            return _LOOKS[guess]
