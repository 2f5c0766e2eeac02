"""From colours back to levels: by a colour map that is given or known, else by lightness.

Anchors of the known maps are those of matplotlib (viridis and its kin by S. van der Walt, N. Smith
and E. Firing; cividis by J. Nuñez et al.; turbo by A. Mikhailov), 17 of each at equal distances.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from audio.blocks import Floats
from audio.colours import Bytes, Reals, level_colours, to_oklab
from grym_synth.errors import BadInput

Places = NDArray[np.signedinteger]

Louder = Literal["lighter", "darker"]
"""Which colours mean more, where the map isn't known."""

_MAPS = {
    "viridis": "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 "
    "3fbc73 5ec962 84d44b addc30 d8e219 fde725",
    "plasma": "0d0887 310597 4c02a1 6600a7 7e03a8 9511a1 aa2395 bc3587 cc4778 da5a6a e66c5c f0804e "
    "f89540 fdac33 fdc527 f8df25 f0f921",
    "inferno": "000004 0b0724 210c4a 3d0965 57106e 71196e 8a226a a32c61 bc3754 d24644 e45a31 "
    "f1731d f98e09 fcac11 f9cb35 f2ea69 fcffa4",
    "magma": "000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 d0416f e75263 f56b5c "
    "fc8961 fea772 fec488 fde2a3 fcfdbf",
    "cividis": "00224e 002e6a 1a386f 32436d 434e6c 535a6d 61656f 6f7073 7d7c78 8c8878 9b9476 "
    "aba072 bcae6c cdbb63 dec958 f0d846 fee838",
    "turbo": "30123b 4040a2 466be3 4294ff 28bceb 18ddc2 32f298 6dfe62 a4fc3c cdec34 eecf3a fdac34 "
    "fb7e21 eb500e d02f05 a91601 7a0403",
    "jet": "000080 0000c8 0000ff 0040ff 0080ff 00c0ff 16ffe1 49ffad 7dff7a b1ff46 e4ff13 ffd000 "
    "ff9400 ff5900 ff1e00 c40000 800000",
    "hot": "0b0000 350000 5f0000 890000 b30000 dd0000 ff0800 ff3200 ff5c00 ff8600 ffb000 ffda00 "
    "ffff07 ffff46 ffff85 ffffc4 ffffff",
    "coolwarm": "3b4cc0 4e68d8 6282ea 779af7 8db0fe a3c2fe b9d0f9 ccd9ed dddcdc ecd3c5 f5c4ac "
    "f7b093 f4987a eb7d62 dd5f4b ca3b37 b40426",
    "grey": "000000 ffffff",
}
_NEAR = 0.035
"""Mean distance in OKLab of a picture's colours to a map that is taken to be its own."""
_FOREIGN = 0.06
"""A colour this far from the map is none of its levels: a grid line, a letter, paper."""
_TINTED = 0.02


def shares_of(plot: Bytes, colours: tuple[str, ...] = (), louder: Louder | None = None) -> Floats:
    """Read colours as shares of the way from the quietest to the loudest.

    Args:
        plot: uint8, (height, width, 3).
        colours: the map from quiet to loud, at least two as ``#rrggbb`` at equal distances; by
            default the known one that fits best, else lightness.
        louder: which grey, or which end of an unknown map, is louder; by default lighter ones are.

    Returns:
        float32, (height, width), 0..1; not a number where the colour is none of the map.

    Raises:
        BadInput: a colour of the map can't be read.
    """
    codes = plot.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    unique, where, counts = _distinct(codes)
    lab = to_oklab(np.stack([unique >> 16, unique >> 8 & 255, unique & 255], 1).astype(np.uint8))
    if colours:
        shares, far = _along(lab, _ramp(tuple(colours)))
    else:
        shares, far = _best(lab, counts, louder)
    held = np.where(far > _FOREIGN, np.nan, shares).astype(np.float32)
    picture: Floats = held[where]
    return picture


def _distinct(codes: NDArray[np.uint32]) -> tuple[Places, Places, Places]:
    """The codes of 24 bits that occur, which of them each pixel has, and how many have each.

    A table of all codes takes 80 MB for a moment, and a third of the time that sorting takes.
    """
    present = np.zeros(1 << 24, np.bool_)
    present[codes] = True
    unique = np.flatnonzero(present)
    places = np.empty(1 << 24, np.int32)
    places[unique] = np.arange(len(unique), dtype=np.int32)
    where = places[codes]
    return unique, where, np.bincount(where.ravel())


def _best(lab: Reals, counts: np.ndarray, louder: Louder | None) -> tuple[Reals, Reals]:
    """The known map that the colours lie nearest to; lightness where they fit none."""
    held = {name: _along(lab, _ramp(tuple(text.split()))) for name, text in _MAPS.items()}
    held["own"] = _along(lab, to_oklab(level_colours()))
    misses = {
        name: float(np.average(np.minimum(far, _FOREIGN), weights=counts))
        for name, (_, far) in held.items()
    }
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    if float(np.average(chroma > _TINTED, weights=counts)) < 0.05:
        shares, far = held["grey"]
    else:
        name = min(misses, key=lambda one: misses[one])
        if misses[name] <= _NEAR:
            return held[name]
        lightness = lab[:, 0]
        shares, far = lightness, np.zeros_like(lightness)
    return (1 - shares if louder == "darker" else shares), far


def _along(lab: Reals, ramp: Reals) -> tuple[Reals, Reals]:
    """Where on a map each colour lies, 0..1, and how far it is from it."""
    far, nearest = KDTree(ramp).query(lab)
    return np.asarray(nearest, np.float64) / (len(ramp) - 1), np.asarray(far, np.float64)


def _ramp(colours: tuple[str, ...]) -> Reals:
    """A map as 512 colours in OKLab: float64, (512, 3)."""
    try:
        anchors = np.array([_rgb(one) for one in colours], np.float64)
        if len(anchors) < 2:
            raise ValueError("at least two are needed")
    except ValueError as fault:
        raise BadInput(
            "reading a colour map", str(fault), "Give colours as #rrggbb, from quiet to loud"
        ) from fault
    places = np.linspace(0, len(anchors) - 1, 512)
    rgb = np.stack([np.interp(places, np.arange(len(anchors)), row) for row in anchors.T], 1)
    return to_oklab(rgb.round().astype(np.uint8))


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"{colour!r} is no colour")
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue
