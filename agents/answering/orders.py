"""What a sentence says of two files: that one is louder, longer or faster than the other."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_MORE = {
    "louder": ("loudness.integrated_lufs", 1), "lauter": ("loudness.integrated_lufs", 1),
    "quieter": ("loudness.integrated_lufs", -1), "softer": ("loudness.integrated_lufs", -1),
    "leiser": ("loudness.integrated_lufs", -1),
    "longer": ("duration.seconds", 1), "länger": ("duration.seconds", 1),
    "shorter": ("duration.seconds", -1), "kürzer": ("duration.seconds", -1),
    "faster": ("tempo.bpm", 1), "schneller": ("tempo.bpm", 1),
    "slower": ("tempo.bpm", -1), "langsamer": ("tempo.bpm", -1),
}  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(_MORE)})\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:not?|nor|neither|nicht|kaum|before|earlier|was|were|now|jetzt|if|should|could|would|may|"
    r"might|must|want(?:s|ed)?|seems?|sounds?|feels?)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words of sentences that deny it, or speak of another time, of a wish or of what is heard."""


class OrderClaim(NamedTuple):
    """That a file has more or less of an aspect than another one."""

    of: str
    """The file's id."""
    others: frozenset[str]
    """Ids of the files that it is held against; empty: the only other one."""
    aspect: str
    sign: int
    """1: it has more; -1: less."""


def order_claims(sentence: str, names: Mapping[str, str]) -> Iterator[OrderClaim]:
    """What a sentence claims of the order of two files that it names.

    Args:
        sentence: without what it quotes.
        names: file names by asset id.
    """
    said = sentence.casefold()
    places = {id_: said.find(name.casefold()) for id_, name in names.items() if name}
    named = {id_: place for id_, place in places.items() if place >= 0}
    if _OTHERWISE.search(sentence):
        return
    for word in _WORD.finditer(sentence):
        before = [id_ for id_, place in named.items() if place < word.start()]
        if len(before) == 1:
            aspect, sign = _MORE[word[0].casefold()]
            yield OrderClaim(before[0], frozenset(named) - {before[0]}, aspect, sign)
