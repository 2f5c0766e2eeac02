"""Project settings said in chat: a goal, a style, a constraint, a deadline, a section, an element."""

import re
from collections.abc import Iterator

from agents.planning.languages import Understood
from memory.context import ProjectSetting

_LEAD = re.compile(
    r"^\W*(?:(?:please|bitte|por favor|s'il (?:te|vous) plaît|and|und|y|et|ok|okay|so|also|btw|fyi|"
    r"set|put|make|note|remember|keep in mind|bear in mind|note that|remember that|just so you know|"
    r"setze?|merk(?:t)? (?:dir|euch)|denk daran|recuerda(?: que)?|apunta|anota|pon|retiens|note)\b"
    r"[\s,:]*)*",
    re.IGNORECASE,
)
_VALUE = {
    "goal": r"(?:goal|aim|objective|ziel|objetivo|meta|but|objectif)\b.{0,40}?(?:\bis\b|\bist\b|\bes\b|\best\b|:|\bto\b|=)\s*",
    "deadline": r"(?:deadline|due(?: date)?|release date|abgabe\w*|termin|frist|fecha (?:límite|limite|de entrega)|plazo|date limite|échéance)\b\s*(?:is|ist|es|est|:|=|to|on|for|by|auf|am|a|al|para|el|au|le|à)?\s*(?:on|for|by|am|el|le)?\s*",
    "style": r"(?:styles?|genre|aesthetic|vibe|stil|estilo|género)\b\s*(?:is|ist|es|est|:|=|to|auf|a|à)?\s*",
}


def settings_of(understood: Understood) -> tuple[ProjectSetting, ...]:
    """The settings that the request states, in its own words."""
    return tuple(dict.fromkeys(_settings(understood)))


def _settings(understood: Understood) -> Iterator[ProjectSetting]:
    for field, span in understood.reading.remembered:
        begin, end = (int(part) for part in span.split(":"))
        value = _value(field, understood.text.raw[begin:end])
        match field:
            case "goal" | "style" | "constraint" | "deadline" | "section" | "element" if value:
                yield ProjectSetting(field=field, value=value)
            case "note" if value:
                yield ProjectSetting(field="constraint", value=value)


def _value(field: str, sentence: str) -> str:
    """What the setting says: after its name where there is one, else the whole sentence."""
    text = sentence.strip().rstrip(".;!").strip()
    pattern = _VALUE.get(field)
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    rest = text[found.end() :].strip() if found else ""
    return (rest or _LEAD.sub("", text))[:500].strip(" ,:")
