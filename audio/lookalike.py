"""What a picture looks like, from its texture and colours alone: a guess, never a certainty.

- a spectrogram is textured, in the few colours of one colour map;
- a photo is textured in very many colours;
- a score is dark on light, without colour, with groups of five evenly spaced lines;
- a waveform has columns of one colour about a common middle;
- a screenshot is mostly flat, with small pieces of many colours;
- a plot is mostly light paper with few colours.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from audio.colours import Bytes, Reals, to_oklab

Likeness = Literal["spectrogram", "waveform", "screenshot", "score", "photo", "plot", "unknown"]


@dataclass(frozen=True)
class Guess:
    """What a picture looks like."""

    kind: Likeness
    confidence: float
    why: str


@dataclass(frozen=True)
class _Look:
    """Figures about a picture."""

    textured: float
    """Share of pixels that differ from both neighbours in their row."""
    colours: int
    """Cells of a 32x32x32 colour cube that hold 95 % of the textured pixels."""
    variety: float
    """Effective number of such cells over all pixels: exp of the entropy."""
    paper: float
    """Share of light pixels without colour."""
    coloured: float
    """Share of pixels with a clear colour."""
    staves: float
    """Share of vertical strips that show a five-line staff."""
    lanes: float
    """How much columns of one colour about a common middle there are, 0..1."""


Mask = NDArray[np.bool_]

_ROWS = 500
_STRIPS = 12


def guess_kind(picture: Image.Image) -> Guess:
    """Guess what a picture shows.

    Args:
        picture: in mode RGB.
    """
    if picture.width < 32 or picture.height < 32:
        return Guess("unknown", 0.0, "too small to tell")
    look = _look(picture)
    figures = (
        f"{look.textured:.0%} textured, {look.colours} colours in it, {look.paper:.0%} paper, "
        f"staff lines in {look.staves:.0%}, mirrored columns in {look.lanes:.0%}"
    )
    kind, confidence = _decide(look)
    return Guess(kind, confidence, figures)


def _decide(look: _Look) -> tuple[Likeness, float]:
    if look.variety < 1.02:
        return "unknown", 0.0
    if look.staves >= 0.5 and look.paper >= 0.6 and look.coloured < 0.005:
        return "score", 0.6
    if look.lanes >= 0.4 and look.textured < 0.1 and look.variety < 6:
        return "waveform", 0.5
    if look.textured >= 0.3 and look.colours > 450:
        return "photo", 0.5
    one_map = look.colours <= (450 if look.textured >= 0.25 else 110)
    if one_map and look.variety >= 6 and look.textured >= 0.12 and look.paper < 0.65:
        return "spectrogram", 0.5 if look.coloured >= 0.1 else 0.3
    if look.textured >= 0.1 and look.paper >= 0.7 and look.coloured < 0.005:
        return "score", 0.3
    if look.textured < 0.12 and look.paper >= 0.85:
        return "plot", 0.3
    if look.textured < 0.3:
        return "screenshot", 0.4
    return "unknown", 0.0


def _look(picture: Image.Image) -> _Look:
    pixels: Bytes = np.asarray(picture)
    rows = pixels[:: max(1, picture.height // _ROWS)]
    columns = pixels[:, :: max(1, picture.width // _ROWS)].transpose(1, 0, 2)
    rough = max((_textured(rows), _textured(columns)), key=len)
    lab = to_oklab(rows.reshape(-1, 3)[::5])
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    return _Look(
        textured=len(rough) / (rows.shape[0] * rows.shape[1]) if len(rough) else 0.0,
        colours=_colours(rough),
        variety=_variety(rows.reshape(-1, 3)),
        paper=float(((lab[:, 0] > 0.9) & (chroma < 0.03)).mean()),
        coloured=float((chroma > 0.05).mean()),
        staves=_staves(pixels),
        lanes=_mirrored(picture),
    )


def _textured(rows: Bytes) -> Bytes:
    """The pixels that differ from both neighbours in their row: uint8, (n, 3)."""
    same = (rows[:, 1:] == rows[:, :-1]).all(axis=2)
    inner: Bytes = rows[:, 1:-1][~(same[:, 1:] | same[:, :-1])]
    return inner


def _cells(pixels: Bytes) -> Reals:
    """Shares of the colour cube's cells that are not empty, the largest first."""
    cell = (pixels >> 3).astype(np.int64) @ np.array([1024, 32, 1])
    counts = np.sort(np.bincount(cell))[::-1]
    shares: Reals = counts[counts > 0] / max(len(pixels), 1)
    return shares


def _colours(pixels: Bytes) -> int:
    return int(np.searchsorted(np.cumsum(_cells(pixels)), 0.95)) + 1 if len(pixels) else 0


def _variety(pixels: Bytes) -> float:
    shares = _cells(pixels)
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _staves(pixels: Bytes) -> float:
    """Share of the inner vertical strips in which five evenly spaced dark lines are found."""
    dark = 1 - pixels.mean(axis=2) / 255
    profiles = [strip.mean(axis=1) for strip in np.array_split(dark, _STRIPS, axis=1)]
    return sum(_has_staff(profile) for profile in profiles[1:-1]) / (_STRIPS - 2)


def _has_staff(profile: Reals) -> bool:
    """Whether five lines, darker than the gaps between them, lie evenly spaced in a column."""
    for spacing in np.arange(3.0, min(40.0, len(profile) / 6), 0.5):
        lines = np.round(np.arange(5) * spacing).astype(int)
        gaps = np.round((np.arange(4) + 0.5) * spacing).astype(int)
        reach = len(profile) - lines[-1] - 1
        if reach < 1:
            break
        near = profile
        if spacing > 6:
            padded = np.pad(profile, 1, mode="edge")
            near = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
        faintest = np.min([near[at : at + reach] for at in lines], axis=0)
        darkest_gap = np.max([profile[at : at + reach] for at in gaps], axis=0)
        if np.any((faintest > 0.12) & (darkest_gap < 0.6 * faintest)):
            return True
    return False


def _mirrored(picture: Image.Image) -> float:
    """Share of columns that hold one run of one colour about a common middle; best colour."""
    small = picture.resize(
        (min(picture.width, 600), min(picture.height, 400)), Image.Resampling.BOX
    )
    swatches = np.asarray(small.quantize(8, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    ground = int(np.bincount(swatches.ravel()).argmax())
    best = 0.0
    for index in set(np.unique(swatches).tolist()) - {ground}:
        mask = swatches == index
        held = np.flatnonzero(mask.any(axis=1))
        box = mask[held[0] : held[-1] + 1]
        if len(box) < 0.15 * len(mask):
            continue
        halves = np.array_split(box, 2, axis=0)
        best = max(best, _about_middle(box), min(_about_middle(half) for half in halves))
    return best


def _about_middle(mask: Mask) -> float:
    """Share of columns with one run whose middle is that of all, where heights keep changing."""
    height = mask.sum(axis=0)
    filled = height > 0
    if mask.shape[0] < 12 or not filled.any():
        return 0.0
    top = mask.argmax(axis=0)
    bottom = mask.shape[0] - 1 - mask[::-1].argmax(axis=0)
    middle = (top + bottom) / 2
    tall = float(np.percentile(height[filled], 90))
    changes = float((np.diff(height[filled]) != 0).mean()) if filled.sum() > 1 else 0.0
    whole = height >= 0.8 * (bottom - top + 1)
    centred = np.abs(middle - np.median(middle[filled])) < max(0.25 * tall, 1.5)
    lively = changes > 0.3 and tall > 0.1 * mask.shape[0]
    return float((filled & whole & centred).mean()) if lively else 0.0
