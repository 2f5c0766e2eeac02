"""Which of a project's notes about code a task touches: those of its parts, and of all code."""

from collections.abc import Mapping
from dataclasses import replace

from memory.context import Note, Task
from memory.filing.code_words import subject_words
from memory.filing.records import Record
from memory.language.stems import stem
from memory.packing.focus import task_text, words_of
from memory.packing.knowledge import Knowledge

UNTOUCHED = "of a part of the code that the task doesn't touch"

_LETTERS = 5
"""By so many letters at their beginning words are taken for forms of one."""
_KINDS = ("api", "architecture", "performance")


def touched(task: Task, knowledge: Knowledge) -> Knowledge:
    """The knowledge without notes about parts of the code that a task neither names nor works at.

    Args:
        task: what has to be done.
        knowledge: what may bear on it.
    """
    named = frozenset(stem(one) for one in words_of(task_text(task)))
    places = {one.name.casefold() for one in task.places}
    kept: Mapping[str, Record] = {
        id_: one
        for id_, one in knowledge.records.items()
        if not (isinstance(one.word, Note) and one.word.kind in _KINDS)
        or _touches(one.word, named, places)
    }
    passed = dict(knowledge.passed)
    if gone := len(knowledge.records) - len(kept):
        passed[UNTOUCHED] = passed.get(UNTOUCHED, 0) + gone
    return replace(knowledge, records=kept, passed=passed)


def _touches(note: Note, named: frozenset[str], places: set[str]) -> bool:
    """Whether the task names what the note is about, in any form of the word, or works there."""
    subject = subject_words(note)
    known = {one[:_LETTERS] for one in named}
    here = bool(note.place.name) and note.place.name.casefold() in places
    return not subject or here or any(one[:_LETTERS] in known for one in subject)
