"""A project's own words: what a user means by them, tied to what can be measured."""

import re
from math import log2

from pydantic import ValidationError

from audio.aspects import ASPECTS, BAND_EDGES_HZ
from grym_synth.errors import BadInput
from memory.glossary.glossary import Glossary
from memory.terms import DIRECTIONS, Band, Term

_BAND = re.compile(
    r"\s*(\d+(?:\.\d+)?)\s*(k?)(?:hz)?\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*(k?)(?:hz)?\s*", re.I
)


def make_term(
    name: str,
    means: str,
    *,
    synonyms: tuple[str, ...] = (),
    aspects: tuple[str, ...] = (),
    band: str = "",
    direction: str = "",
) -> Term:
    """Read a project's own term.

    Args:
        name: the word.
        means: one sentence; the glossary's words in it say what it bears on, unless that is given.
        synonyms: other words for the same.
        aspects: names of ``audio.aspects``.
        band: such as ``200-500`` or ``6k-12k``, in hertz.
        direction: one of ``memory.terms.DIRECTIONS``.

    Raises:
        BadInput: a part of it can't be used.
    """
    tried = f"adding the term {name!r}"
    if not name.strip() or not means.strip():
        raise BadInput(tried, "a term needs a name and a meaning", "Say what it means")
    if unknown := [one for one in aspects if one not in ASPECTS]:
        raise BadInput(tried, f"there is no aspect {unknown[0]}", "See docs/aspects.md")
    if direction and direction not in DIRECTIONS:
        raise BadInput(tried, f"{direction!r} is no direction", f"Use {', '.join(DIRECTIONS)}")
    known = Glossary.load().explain(means)
    region = _band(tried, band) if band else None
    if not aspects:
        meant = (one for hit in known for one in hit.term.aspects)
        aspects = tuple(dict.fromkeys((*(_levels_in(region) if region else ()), *meant)))
    domain = known[0].term.domain if known else "tone"
    fields = {
        "name": " ".join(name.split()),
        "means": " ".join(means.split()),
        "synonyms": tuple(" ".join(one.split()) for one in synonyms if one.strip()),
        "aspects": aspects,
        "band": region,
        "direction": direction or None,
        "domain": domain,
        "own": True,
    }
    try:
        return Term.model_validate(fields)
    except ValidationError as fault:
        raise BadInput(tried, fault.errors()[0]["msg"], "Make it shorter or simpler") from fault


def _levels_in(band: Band) -> list[str]:
    """The aspects of the measured bands that a band overlaps, the widest overlap first."""
    octaves = {
        f"spectrum.band_db.{name}": log2(min(high, band.high_hz) / max(low, band.low_hz))
        for name, (low, high) in BAND_EDGES_HZ.items()
        if min(high, band.high_hz) > max(low, band.low_hz)
    }
    return sorted(octaves, key=lambda aspect: -octaves[aspect])


def _band(tried: str, text: str) -> Band:
    found = _BAND.fullmatch(text)
    if found is None:
        raise BadInput(tried, f"{text!r} is no band", "Write it as in 200-500 or 6k-12k")
    low, high = (float(found[i]) * (1000 if found[i + 1] else 1) for i in (1, 3))
    if not 0 < low < high:
        raise BadInput(tried, f"{text!r} is no band", "The lower frequency comes first")
    return Band(low, high)
