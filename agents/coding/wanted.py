"""What kind of result a request wants, by its words: a claim in a text file is no sound."""

import re

from agents.coding.words import Sort

_WORDS: dict[Sort, str] = {
    "text": r"csv|json|txt|text|te?xto|tables?|tabla|tabelle|tableau|list|lista|liste|report|"
    r"bericht|informe|rapport|log|markdown|numbers?|zahlen|print\w*|statistics?|estad\w+|"
    r"statisti\w+|compute\w*|calculate\w*|count\w*|berechne\w*|calcula\w*",
    "picture": r"plots?|picture|png|graph|figure|chart|draw\w*|diagram\w*|bild|zeichne\w*|"
    r"imagen|gr[aá]fic[ao]|image|dessine\w*|graphique|spectrogram\w*",
    "notes": r"midi|musicxml|score|notation|noten|partitura|partition",
}
_SAYS = {
    sort: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I) for sort, words in _WORDS.items()
}
_CODE = re.compile(
    r"(?<![\w-])(?:write|implement|create|build|make|code|need|want|give me|schreib\w*|bau\w*|"
    r"erstell\w*|implementier\w*|escrib\w*|implementa\w*|crea\w*|[eé]cri\w*|impl[eé]mente\w*|cr[eé]e\w*)"
    r"\W+(?:(?!(?:with|using|that|which|and|from|mit|und|con|y|que|avec|et)\b)[\w-]+\W+){1,5}?"
    r"(?:functions?|class(?:es)?|modules?|librar(?:y|ies)|funktion(?:en)?|klassen?|modul|bibliothek|"
    r"funci[oó]n(?:es)?|clases?|m[oó]dulos?|biblioteca|fonctions?|classes?|biblioth[eè]que)(?![\w-])",
    re.I,
)
"""Asks for a piece of code rather than for what a program leaves."""


def wanted_sorts(request: str, on_sound: bool) -> frozenset[Sort]:
    """What a result may be; empty when the request leaves it open.

    Args:
        request: the user's words.
        on_sound: whether it is about sound files: then it wants one, unless it says otherwise;
            code alone is wanted only where there are none.
    """
    if not on_sound and _CODE.search(request):
        return frozenset[Sort]({"code"})
    named = {sort for sort, says in _SAYS.items() if says.search(request)}
    if named:
        return frozenset[Sort]({*named, "sound"})
    return frozenset[Sort]({"sound"} if on_sound else ())
