"""Questions about places in a picture: which second and which hertz a pixel is, and back."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agents.planning.quantities import Quantity, find_quantities
from agents.planning.subjects import mentioned
from agents.planning.text import Text
from agents.reckoning.times import seconds_text
from audio.assets import AssetRef
from audio.axes import Axes, Axis
from audio.pitch_names import name_of_hertz

PIXELS = "pixels"
"""What such a question asks of memory: its pictures know their axes."""
_WORD = r"(?:pixel|px|píxel|bildpunkt)\w*"
_LINE = r"(?:column|row|line|spalte|zeile|columna|fila|colonne|ligne|x|y)s?"
_NUMBER = r"\d{1,5}(?:\.\d+)?"
_ASKED = re.compile(
    rf"\b(?:{_WORD}|{_WORD}\s*{_LINE})\s*(?:number|no\.?|nr\.?)?\s*[=:#(]?\s*(?:[xy]\s*[=:]?\s*)?\d|"
    rf"\b{_LINE}\s*{_NUMBER}\b.*\b{_WORD}|"
    rf"(?<![\d.x×])\d{{1,5}}(?:st|nd|rd|th|\.)\s+{_WORD}|"
    rf"\b(?:which|what|welche\w*|qué|cuál|quel\w*)\s+{_WORD}(?:\s+{_LINE})?\b.*\d",
    re.IGNORECASE,
)
"""Pixels that are named, or asked for; "1200 x 800 pixels" is a size."""
_ASKS = re.compile(
    r"\?\s*$|\b(?:what|which|where|when|tell|welche\w*|was|wo|wann|qué|cuál|dónde|quel\w*|où)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![\d.:])(?:x\s*[=:]?\s*)?(?P<x>\d{1,5}(?:\.\d+)?)\s*(?:,|/|;|[x×](?=\s*\d))\s*"
    r"(?:y\s*[=:]?\s*)?(?P<y>\d{1,5}(?:\.\d+)?)(?![\d.:]|\s*(?:seconds?|s|hz|khz|ms)\b)",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?:{_WORD}|{_LINE})\s*(?:{_LINE})?\s*(?:number|no\.?|nr\.?)?\s*[=:#]?\s*(?P<after>{_NUMBER}"
    rf"(?:\s*(?:and|or|to|und|oder|bis|y|o|a|et|ou|à|-)\s*{_NUMBER})*)|"
    rf"(?P<before>{_NUMBER})(?:st|nd|rd|th|\.)\s*{_WORD}",
    re.IGNORECASE,
)
_ACROSS = re.compile(
    r"\b(?:columns?|across|horizontal\w*|x|\w*spalte\w*|columna\w*|colonnes?|time|second|seconds|"
    r"when|moment|minute|bar|beat|zeit\w*|sekunde\w*|wann|tiempo|segundo\w*|cuándo|temps|quand)\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:rows?|lines?|vertical\w*|height|y|\w*zeile\w*|filas?|lignes?|frequen\w*|frecuencia\w*|"
    r"fréquence\w*|frequenz\w*|hertz|hz|khz|pitch\w*|notes?|level|lufs|loud\w*)\b",
    re.IGNORECASE,
)
_KINDS = {
    "spectrogram": r"spe[ck]tro?gram|espectrograma", "waveform": r"wave\s?form|wellenform",
    "chromagram": r"c(?:h)?romagram", "loudness_curve": r"loudness|lautheit",
    "self_similarity": r"similarity", "piano_roll": r"piano\s?roll",
}  # fmt: skip
_LOWEST_HZ = 8.0
"""Below the lowest MIDI note there are no names."""
_NO_PICTURE = (
    "No picture that is known here tells which seconds and hertz its pixels are. Pictures that I "
    "draw do: “show me the spectrogram”."
)
_NO_PLACE = (
    "{name} shows {shows}. Say which pixel you mean, by column and row (“pixel 400, 120”), or "
    "which second or frequency (“which pixel is 2 kHz?”)."
)


@dataclass(frozen=True)
class _Picture:
    """A picture whose axes are known."""

    file: AssetRef
    axes: Axes


def asks_for_pixels(text: Text) -> bool:
    """Whether a request asks what lies at a pixel, or at which pixel something lies."""
    return bool(_ASKED.search(text.words) and _ASKS.search(text.words))


def pixel_answers(
    text: Text, pictures: Sequence[AssetRef], axes_of: Callable[[AssetRef], Axes | None]
) -> tuple[str, ...]:
    """What lies at the pixels, or which pixels the seconds and hertz are, that a request names.

    Args:
        text: the request.
        pictures: the pictures at hand, the likeliest last.
        axes_of: what a picture says of its axes; None where it says nothing.
    """
    picture = _meant(text, pictures, axes_of)
    if picture is None:
        return (_NO_PICTURE,)
    lines = tuple(_at_pixels(text.words, picture)) or tuple(_at_values(text.words, picture))
    shows = picture.axes.describe()
    return lines or (_NO_PLACE.format(name=picture.file.name, shows=shows),)


def _meant(
    text: Text, pictures: Sequence[AssetRef], axes_of: Callable[[AssetRef], Axes | None]
) -> _Picture | None:
    """The picture that is named, else the newest of the kind that is named, else the newest."""
    named = mentioned({one.id: one.name for one in pictures}, text) if text.files else frozenset()
    pool = [one for one in pictures if one.id in named] or pictures
    known = [_Picture(one, axes) for one in pool if (axes := axes_of(one)) is not None]
    kinds = {kind for kind, form in _KINDS.items() if re.search(form, text.words, re.IGNORECASE)}
    of_kind = [one for one in known if one.axes.kind in kinds]
    return next(reversed(of_kind or known), None)


def _at_pixels(words: str, picture: _Picture) -> Iterator[str]:
    """What lies at the pixels that a question names."""
    pairs = list(_PAIR.finditer(words))
    for pair in pairs:
        across = _told(picture, "column", float(pair["x"]))
        yield f"{across} {_told(picture, 'row', float(pair['y']))}"
    if pairs:
        return
    for found in _ONE.finditer(words):
        is_up, is_across = _UP.search(words), _ACROSS.search(words)
        for at in map(float, re.findall(r"\d+(?:\.\d+)?", found["after"] or found["before"])):
            if is_across or not is_up:
                yield _told(picture, "column", at)
            if is_up or not is_across:
                yield _told(picture, "row", at)


def _told(picture: _Picture, line: str, at: float) -> str:
    """Such as ``Pixel column 400 of mix.png is 12.5 s; a column is 0.05 s wide.``."""
    axes, box, whole = picture.axes, picture.axes.plot, at.is_integer()
    centre = at + 0.5 if whole else at
    first, size = (box.left, box.width) if line == "column" else (box.top, box.height)
    name = f"Pixel {line} {at:g} of {picture.file.name}"
    if not first <= centre <= first + size:
        return f"{name} lies outside the plot, which takes {line}s {first} to {first + size - 1}."
    place = axes.point_at(centre, centre)
    axis, value = (axes.x, place.x) if line == "column" else (axes.y, place.y)
    return f"{name} is {_value(axis, value)}{_width(axis, line, (centre - first) / size, size)}."


def _width(axis: Axis, line: str, share: float, size: int) -> str:
    """How much one pixel covers there."""
    if axis.scale == "classes":
        return ""
    share = share if line == "column" else 1 - share
    ends = (axis.value(min(1, max(0, share + side / size))) for side in (-0.5, 0.5))
    low, high = ends
    return f"; a {line} covers {abs(high - low):.3g} {axis.unit} there"


def _value(axis: Axis, value: float) -> str:
    if axis.scale == "classes":
        return axis.classes[min(len(axis.classes) - 1, max(0, int(value)))]
    if axis.quantity == "time":
        return seconds_text(Fraction(value))
    if axis.quantity == "frequency":
        return f"{value:.5g} Hz" + (f" ({name_of_hertz(value)})" if value > _LOWEST_HZ else "")
    return f"{value:.4g} {axis.unit}"


def _at_values(words: str, picture: _Picture) -> Iterator[str]:
    """At which pixels the seconds and hertz lie that a question names."""
    for one in find_quantities(words):
        if one.unit in ("seconds", "hz", "lufs"):
            yield from _placed(one, picture)


def _placed(one: Quantity, picture: _Picture) -> Iterator[str]:
    axes, box = picture.axes, picture.axes.plot
    quantities = {"seconds": "time", "hz": "frequency", "lufs": "loudness"}
    for line, axis in (("column", axes.x), ("row", axes.y)):
        if axis.quantity != quantities[one.unit]:
            continue
        what = _value(axis, one.value)
        if not axis.low <= one.value <= axis.high:
            shown = f"{axis.low:.5g} to {axis.high:.5g} {axis.unit}"
            yield f"{what} lies outside {picture.file.name}, which shows {shown}."
            continue
        share = axis.fraction(one.value)
        first, size = (box.left, box.width) if line == "column" else (box.top, box.height)
        at = first + (share if line == "column" else 1 - share) * size
        yield f"{what} is at pixel {line} {min(int(at), first + size - 1)} of {picture.file.name}."
