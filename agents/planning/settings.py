"""Project settings said in chat: goal, style, constraint, deadline, section, element."""

import re
from collections.abc import Iterator

from agents.planning.languages import Understood
from memory.context import ProjectSetting

_LEAD = re.compile(
    r"^\W*(?:(?:please|bitte|por favor|s'il (?:te|vous) plaît|and|und|y|et|ok|okay|so|also|"
    r"btw|fyi|set|put|make|note|remember|keep in mind|bear in mind|note that|remember that|"
    r"just so you know|"
    r"setze?|merk(?:t)? (?:dir|euch)|denk daran|recuerda(?: que)?|apunta|anota|pon|retiens|note)\b"
    r"[\s,:]*)*",
    re.IGNORECASE,
)
_VALUE = {
    "goal": r"(?:goal|aim|objective|ziel|objetivo|meta|but|objectif)\b.{0,40}?"
    r"(?:\b(?:is|ist|es|est|to)\b|:|=)\s*",
    "deadline": r"(?:deadline|due(?: date)?|release date|abgabe\w*|termin|frist|plazo|échéance|"
    r"fecha (?:límite|limite|de entrega)|date limite)\b\s*"
    r"(?:(?:is|ist|es|est|to|on|for|by|auf|am|a|al|para|el|au|le|à)\b|:|=)?\s*"
    r"(?:(?:on|for|by|am|el|le)\b)?\s*",
    "constraint": r"^\W*(?:(?:the|a|our|my|new|project) )*"
    r"(?:constraints?|rules?|vorgaben?|regeln?)\b\s*(?:(?:is|ist|es|est)\b|:|=)\s*",
    "style": r"(?:styles?|genre|aesthetic|vibe|stil|estilo|género)\b\s*"
    r"(?:(?:is|ist|es|est|to|auf|a|à)\b|:|=)?\s*",
}
"""What stands before a setting's value, by its field."""


def settings_of(understood: Understood) -> tuple[ProjectSetting, ...]:
    """The settings that the request states, in its own words."""
    return tuple(dict.fromkeys(_settings(understood)))


def _settings(understood: Understood) -> Iterator[ProjectSetting]:
    for field, begin, end in understood.reading.remembered:
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
