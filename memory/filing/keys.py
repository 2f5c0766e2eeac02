"""Where each kind of word lies and under which key, so that a replay adds nothing."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote

from memory.context import (
    Conflict,
    Deadline,
    Element,
    Place,
    ProjectSetting,
    Section,
    content_id,
)
from memory.filing.stating import Stated
from memory.storage.entries import Namespace

PROJECTS: Namespace = ("projects",)
"""The namespace that lists the projects."""

SETTINGS, ASSETS, FINDINGS = "settings", "assets", "findings"
CONFLICTS, NOTES, TURNS = "conflicts", "notes", "turns"
SUMMARIES, REPORTS, INTERACTIONS = "summaries", "reports", "interactions"
TERMS = "terms"
VERSIONS = "versions"
"""Holds, below the labels of their own namespace, older versions of what has one key for good."""

_LABELS = {
    **dict.fromkeys(("goal", "style", "constraint", "deadline", "section", "element"), SETTINGS),
    "asset": ASSETS,
    "finding": FINDINGS,
    "conflict": CONFLICTS,
    "turn": TURNS,
    "summary": SUMMARIES,
    "report": REPORTS,
    "interaction": INTERACTIONS,
    "term": TERMS,
}


def label_of_kind(kind: str) -> str:
    """The namespace's label of a kind of entries; every kind without its own is a note's."""
    return _LABELS.get(kind, NOTES)


@lru_cache(maxsize=4096)
def label(name: str) -> str:
    """A user's name as one namespace label, which may hold no dots."""
    return quote(name, safe=" ", errors="replace").replace(".", "%2E")


def name_of_label(text: str) -> str:
    """The user's name of a namespace label."""
    return unquote(text)


def project_place(project: str, *below: str) -> Namespace:
    """A project's namespace, or one below it."""
    return ("project", label(project), *map(label, below))


def archive_of(namespace: Namespace) -> Namespace:
    """Where older versions of a project's entries go."""
    return (*namespace[:2], VERSIONS, *namespace[2:])


def setting_key(word: Stated) -> str:
    """One goal, one deadline for each thing that is due, one section and element of a name."""
    match word:
        case Section():
            return content_id("section", word.name.casefold())
        case Element():
            return content_id("element", word.name.casefold())
        case Deadline():
            return content_id("deadline", word.what) if word.what else "deadline"
        case ProjectSetting(field="goal"):
            return "goal"
    return content_id(word.field, word.value.strip().casefold())


def term_key(name: str) -> str:
    """The key of a project's own term."""
    return content_id("term", " ".join(name.casefold().split()))


def turn_key(turn: int) -> str:
    """The key of a turn within its thread."""
    return f"{turn:06d}"


def report_key(task: str, round_: int) -> str:
    """The key of what a task's specialist reported in one round of a turn."""
    return f"{task}.{round_:02d}"


def summary_key(place: Place) -> str:
    """The key of a place's summary."""
    return content_id("s", place.level, place.name.casefold())


def conflict_key(conflict: Conflict, subjects: Mapping[str, str]) -> str:
    """The question that a conflict is about: an aspect of a subject, which the findings tell.

    Args:
        conflict: the conflict.
        subjects: the subjects of known findings, as JSON, by the findings' ids.
    """
    about = [subjects[name] for name in conflict.findings if name in subjects][:1]
    return content_id("c", conflict.aspect, *(about or sorted(conflict.findings)))
