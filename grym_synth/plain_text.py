"""Foreign words on their way to a reader: none steers a terminal, hides, or begins a tag."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"
"""Hold letters and emoji together; the only signs without a shape that words need."""
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: control and format signs, halves of pairs, other line ends."""

_OPENING = re.compile(r"<(?=[\w/\\!|｜]|\s*/?\s*data\b)", re.IGNORECASE)
"""Where a tag or a chat template's control token could begin."""
_ESCAPED = "‹"
"""Stands for such a ``<``: it looks alike and begins nothing."""


def inert(text: str) -> str:
    """Foreign text in which no tag begins."""
    return _OPENING.sub(_ESCAPED, text)


def shown(text: str) -> str:
    """A text whose only control signs are line ends and tabs; a space stands for each other one."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in "\n\t" or _is_fit(one) else " " for one in text)


def one_line(text: str) -> str:
    """The same on a single line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if _is_fit(one) else " " for one in text)


def _is_fit(one: str) -> bool:
    return one in _JOINERS or unicodedata.category(one) not in _UNFIT
