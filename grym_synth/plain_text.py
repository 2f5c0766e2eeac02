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

_RUN = re.compile(r"(\S{200})\S+|(\s{100})\s+")


def without_runs(text: str) -> str:
    """A text whose words and gaps are no longer than anybody's.

    The time that patterns with ``\\s*`` or ``\\d+`` take grows with the square of such a run.
    """
    return _RUN.sub(lambda found: found[1] or found[2], text)


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
