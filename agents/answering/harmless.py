"""An answer in which no word of a file or of a model does anything where it is shown.

Answers are Markdown, and names of files and words of models are part of them. A page that lays
them out fetches no picture, follows no link and builds no element because of one; nor does a
terminal obey one.
"""

import re

from grym_synth.plain_text import inert, shown

_PICTURE = re.compile(r"!(?=\[)")
_LINK = re.compile(r"\](?=[(\[:])")
"""Where a link's address, or the address of a link or picture that stands elsewhere, begins."""


def harmless(text: str) -> str:
    """Markdown without pictures, links, HTML or control signs; the words of them stay."""
    return _LINK.sub("] ", _PICTURE.sub("! ", inert(shown(text))))
