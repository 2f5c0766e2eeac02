"""Parts of the piece that get another name: "rename the coda to finale"."""

import re

from agents.planning.languages import Understood
from memory.context import Plan, ProjectContext, ProjectSetting
from memory.filing.names import says
from memory.filing.stating import name_of

_RENAME = re.compile(
    r"^\W*(?:(?:please|now|let's)\s+)*(?:rename|benenne?|renombra|renomme)\s+"
    r"(?:(?:the|our|my|die|den|das|el|la|le)\s+)?(?:(?:section|element|track|part)\s+)?"
    r"[\"“']?(?P<old>[^\"”'\n]{1,60}?)[\"”']?\s+(?:to|as|into|in|zu|a|en)\s+"
    r"(?:(?:the|die|den|das)\s+)?[\"“']?(?P<new>[^\"”'\n:?.]{1,60}?)[\"”']?(?:\s+um)?[\s.!]*$",
    re.IGNORECASE,
)
_PARTS = ("section", "element")


def renaming_of(context: ProjectContext, understood: Understood) -> Plan | None:
    """The plan that gives a section or an element another name; None for any other request.

    What was stated under the older name stays on record; what mentions it says the new one.
    """
    found = _RENAME.match(understood.text.raw)
    if found is None or context.attached or understood.text.files:
        return None
    old, new = found["old"], found["new"]
    parts = [one for one in context.settings if one.field in _PARTS]
    if not any(name_of(one.value).casefold() == old.casefold() for one in parts):
        return Plan(notes=(f"This project has no section or element “{old}”.",))
    held = tuple(one for one in parts if says(one.value, old))
    return Plan(settings=tuple(_said(one, old, new) for one in held), replaced=held)


def _said(setting: ProjectSetting, old: str, new: str) -> ProjectSetting:
    """The same words with the new name."""
    value = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, setting.value, flags=re.I)
    return setting.model_copy(update={"value": value})
