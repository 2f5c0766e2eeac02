"""The engraver as a process of its own: MusicXML on standard input, pages as JSON on the output.

Verovio is native code that reads foreign files; and beside other native libraries in one process it
was seen to refuse music that it sets alone.
"""

import base64
import json
import re
import sys
import tempfile
from pathlib import Path

from audio.engraver_fonts import WORDS, write_fonts

PAGE_WIDTH = 2100
"""In Verovio's units: a page of A4 has 2100."""
SCALE_PERCENT = 45

_LABEL = re.compile(r"<title\b.*?</title>", re.DOTALL)
"""Hints for a browser's pointer; the drawing would take them for words and shift the others."""


def main() -> None:
    """Print the pages as a JSON list of PNGs in Base64, empty where nothing can be set."""
    import resvg_py
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    sheet = {"pageWidth": PAGE_WIDTH, "adjustPageHeight": True, "scale": SCALE_PERCENT}
    toolkit.setOptions({"inputFrom": "musicxml", "footer": "none", **sheet})
    count = toolkit.getPageCount() if toolkit.loadData(sys.stdin.buffer.read().decode()) else 0
    svgs = [_LABEL.sub("", toolkit.renderToSVG(page)) for page in range(1, count + 1)]
    with tempfile.TemporaryDirectory() as held:
        fonts = write_fonts(Path(verovio.__file__).parent / "data", Path(held))
        pages = [
            resvg_py.svg_to_bytes(
                svg_string=svg, background="white", font_files=fonts, serif_family=WORDS
            )
            for svg in svgs
        ]
    print(json.dumps([base64.b64encode(bytes(page)).decode() for page in pages]))


if __name__ == "__main__":
    main()
