"""Places for results that a request names: “save it as ~/music/ring.wav”, “nach out/a.flac”."""

import re
from collections.abc import Collection

_VERBS = (
    r"sav(?:e|ed|ing)|writ(?:e|ten|ing)|stor(?:e|ed|ing)|export\w*|render\w*|bounce\w*|put|drop|"
    r"speicher\w*|schreib\w*|sicher\w*|leg(?:e|t)?|ablegen|abspeichern|"
    r"gu[aá]rda\w*|escrib\w*|enregistre\w*|sauvegarde\w*|écri\w*|mets"
)
_TO = r"as|to|in|into|under|at|als|nach|unter|como|en|sous|dans|vers"
_END = r"\.[A-Za-z]\w{0,7}(?![\w/]|\.\w)"
_PATH = (
    rf"\"(?P<quoted>[^\"\n]+{_END})\"|“(?P<curly>[^”\n]+{_END})”|'(?P<single>[^'\n]+{_END})'|"
    rf"(?P<rooted>~?/[^\n\"'“”,;]*?{_END})|(?P<plain>[^\s\"'“”,;()]*?[^\s\"'“”,;()./~]{_END})"
)
_FILE = r"(?:(?:the |a |die |den |el |le )?(?:new )?(?:file|path|datei|pfad|archivo|fichier)\s+)?"
_NAMED = re.compile(
    rf"(?<!\w)(?:{_VERBS})(?!\w)(?:(?!\.\s)[^\n;]){{0,60}}?(?<!\w)(?:{_TO})\s+{_FILE}(?:{_PATH})",
    re.I,
)


def places_named(request: str) -> list[str]:
    """Where a request wants results to be written, letter by letter, each once."""
    found = (next(one for one in match.groups() if one) for match in _NAMED.finditer(request))
    return list(dict.fromkeys(found))


def unsaved(request: str, sources: Collection[str], told: str) -> str:
    """A sentence for each place that a request names and of which nothing was told.

    Args:
        request: the user's words.
        sources: names of the files that it is about.
        told: what was said of the results, with their names.
    """
    missing = [one for one in places_named(request)
               if one.removeprefix("~") not in told and one not in sources]  # fmt: skip
    return "\n".join(
        f"{one} was not written; the results lie under the names above." for one in missing
    )
