"""A request as tokens, sentences and segments, with quoted words and file names set aside."""

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 3000
"""Only this much of a request is planned on; the rest is named in the plan's notes."""

_TOKEN = re.compile(
    r"[cC]\+\+|\d+(?::\d\d)+(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+|\d{1,2}s?\b)*|\.\.\.|[#+&/?!.,;:()\n\u2028]|-(?=\s)|<=|>=|[<>=~%]"
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_MARKS = {
    **_DASHES,
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc`\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
    ord("\u2014"): " - ",
    ord("¿"): " ",
    ord("¡"): " ",
    ord("\u266f"): "#",
    ord("\u266d"): "b",
    ord("\r"): "\n",
}
_QUOTED = re.compile(r'"[^"\n]{1,200}"')
_FILE = re.compile(
    r"\b[\w-]{1,80}(?:\.[\w-]{1,40}){0,3}\.(?:wav|flac|mp3|ogg|aiff?|png|jpe?g|webp|mid|midi|musicxml|txt|py)\b",
    re.IGNORECASE,
)
_PATH = re.compile(
    rf"(?:(?<![\w.])~?/(?=\S)[^\n\",;]*?|(?:[\w.-]{{1,80}}/){{0,20}}){_FILE.pattern}", re.IGNORECASE
)
"""A file with the folders that it lies in; those of a path from the root may hold spaces."""
_ENDS = frozenset({".", "?", "!", ";", "\n", "..."})
_ABBREVIATIONS = frozenset(
    {"max", "min", "ca", "approx", "etc", "vs", "bzw", "evtl", "ggf", "mind", "aprox", "env", "no"}
)


@dataclass(frozen=True)
class Token:
    """One word, number or mark of the request."""

    text: str
    """Lower case, without accents; ``quoted`` or ``filename`` for what was set aside."""
    start: int
    """Index of its first character in the normalised request."""
    end: int


@dataclass(frozen=True)
class Text:
    """A request that was made uniform."""

    raw: str
    """The request with uniform marks."""
    words: str
    """The same, with quoted words, file names and paths masked; of equal length."""
    tokens: tuple[Token, ...]
    quoted: tuple[str, ...]
    """What stood in quotation marks: data, never instructions."""
    files: tuple[str, ...]
    """File names that the request mentions, as written."""
    cut: bool
    """Whether the request was too long and its end is left out."""


def fold(word: str) -> str:
    """Lower case without accents, so that ``más``, ``MAS`` and ``mas`` are one word."""
    flat = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss"))
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


def read_text(request: str) -> Text:
    """Make a request uniform and cut it into tokens."""
    raw = unicodedata.normalize("NFKC", request[:MAX_CHARACTERS]).translate(_MARKS)
    quoted = tuple(found[0][1:-1] for found in _QUOTED.finditer(raw))
    files = tuple(found[0] for found in _FILE.finditer(raw))
    masked = _QUOTED.sub(lambda found: _mask("quoted", found[0]), raw)
    masked = _PATH.sub(lambda found: _mask("filename", found[0]), masked)
    ends = {found.start(): found.end() for form in (_QUOTED, _PATH) for found in form.finditer(raw)}
    tokens = tuple(
        Token(fold(found[0]), found.start(), max(found.end(), ends.get(found.start(), 0)))
        for found in _TOKEN.finditer(masked)
    )
    return Text(raw, masked, tokens, quoted, files, len(request) > MAX_CHARACTERS)


def sentences(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Cut at full stops, question marks and line ends; the closing mark stays with its sentence."""
    found: list[tuple[Token, ...]] = []
    begin = 0
    for index, token in enumerate(tokens):
        is_short = token.text == "." and index > 0 and tokens[index - 1].text in _ABBREVIATIONS
        if token.text in _ENDS and not is_short:
            found.append(tokens[begin : index + 1])
            begin = index + 1
    found.append(tokens[begin:])
    return [part for part in found if any(token.text not in _ENDS for token in part)]


def _mask(name: str, original: str) -> str:
    """A word of the same length as what it stands for, so that positions keep their meaning."""
    return name[: len(original)].ljust(len(original))
