"""What a task is about: its files and their kin, its places, its aspects and its words."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from audio.aspects import ASPECTS
from memory.compression import telling_words
from memory.context import Element, Finding, Task
from memory.glossary import Glossary
from memory.knowledge import Knowledge, about, title_of
from memory.records import Record
from memory.wording import word_aspect

SHOWS = "picture.shows"
"""The aspect by which a picture's finding names the sound that it shows."""

_VERSION = re.compile(
    r"[\W_]*(?:v|ver|version|take|rev|draft|mix|master)?[\W_]*\d+[a-z]?(?=$|[\W_])"
)


_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Focus:
    """What a task is about."""

    inputs: frozenset[str]
    """Ids of the files that it works on."""
    shown: frozenset[str]
    """Ids of the sounds that its pictures show, and of the pictures that show its sounds."""
    named: frozenset[str]
    """Ids of other files that its words name."""
    versions: frozenset[str]
    """Ids of other versions of all these files."""
    places: frozenset[str]
    """Names of the sections and elements that it is about, in small letters."""
    linked: frozenset[str]
    """Names of the elements that its files hold, in small letters."""
    aspects: frozenset[str]
    """What it measures, judges or changes."""
    words: Mapping[str, float]
    """Its telling words, each with its share of what all of them tell; they sum to 1."""
    said: Mapping[str, frozenset[str]]
    """The telling words of each record, by its id."""
    rarity: Mapping[str, float]
    """How much each word of the records tells: rare ones more (inverse document frequency)."""
    titled: Mapping[str, float]
    """By record id: the share of its title's words that are the task's too."""
    called: Mapping[str, float]
    """By asset id: the share of the task's words that the file's name and description hold."""

    def overlap(self, words: Iterable[str]) -> float:
        """The share, 0..1, of what the task's words tell that these words hold too."""
        return sum(self.words.get(word, 0.0) for word in words)


def focus_on(task: Task, knowledge: Knowledge, glossary: Glossary) -> Focus:
    """Find out what a task is about.

    Args:
        task: the task.
        knowledge: what may bear on it.
        glossary: what its words mean.
    """
    text = task_text(task)
    inputs = frozenset(task.inputs)
    shown = _shown(knowledge, inputs)
    said = {id_: _words(one.text) for id_, one in knowledge.records.items()}
    places = _places(task, knowledge, text)
    rarity = _rarity(said.values())
    words = _weights(_words(" ".join([text, *places])), rarity)
    named = _named(knowledge, text) - inputs
    aspects = frozenset((*glossary.aspects_of(text), *(one.aspect for one in task.criteria)))
    return Focus(
        inputs=inputs,
        shown=shown,
        named=named,
        versions=_versions(knowledge, inputs | shown | named),
        places=places,
        linked=_linked(knowledge.elements().values(), inputs | shown) - places,
        aspects=aspects,
        words=words,
        said=said,
        rarity=rarity,
        titled={id_: _titled(one, words) for id_, one in knowledge.records.items()},
        called=_called(knowledge, said, words),
    )


def task_text(task: Task) -> str:
    """All that a task says in words."""
    criteria = (f"{word_aspect(one.aspect)} {one.op} {one.value}" for one in task.criteria)
    return " ".join(filter(None, [task.objective, task.reason, *criteria]))


@lru_cache(maxsize=65536)
def lineage(name: str) -> str:
    """What the versions of a file have in common in their names: ``mix_v3.wav`` gives ``mix``."""
    return _VERSION.sub("", PurePath(name).stem.casefold())


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return telling_words(text)


def _rarity(said: Collection[frozenset[str]]) -> dict[str, float]:
    held = Counter(word for one in said for word in one)
    return {word: math.log(1 + len(said) / (many + 0.5)) for word, many in held.items()}


def _weights(words: frozenset[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """How much each of the task's words tells; those that no record has tell most."""
    most = max(rarity.values(), default=1.0)
    tells = {word: rarity.get(word, most) for word in words}
    whole = sum(tells.values()) or 1.0
    return {word: tell / whole for word, tell in tells.items()}


def _titled(record: Record, words: Mapping[str, float]) -> float:
    title = _words(title_of(record.word))
    return len(title & words.keys()) / len(title) if title else 0.0


def _shown(knowledge: Knowledge, inputs: frozenset[str]) -> frozenset[str]:
    pairs = [
        (one.subject.id, str(one.value))
        for one in knowledge.findings().values()
        if one.aspect == SHOWS
    ]
    sounds = {sound for picture, sound in pairs if picture in inputs}
    return frozenset(sounds | {picture for picture, sound in pairs if sound in inputs}) - inputs


def _named(knowledge: Knowledge, text: str) -> frozenset[str]:
    said = text.casefold()
    return frozenset(
        id_ for id_, ref in knowledge.assets().items() if says(said, PurePath(ref.name).stem)
    )


def says(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words, whatever joins them: ``mix_v3`` or ``mix v3``."""
    words = _joined(name)
    return bool(words.strip()) and words in _joined(text)


@lru_cache(maxsize=65536)
def _joined(text: str) -> str:
    return f" {' '.join(_PART.findall(text.casefold()))} "


def _versions(knowledge: Knowledge, files: frozenset[str]) -> frozenset[str]:
    assets = knowledge.assets()
    lines = {lineage(assets[id_].name) for id_ in files if id_ in assets} - {""}
    return frozenset(id_ for id_, ref in assets.items() if lineage(ref.name) in lines) - files


def _places(task: Task, knowledge: Knowledge, text: str) -> frozenset[str]:
    names = (*knowledge.sections(), *knowledge.elements())
    said = {name.casefold() for name in names if says(text, name)}
    return frozenset(said | {place.name.casefold() for place in task.places})


def _linked(elements: Iterable[Element], files: frozenset[str]) -> frozenset[str]:
    return frozenset(one.name.casefold() for one in elements if files.intersection(one.assets))


def _called(
    knowledge: Knowledge, said: Mapping[str, frozenset[str]], words: Mapping[str, float]
) -> dict[str, float]:
    """How well each file's name and what notes say of it fit the task's words."""
    held: dict[str, set[str]] = {}
    for id_, one in knowledge.records.items():
        if one.kind in ("asset", "note"):
            for asset in about(one.word):
                held.setdefault(asset, set()).update(said[id_])
    return {asset: sum(words.get(word, 0.0) for word in found) for asset, found in held.items()}


def asset_of(record: Record) -> str:
    """The one file that a finding is about; empty when it is about none."""
    word = record.word
    return word.subject.id if isinstance(word, Finding) and word.subject.kind == "asset" else ""


def family(aspect: str) -> str:
    """The family of an aspect: ``spectrum`` for ``spectrum.centroid_hz``."""
    return aspect.partition(".")[0] if aspect in ASPECTS else ""
