"""The key that a request for sounds names: "in F minor or its relative", "tuned to F", "8A"."""

import re
from collections.abc import Iterator

from audio.aspects import parse_key
from memory.library.keys import camelot, key_name, neighbours, relative
from memory.library.query import InKey

_MODE = r"minor|min|moll|major|maj|dur|m"
_NOTE = r"(?P<note>[A-Ga-g])(?P<mark>#|♯|b|♭|[\s-]?(?:sharp|flat)\b)?"
_LEAD = (
    r"(?:\b(?:(?:in|into)(?:\s+the\s+key\s+of)?|(?:the\s+)?key(?:\s+of|\s+is)?|tuned\s+to|"
    r"(?:the\s+)?note|pitch(?:ed)?(?:\s+to)?|fits?(?:ting)?|match(?:es|ing)?|goes\s+with|for)\s+"
    r"(?:an?\s+)?)"
)
_LED = re.compile(rf"{_LEAD}{_NOTE}(?:[\s-]?(?P<mode>{_MODE}))?(?:-?[0-8])?(?![\w#'])")
_NAMED = re.compile(
    rf"(?<![\w'#]){_NOTE.replace('A-Ga-g', 'A-G')}(?:[\s-]?(?P<mode>{_MODE}))(?![\w#'])"
)
_SPELT = re.compile(
    rf"(?<![\w'#]){_NOTE}[\s-](?P<mode>minor|min|moll|major|maj|dur)(?![\w#'])", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w.])(?P<code>(?:1[0-2]|[1-9])[AB])(?![\w])")
_RELATIVE = re.compile(
    r"\s*,?\s*(?:or|and|/)\s+(?:in\s+)?(?:its|the|a)?\s*relative(?:\s+(?:major|minor|key))?", re.I
)
_FITTING = re.compile(
    r"\b(?:compatible|harmonically|related keys?|neighbou?ring keys?|goes with|fits?|fitting)\b",
    re.I,
)
_OR = re.compile(rf"\s*(?:or|/|,\s*or)\s+(?:in\s+)?{_NOTE}(?:[\s-]?(?P<mode>{_MODE}))?(?![\w#'])")
_DENIED = re.compile(r"\b(?:not|isn't|except|but not|never)\s+$", re.IGNORECASE)


def keys_of(text: str) -> Iterator[tuple[int, int, InKey]]:
    """The key that is wanted, with its place in the text; nothing where none is named."""
    found = next(
        (one for form in (_LED, _SPELT, _NAMED) if (one := form.search(text)) and _is_key(one)),
        None,
    )
    if found is not None:
        start, end, keys = found.start(), found.end(), [_named(found)]
    elif (code := _CODE.search(text)) is not None and (key := camelot(code["code"])) is not None:
        start, end, keys = code.start(), code.end(), [key]
    else:
        return
    while (other := _OR.match(text, end)) is not None and _is_key(other):
        keys.append(_named(other))
        end = other.end()
    if (near := _RELATIVE.match(text, end)) is not None:
        keys += [two for key in tuple(keys) if (two := relative(key)) is not None]
        end = near.end()
    elif _FITTING.search(text):
        keys += [two for two in (relative(keys[0]), *neighbours(keys[0])) if two is not None]
    denied = _DENIED.search(text[:start]) is not None
    yield start, end, InKey(keys=tuple(dict.fromkeys(keys)), negated=denied, strict=False)


def _is_key(found: re.Match[str]) -> bool:
    """Not the article in "for a loop": small letters need a mode that is spelt out."""
    mode = found["mode"]
    if found["note"].isupper():
        return found["note"] != "A" or mode is not None or found["mark"] is not None or _ends(found)
    return mode is not None and len(mode) > 1


def _ends(found: re.Match[str]) -> bool:
    return not found.string[found.end() :].strip(" ,.;!?")


def _named(found: re.Match[str]) -> str:
    mark = (found["mark"] or "").strip(" -").lower()
    sign = "#" if mark in ("#", "♯", "sharp") else "b" if mark else ""
    note, mode = f"{found['note'].upper()}{sign}", found["mode"]
    if mode is None:
        return note
    parsed = parse_key(f"{note} {'minor' if mode in ('minor', 'min', 'moll', 'm') else 'major'}")
    return key_name(*parsed) if parsed is not None else note
