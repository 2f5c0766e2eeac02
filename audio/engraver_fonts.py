"""The engraver's own letters and signs, as files that the drawing of its pages can load.

Verovio brings Liberation Serif for words and Leipzig for notes inside words (both SIL OFL 1.1),
compressed inside style sheets. So words look the same everywhere, and on a machine without fonts
they are there at all.
"""

import base64
import re
from io import BytesIO
from pathlib import Path

WORDS = "Liberation Serif"
"""The family that words are set in."""

_SHEETS = ("Liberation.css", "Leipzig.css")
_HELD = re.compile(r"base64,([A-Za-z0-9+/=]+)")


def write_fonts(sheets: Path, folder: Path) -> list[str]:
    """Unpack the fonts of Verovio's style sheets, and return the paths of what was written.

    Args:
        sheets: the folder of its data.
        folder: where the TrueType files are put.
    """
    from fontTools.ttLib import TTFont

    paths: list[str] = []
    for sheet in _SHEETS:
        for held in _HELD.findall((sheets / sheet).read_text(encoding="ascii")):
            font = TTFont(BytesIO(base64.b64decode(held)))
            font.flavor = None
            paths.append(str(folder / f"{len(paths)}.ttf"))
            font.save(paths[-1])
    return paths
