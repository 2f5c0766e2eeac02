"""What a request says no longer holds: "the constraint A minor no longer applies"."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.taking_back import FIELDS
from agents.planning.text import fold
from agents.wording import listed
from memory.context import ProjectSetting
from memory.language.stopwords import STOPWORDS

_ENDS = re.compile(
    r"\b(?:no longer|not any ?more)\s+(?:appl(?:y|ies)|holds?|counts?|matters?|valid|needed|set|"
    r"required|relevant|our|the)\b|"
    r"\b(?:does not|doesn't|do not|don't|is not|isn't|are not|aren't)\s+(?:apply|hold|count|matter|"
    r"valid|needed|required|relevant)\s+(?:any ?more|any longer|now)\b|"
    r"\b(?:is|are)\s+(?:off|over|obsolete|cancelled|canceled|dropped|lifted|void)\s*[.!]?$|"
    r"\b(?:gilt|gelten|zählt|zählen)\s+(?:jetzt\s+)?nicht mehr\b|"
    r"\bya no\s+(?:vale|valen|cuenta|aplica|rige)\b|"
    r"\bne\s+(?:vaut|valent|s'applique|compte)nt?\s+plus\b",
    re.IGNORECASE,
)
"""Words by which what was stated holds no longer and nothing takes its place."""

_SENTENCE = re.compile(r"(?<=[.;!?\n])\s+")

_PLAIN = frozenset(
    {"apply", "applies", "hold", "holds", "count", "counts", "matter", "matters", "valid", "needed",
     "required", "relevant", "set", "longer", "anymore", "off", "over", "obsolete", "dropped",
     "cancelled", "canceled", "lifted", "void", "now", "gilt", "gelten", "nicht", "mehr", "jetzt",
     "zahlt", "zahlen", "vale", "valen", "cuenta", "aplica", "rige", "vaut", "valent", "plus",
     "project", "projekt", "please", "setting"}
)  # fmt: skip
"""Words of such a sentence that don't tell what ends."""


def says_end(sentence: str) -> bool:
    """Whether a sentence says that something holds no longer, and not what holds instead."""
    return _ENDS.search(sentence.strip()) is not None


def ended_by(held: Sequence[ProjectSetting], understood: Understood) -> tuple[ProjectSetting, ...]:
    """The settings of which a request says that they hold no longer.

    Args:
        held: what the project holds.
        understood: what was read from the request.
    """
    endings = _endings(understood)
    return tuple(dict.fromkeys(one for ending in endings for one in _meant(held, ending)))


def nothing_ended(held: Sequence[ProjectSetting], understood: Understood) -> tuple[str, ...]:
    """What to say where a request ends what is not set, or leaves open which of several."""
    lines = []
    for ending in _endings(understood):
        if not [*_meant(held, ending)]:
            told = [f"“{one.value}”" for one in held if one.field in ending.fields]
            kinds = listed(sorted(ending.fields))
            known = f"Set are {listed(told)}; say its words." if told else f"No {kinds} is set."
            lines.append(f"Nothing was ended. {known}")
    return tuple(lines)


class _Ending(NamedTuple):
    """A sentence by which something holds no longer."""

    words: frozenset[str]
    fields: frozenset[str]
    """The kinds of settings that it names."""
    labels: frozenset[str]
    """The words by which it names them."""


def _endings(understood: Understood) -> list[_Ending]:
    """Those that name a kind of setting."""
    tokens = understood.text.tokens
    tags = [one for one in lexicon(understood.language).tags(tokens) if one.group == "setting"]
    found = []
    for sentence in filter(says_end, _SENTENCE.split(understood.text.raw)):
        words = _words(sentence)
        here = [one for one in tags if one.name in FIELDS and tokens[one.start].text in words]
        if here:
            fields = frozenset(one.name for one in here)
            labels = frozenset(tokens[one.start].text for one in here)
            found.append(_Ending(words, fields, labels))
    return found


def _meant(held: Sequence[ProjectSetting], ending: _Ending) -> Iterator[ProjectSetting]:
    """Those whose words a sentence says; else the only one of the kind, where it says no others."""
    of_kind = [one for one in held if one.field in ending.fields]
    said = [one for one in of_kind if _words(one.value) <= ending.words]
    if said:
        yield from said
    elif len(of_kind) == 1 and not ending.words - _PLAIN - STOPWORDS - ending.labels:
        yield of_kind[0]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w#-]+", fold(text)))
