"""Whether what a turn delivers, or promises, comes after the project's deadlines."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from memory.context import Deadline, Flag, ProjectSetting
from memory.language.dates import read_day

_READY = re.compile(
    r"\b(?:ready|deliver\w*|finish\w*|releas\w*|hand(?:ed)? in|complet\w*|done)\b", re.IGNORECASE
)
_AHEAD = re.compile(r"\b(?:will|won't|by|on|until)\b|'ll\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_])|\n+")


def timeline_of(settings: Sequence[ProjectSetting], today: date) -> tuple[Deadline, ...]:
    """The deadlines of settings whose words hold the whole date, with its year."""
    found = []
    for setting in settings:
        day = read_day(setting.value, today) if setting.field == "deadline" else None
        if day is not None and str(day.year) in setting.value:
            found.append(Deadline(date=day.isoformat(), text=setting.value))
    return tuple(found)


def late(answer: str, timeline: Sequence[Deadline], today: date, delivers: bool) -> Iterator[Flag]:
    """What comes after a deadline.

    Args:
        answer: the answer's text.
        timeline: the deadlines; those without a date are passed over.
        today: the day of the answer.
        delivers: whether work was delivered today.
    """
    for deadline in timeline:
        if deadline.date is None:
            continue
        day = date.fromisoformat(deadline.date)
        against = f"Against the project's deadline “{deadline.text}”"
        if delivers and today > day:
            days = (today - day).days
            told = f"{days} day{'s' if days > 1 else ''} later"
            yield _flag(deadline, f"{against}: this comes on {today.isoformat()}, {told}.")
        for promised, sentence in _promises(answer, today):
            if promised > day:
                yield _flag(deadline, f"{against}: the answer says “{sentence}”.")


def passed(
    stated: Sequence[ProjectSetting], timeline: Sequence[Deadline], today: date
) -> Iterator[Flag]:
    """Deadlines that were just stated though their day is over."""
    texts = {one.value for one in stated if one.field == "deadline"}
    for deadline in timeline:
        if deadline.date is None or deadline.text not in texts:
            continue
        days = (today - date.fromisoformat(deadline.date)).days
        if days > 0:
            ago = f"{days} day{'s' if days > 1 else ''} ago"
            yield _flag(deadline, f"The deadline “{deadline.text}” was {ago}: is the day right?")


def _flag(deadline: Deadline, text: str) -> Flag:
    return Flag(kind="deadline", against=deadline.text, text=text)


def _promises(answer: str, today: date) -> Iterator[tuple[date, str]]:
    """Days on which, as the answer says, something will be ready."""
    for sentence in _SENTENCE.split(answer):
        if not _READY.search(sentence) or not _AHEAD.search(sentence):
            continue
        if "deadline" in sentence.casefold() or (day := read_day(sentence, today)) is None:
            continue
        yield day, " ".join(sentence.replace("*", "").split())[:120].rstrip(".")
