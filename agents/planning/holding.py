"""Files that hold an element of the piece: "this is the bass stem" with a file attached."""

import re

from agents.planning.languages import Understood
from memory.context import Element, ProjectContext, ProjectSetting
from memory.filing.names import says

_THIS = re.compile(
    r"\b(?:this|here|that|these)(?:'s|\s+is|\s+are)\s+(?:the|our|my)\s+(?:\w+\s+){0,3}?"
    r"(?:stem|track|part|take|bus|channel|recording|bounce|loop|sample|file)\b",
    re.IGNORECASE,
)


def holding_of(context: ProjectContext, understood: Understood) -> tuple[ProjectSetting, ...]:
    """The element of the project that one attached sound holds, stated anew with its file."""
    files = [one for one in context.assets if one.id in context.attached and one.kind == "audio"]
    said = _THIS.search(understood.text.words)
    if said is None or len(files) != 1:
        return ()
    (file,) = files
    named = [one for one in context.elements if says(said[0], one.name)]
    fresh = [one for one in named if file.id not in one.assets]
    return tuple(_stated(one, file.name) for one in fresh[:1])


def _stated(element: Element, file: str) -> ProjectSetting:
    joint = ": " if element.text in ("", element.name) else ", "
    return ProjectSetting(field="element", value=f"{element.text or element.name}{joint}{file}")
