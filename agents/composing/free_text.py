"""A brief in words: tempo, meter, key, style, form, chords and band, in English or German."""

import re

from pydantic import JsonValue

from agents.composing.bands import Band, read_band
from agents.composing.forms import read_form
from agents.composing.progressions import read_chords
from audio.composing.meters import UNITS
from audio.composing.scales import KEY_WORDS, scale_found
from audio.composing.styles import style_words
from grym_synth.errors import BadInput
from grym_synth.plain_text import without_runs

_TEMPO = re.compile(
    r"(\d{1,4}(?:[.,]\d+)?)\s*(?:bpm|beats (?:per|a) minute|schläge(?:n)? (?:pro|in der) minute)"
    r"|\b(?:at|bei)\s+(\d{2,3})\b(?!\s*(?:%|bars?|takt|/))"
    r"|(?:tempo|♩|bpm)(?:\s+(?:of|von|is))?\s*[:=]?\s*(\d{1,4}(?:[.,]\d+)?)",
    re.IGNORECASE,
)
_METER = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})(\s*[- ]?(?:time|meter|metre|takt|bar))?", re.I)
_LENGTH = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*[- ]?(minuten?|minutes?|min|sekunden?|seconds?|secs?)\b", re.I
)
_SEED = re.compile(r"\bseed\s*[:=]?\s*(\d+)", re.I)
_IN_KEY = re.compile(r"(\d{1,3})\s*(?:%|percent|prozent)[^.;]{0,30}?\b(?:key|scale|tonart)\b", re.I)
_TITLE = re.compile(
    r"(?:called|titled|entitled|named|title|namens|titel|mit dem titel)\s*[:=]?\s*"
    r"(?:[\"“„'‘«](.+?)[\"”“'’»]|([^\n,.;]+))|[\"“„«](.+?)[\"”“»]",
    re.I,
)
_NOT_A_KEY = re.compile(
    r"\s+(?:hit|change|event|success|label|deal|step|role|moment|turn|difference|artist)\b", re.I
)
"""What makes an adjective of "A major"."""
_DANCES = {
    r"\b(?:waltz|walzer|minuet|menuett|ländler|mazurka|sarabande)": "3/4",
    r"\b(?:jig|gigue|tarantella|barcarolle?|siciliana)": "6/8",
    r"\bpolka": "2/4",
}
"""Dances, and their meters."""
_PACES = {
    r"\b(?:very slow|largo|sehr langsam)\b": 0.0, r"\b(?:slow|adagio|langsam(?:e[rs]?)?)\b": 0.12,
    r"\b(?:andante|relaxed|laid[- ]back|gemütlich)\b": 0.3, r"\b(?:mid[- ]?tempo|moderato)\b": 0.5,
    r"\b(?:up[- ]?tempo|allegro|lively|fast|quick|schnell(?:e[rs]?)?|flott(?:e[rs]?)?)\b": 0.85,
    r"\b(?:presto|very fast|sehr schnell)\b": 1.0,
}  # fmt: skip
"""Words for a pace, and where in a style's range of tempo it lies."""


def fields_of_text(brief: str) -> dict[str, JsonValue]:
    """The fields of an order that a text tells; what it doesn't tell is left out.

    Raises:
        BadInput: it names something impossible, or an instrument that is not known.
    """
    fields: dict[str, JsonValue] = {}
    brief = without_runs(brief)
    rest = _take_title(brief, fields)
    rest = _take_numbers(rest, fields)
    rest = _take_key(rest, fields)
    chords, rest = read_chords(rest)
    form, rest = read_form(rest, chords.by_section)
    if form.sections:
        fields["form"] = [one.model_dump(mode="json") for one in form.sections]
    if form.bars is not None:
        fields["bars"] = form.bars
    if chords.general:
        fields["chords"] = list(chords.general)
    band = read_band(rest)
    _put_band(band, fields)
    if (style := _style(band.rest)) or band.style:
        fields["style"] = style or band.style
    if "tempo" not in fields and (pace := _pace(rest)) is not None:
        fields["pace"] = pace
    for dance, meter in _DANCES.items():
        if "meter" not in fields and re.search(dance, brief, re.I):
            fields["meter"] = meter
    if re.search(r"\b(?:very )?chromatic\b|\bchromatisch", brief, re.I):
        fields.setdefault("least_in_key", 0.7)
    return fields


def _take_title(text: str, fields: dict[str, JsonValue]) -> str:
    found = _TITLE.search(text)
    if found is None:
        return text
    fields["title"] = next(one for one in found.groups() if one).strip()[:120]
    return _without(text, found)


def _take_numbers(text: str, fields: dict[str, JsonValue]) -> str:
    if found := _SEED.search(text):
        fields["seed"] = int(found[1])
        text = _without(text, found)
    if found := _TEMPO.search(text):
        fields["tempo"] = float((found[1] or found[2] or found[3]).replace(",", "."))
        text = _without(text, found)
    if found := _IN_KEY.search(text):
        fields["least_in_key"] = min(100, int(found[1])) / 100
        text = _without(text, found)
    for found in _METER.finditer(text):
        if int(found[2]) in UNITS or found[3]:
            fields["meter"] = f"{found[1]}/{found[2]}"
            text = _without(text, found)
            break
    if found := _LENGTH.search(text):
        number = float(found[1].replace(",", "."))
        fields["seconds"] = number * (60 if found[2].lower().startswith("min") else 1)
        text = _without(text, found)
    return text


def _take_key(text: str, fields: dict[str, JsonValue]) -> str:
    """A key with its mode; "a minor" in the middle of prose counts only after ``in``."""
    for found in KEY_WORDS.finditer(text):
        before = text[: found.start()].rstrip().casefold()
        named = re.search(r"\b(?:in|key|key of|tonart|scale)\s*:?$", before) is not None
        written = (found[1].isupper() or found[1] != "a") and not (found[4] and not named)
        hyphened = "-" in found[0]
        if found[0] == "A major" and _NOT_A_KEY.match(text[found.end() :]):
            continue
        if named or written or hyphened:
            fields["key"] = scale_found(found).name
            return _without(text, found)
    alone = re.search(r"\b(?:in|key of|key:|tonart)\s+([A-H](?:#|b|♯|♭)?)(?=[\s,.;]|$)", text)
    if alone and (alone[1] != "A" or not re.match(r"\s+[a-z]", text[alone.end() :])):
        fields["key"] = alone[1]
        return text[: alone.start()] + " " + text[alone.end() :]
    return text


def _put_band(band: Band, fields: dict[str, JsonValue]) -> None:
    if band.unknown:
        raise BadInput(
            f"finding the instrument {band.unknown[0]!r}",
            "none that is known has this name",
            "Name another one, such as piano, electric guitar, strings, bass or drums",
        )
    if band.players:
        fields["instruments"] = [one.model_dump(mode="json") for one in band.players]
    if band.without:
        fields["without"] = list(band.without)


def _style(text: str) -> str | None:
    """The style that is named first; longer names before the shorter ones within them."""
    found = []
    for word, style in style_words().items():
        if place := re.search(rf"(?<!\w){re.escape(word)}(?:e|er|es|en|s)?(?!\w)", text, re.I):
            found.append((place.start(), -len(word), style))
    return min(found)[2] if found else None


def _pace(text: str) -> float | None:
    for pattern, place in _PACES.items():
        if re.search(pattern, text, re.I):
            return place
    return None


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " ; " + text[found.end() :]
