"""Questions about what was believed earlier: "what did we think of the tempo at turn 12?"."""

import re

from agents.planning.languages import Understood
from agents.planning.measures import MEANT
from memory.context import LookBack, ProjectContext

USUAL = (
    "tempo.bpm", "key", "meter", "loudness.integrated_lufs", "loudness.true_peak_dbtp", "goal",
    "style", "constraint", "deadline",
)  # fmt: skip
"""What is told when the question names no topic."""
_TURN = re.compile(
    r"\b(?:at|in|on|by|after|before|during|as of|until|zu|bei|nach|vor|en|hasta|à|au|après)\s+"
    r"(?:the\s+|der\s+|dem\s+|el\s+|le\s+)?(?:turn|round|runde|zug|turno|ronda|tour)\s*(?:no\.?\s*|#\s*)?"
    r"(?P<turn>\d{1,6})\b(?:\s*(?:of|in|on|im|von|del?|du)?\s*(?:the\s+)?(?:thread|chat|hilo)\s+"
    r"(?P<thread>[\w.-]+))?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:on|by|as of|until|at|am|el|le)\s+(?P<day>\d{4}-\d\d-\d\d)\b", re.IGNORECASE
)
_BELIEVED = re.compile(
    r"\b(?:believ\w*|thought|think|knew|know|was|were|had|said|say|tell|told|found|find|assum\w*|"
    r"state|hold|held|glaub\w*|wusst\w*|dacht\w*|war|waren|galt|cre[ií]\w*|sab[ií]\w*|pens\w*|"
    r"era|cro\w+|sav\w+|était)\b",
    re.IGNORECASE,
)


def look_back_of(context: ProjectContext, understood: Understood) -> LookBack | None:
    """The earlier moment that a question is about; None where it is about now."""
    words = understood.text.raw
    if context.attached or not _BELIEVED.search(words):
        return None
    if found := _TURN.search(words):
        return LookBack(thread=found["thread"] or context.thread, turn=int(found["turn"]))
    if found := _DAY.search(words):
        return LookBack(at=found["day"])
    return None


def topics_of(understood: Understood) -> tuple[str, ...]:
    """The aspects and settings that a question about earlier names; the usual ones without any."""
    reading = understood.reading
    named = (*reading.recalls, *reading.aspects)
    topics = [one for name in named if name != "history" for one in MEANT.get(name, (name,))]
    return tuple(dict.fromkeys(topics)) or USUAL
