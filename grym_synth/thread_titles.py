"""What conversations are called: their first words, told apart, or the name that a user gave."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from grym_synth.drafts import write_whole
from memory.context import TurnRecord

LONGEST_TITLE = 80
"""Characters of a title."""


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    project: str
    thread: str
    title: str


def file_of(folder: Path, project: str, thread: str) -> Path:
    """A file of a thread's own, named by a digest: names of threads are data."""
    name = hashlib.sha256(f"{project}/{thread}".encode("utf-8", "replace")).hexdigest()
    return folder / f"{name}.json"


class GivenTitles:
    """The names that users gave to conversations: one small file in the home for each."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "titles"

    def give(self, project: str, thread: str, title: str) -> str:
        """Call a conversation so; an empty title takes its name back. What it is called now."""
        place = file_of(self._folder, project, thread)
        words = " ".join(title.split())[:LONGEST_TITLE]
        if not words:
            place.unlink(missing_ok=True)
            return ""
        self._folder.mkdir(exist_ok=True)
        given = _Given(project=project, thread=thread, title=words)
        write_whole(place, given.model_dump_json())
        return words

    def of(self, project: str) -> dict[str, str]:
        """The names of a project's conversations, by thread."""
        return {one.thread: one.title for _, one in self._all() if one.project == project}

    def forget(self, project: str, thread: str | None = None) -> None:
        """Remove the names of a project's conversations, or of one."""
        for place, one in self._all():
            if one.project == project and thread in (None, one.thread):
                place.unlink(missing_ok=True)

    def _all(self) -> list[tuple[Path, _Given]]:
        found = list[tuple[Path, _Given]]()
        for place in sorted(self._folder.glob("*.json")):
            try:
                found.append((place, _Given.model_validate_json(place.read_bytes())))
            except (OSError, ValidationError):
                continue
        return found


def titles(turns: Mapping[str, Sequence[TurnRecord]], given: Mapping[str, str]) -> dict[str, str]:
    """A title for each conversation, no two alike.

    Args:
        turns: the turns of each conversation, oldest first; none is empty.
        given: names that users gave, by thread.
    """
    named = {id_: given.get(id_) or _first_words(held[0]) for id_, held in turns.items()}
    often, told = Counter(named.values()), dict[str, str]()
    for id_, title in named.items():
        if often[title] > 1:
            title = f"{title} · {turns[id_][0].when[:16].replace('T', ' ')}"
        same = sum(one == title or one.startswith(f"{title} (") for one in told.values())
        told[id_] = f"{title} ({same + 1})" if same else title
    return told


def _first_words(first: TurnRecord) -> str:
    words = " ".join(first.request.split())
    if len(words) <= LONGEST_TITLE:
        return words or first.thread
    return f"{words[: LONGEST_TITLE - 1].rstrip()}…"
