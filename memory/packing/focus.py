"""What a task is about: its files and their kin, its places, its aspects and its words."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import PurePath

from audio.aspects import ASPECTS, SHOWS
from memory.context import Finding, Task
from memory.filing.records import Record
from memory.filing.wording import word_aspect
from memory.glossary.glossary import Glossary
from memory.packing.compression import telling_words
from memory.packing.file_names import lineage, says
from memory.packing.knowledge import Knowledge, about, title_of

_PART = re.compile(r"[^\W_]+")
_IDENTIFIER = re.compile(
    r"[^\W\d]\w*(?:[_.:-]+\w+)+|[a-z]+(?:[A-Z][a-z0-9]*)+|(?:[A-Z][a-z0-9]+){2,}"
)
_COMPARING = re.compile(
    r"\b(?:than|before|still|again|old|new|newer|first|last|previous|earlier|former|latest|changed?|"
    r"fixed|better|worse|differ\w*|compar\w*|versus|vs|anymore|since|already|same|both|in \d)\b"
)
_FILE_KINDS: Mapping[str, str] = {
    "midi": "midi", "score": "score", "screenshot": "image", "scan": "image", "photo": "image",
    "spectrogram": "image", "picture": "image", "notation": "score",
}  # fmt: skip
_NO_WORDS: frozenset[str] = frozenset()
_FEW = 3
"""Files of a kind, at most, that the kind's name alone is taken to mean."""
_PIECE = 3
"""Letters of the shortest part that a compound word is taken apart into, but for the first."""


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
    meant: frozenset[str]
    """Ids of the few files of a kind that its words name, such as the only MIDI file."""
    compares: bool
    """Whether it sets something against an earlier state."""
    aspects: frozenset[str]
    """What it measures, judges or changes."""
    builds: bool
    """Whether it starts from what is known of its files, instead of measuring them."""
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

    def overlap(self, words: frozenset[str]) -> float:
        """The share, 0..1, of what the task's words tell that these words hold too."""
        return sum(map(self.words.__getitem__, self.words.keys() & words))


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
    said = {id_: words_of(one.text) for id_, one in knowledge.records.items()}
    places = _places(task, knowledge, text)
    rarity = _rarity(said.values())
    words = _weights(_met(" ".join([text, *places]), rarity), rarity)
    named = _named(knowledge, text) - inputs
    aspects = frozenset((*glossary.aspects_of(text), *(one.aspect for one in task.criteria)))
    return Focus(
        inputs=inputs,
        shown=shown,
        named=named,
        versions=_versions(knowledge, inputs | shown | named),
        places=places,
        meant=_meant(knowledge, text) - inputs,
        compares=bool(_COMPARING.search(text.casefold())),
        aspects=aspects,
        builds=task.agent == "coder",
        words=words,
        said=said,
        rarity=rarity,
        titled=_titled(knowledge, words),
        called=_called(knowledge, said, words),
    )


def task_text(task: Task) -> str:
    """All that a task says in words."""
    criteria = (f"{word_aspect(one.aspect)} {one.op} {one.value}" for one in task.criteria)
    return " ".join(filter(None, [task.objective, task.reason, *criteria]))


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """The telling words of a text; compounds also as one word: ``de-hum`` has ``dehum`` too."""
    return _NO_WORDS.union(*map(_words_between_spaces, text.split()))


@lru_cache(maxsize=32768)
def _words_between_spaces(part: str) -> frozenset[str]:
    """The same of what has no space in it, which comes again in many texts."""
    joined = (re.sub(r"[\W_]", "", one).casefold() for one in _IDENTIFIER.findall(part))
    return telling_words(part) | frozenset(joined)


def _met(text: str, known: Collection[str]) -> frozenset[str]:
    """A task's telling words, as the records have them: ``stepplayer`` for ``step player``."""
    words = words_of(text)
    parts = [part.casefold() for part in _PART.findall(text)]
    pairs = {first + second for first, second in pairwise(parts)}
    apart = {part for word in words if word not in known for part in _apart(word, known)}
    return words | (pairs & set(known)) | apart


def _apart(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The two known words that an unknown compound is made of."""
    cuts = ((word[:at], word[at:]) for at in range(2, len(word) - _PIECE + 1))
    return next((cut for cut in cuts if cut[0] in known and cut[1] in known), ())


def _rarity(said: Collection[frozenset[str]]) -> dict[str, float]:
    held = Counter(chain.from_iterable(said))
    return {word: math.log(1 + len(said) / (many + 0.5)) for word, many in held.items()}


def _weights(words: frozenset[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """How much each of the task's words tells; those that no record has tell most."""
    most = max(rarity.values(), default=1.0)
    tells = {word: rarity.get(word, most) for word in words}
    whole = sum(tells.values()) or 1.0
    return {word: tell / whole for word, tell in tells.items()}


def _titled(knowledge: Knowledge, words: Mapping[str, float]) -> dict[str, float]:
    titles = {id_: title_of(one.word) for id_, one in knowledge.records.items()}
    said = {title: words_of(title) for title in {*titles.values()}}
    shares = {
        title: len(told & words.keys()) / len(told) if told else 0.0 for title, told in said.items()
    }
    return {id_: shares[title] for id_, title in titles.items()}


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


def _meant(knowledge: Knowledge, text: str) -> frozenset[str]:
    """The files of a kind that the text names, where there are few."""
    said = set(_PART.findall(text.casefold()))
    kinds = {kind for word, kind in _FILE_KINDS.items() if {word, f"{word}s"} & said}
    meant: set[str] = set()
    for kind in kinds:
        files = {id_ for id_, ref in knowledge.assets().items() if ref.kind == kind}
        meant |= files if len(files) <= _FEW else set()
    return frozenset(meant)


def _versions(knowledge: Knowledge, files: frozenset[str]) -> frozenset[str]:
    assets = knowledge.assets()
    lines = {lineage(assets[id_].name) for id_ in files if id_ in assets} - {""}
    return frozenset(id_ for id_, ref in assets.items() if lineage(ref.name) in lines) - files


def _places(task: Task, knowledge: Knowledge, text: str) -> frozenset[str]:
    names = (*knowledge.sections(), *knowledge.elements())
    said = {name.casefold() for name in names if says(text, name)}
    return frozenset(said | {place.name.casefold() for place in task.places})


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
