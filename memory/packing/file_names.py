"""What the many files of a project are called: which a text names, and which are versions of one.

A project's names are taken apart once and looked up by their words afterwards: to try each of 1,500
names on a task's text takes 3 ms, as long as all else that a package asks of the files.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

_VERSION = re.compile(
    r"[\W_]*(?:v|ver|version|take|rev|draft|mix|master)?[\W_]*\d+[a-z]?(?=$|[\W_])"
)
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class FileNames:
    """The names of some files."""

    by_first: Mapping[str, Sequence[tuple[str, str]]]
    """By its first word: each name without its suffix, as ``joined`` gives it, with its id."""
    by_lineage: Mapping[str, Sequence[str]]
    """Ids of the versions of each file, in the order of the names."""
    lineages: Mapping[str, str]
    """By id; empty where a name is nothing but a version."""

    @classmethod
    def of(cls, names: Mapping[str, str]) -> "FileNames":
        """The names of some files by their ids."""
        return _taken_apart(tuple(names.items()))

    def named_in(self, text: str) -> list[str]:
        """Ids of the files that a text names as whole words, whatever joins them."""
        said = joined(text)
        words = dict.fromkeys(said.split())
        return [id_ for word in words for name, id_ in self.by_first.get(word, ()) if name in said]

    def versions_of(self, files: Iterable[str]) -> list[str]:
        """Ids of these files and of the other versions of each."""
        lines = dict.fromkeys(self.lineages.get(one, "") for one in files)
        return [id_ for line in lines if line for id_ in self.by_lineage[line]]


@lru_cache(maxsize=16)
def _taken_apart(names: tuple[tuple[str, str], ...]) -> FileNames:
    by_first: dict[str, list[tuple[str, str]]] = {}
    by_lineage: dict[str, list[str]] = {}
    lineages = {id_: lineage(name) for id_, name in names}
    for id_, name in names:
        if (words := joined(name.rpartition(".")[0] or name)).strip():
            by_first.setdefault(words.split()[0], []).append((words, id_))
        by_lineage.setdefault(lineages[id_], []).append(id_)
    return FileNames(by_first, by_lineage, lineages)


@lru_cache(maxsize=65536)
def lineage(name: str) -> str:
    """What the versions of a file have in common in their names: ``mix_v3.wav`` gives ``mix``."""
    return _VERSION.sub("", PurePath(name).stem.casefold())


@lru_cache(maxsize=65536)
def joined(text: str) -> str:
    """The words of a text in small letters, with one space around each."""
    return f" {' '.join(_PART.findall(text.casefold()))} "


def says(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words, whatever joins them: ``mix_v3`` or ``mix v3``."""
    words = joined(name)
    return bool(words.strip()) and words in joined(text)
