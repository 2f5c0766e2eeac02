"""What a request tells of the project's own code: interfaces, architecture, limits on its cost.

"Note for the code: our plugin API is process(block, sr) -> block", "performance: 64-sample blocks
in under 0.5 ms", "the engine is split into a voice allocator and a mixer". Orders and questions
tell nothing; a file that is called the API is read where its content is at hand.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from memory.context import Element, Note, NoteKind, Place, ProjectContext
from memory.filing.code_words import INTERFACE, CodeKind, code_kind, plain_code_kind, telling_stems
from memory.filing.names import says

LONGEST = 2000
"""Characters of one statement."""

_POLITE = r"(?:(?:please|bitte|por favor|s'il te plaît|and|also|und|y|et|ok(?:ay)?)\b\W*)*"
_KEEP = (
    rf"{_POLITE}(?:(?:note|remember|keep in mind|record|write down|merke? dir|notier\w*|recuerda|"
    r"apunta|anota|retiens|notez?)\b(?:\W+(?:that|dass|que)\b)?\W*)?"
)
_FOR_CODE = re.compile(
    rf"^\W*{_KEEP}(?:(?:hint|info|notiz|hinweis|nota)\W+)?"
    r"(?:for|about|on|regarding|für|zum?|zur|para|sobre|pour|sur)\W+"
    r"(?:(?:the|our|my|den|die|das|unseren?|el|la|nuestro|le|notre)\W+)?"
    r"(?:code(?:base|r)?|source code|implementation|developers?|quellcode|código|programador|"
    r"développeur)\s*[:,]\s*",
    re.I,
)
_KINDS: dict[str, CodeKind] = {
    "api": "api", "interface": "api", "signature": "api", "schnittstelle": "api",
    "signatur": "api", "interfaz": "api", "firma": "api",
    "architecture": "architecture", "architektur": "architecture", "arquitectura": "architecture",
    "performance": "performance", "performances": "performance", "leistung": "performance",
    "rendimiento": "performance", "latency": "performance", "latenz": "performance",
    "latencia": "performance", "latence": "performance", "cpu": "performance",
    "real-time": "performance", "echtzeit": "performance",
}  # fmt: skip
_SAID_BY_KIND = frozenset(("api", "interface", "architecture", "performance", "architektur",
                           "leistung", "arquitectura", "rendimiento", "performances"))  # fmt: skip
"""Labels that say no more than the kind of note does."""
_LABEL = re.compile(
    rf"^\W*{_KEEP}(?:(?:the|our|my|unsere?|die|das|nuestr[ao]|la|el|notre|le)\W+)?"
    rf"(?P<label>(?:[\w-]+\s+){{0,3}}?(?P<word>{'|'.join(_KINDS)}))"
    r"(?:\s+(?:notes?|spec(?:ification)?s?|requirements?|budgets?|limits?|targets?|vorgaben?|"
    r"anforderung(?:en)?|requisitos?|exigences?))?\s*:\s+",
    re.I,
)
_TELLS = re.compile(
    rf"^\W*{_KEEP}(?:(?:our|the|this|each|every|all|an?|no|cpu|api|latency|unsere?|die|das|der|jeder|"
    r"keine?|nuestr[ao]|el|la|cada|sin|notre|le|l'|chaque|aucune?)\b|[A-Za-z_]\w*\()",
    re.I,
)
_ASKS = re.compile(r"\?\s*$")
_BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÉ`\"'(])|\n+(?!\s*(?:[-*•]|\d+[.)])\s)|;\s+")
_FENCE = re.compile(r"\s*```.*?(?:```|\Z)", re.DOTALL)
_HANDED = re.compile(
    r"\b(?:this|here|these|attached|following|das|dies\w*|hier|anbei|esta?|este|aquí|adjunt\w*|"
    rf"voici|cette?|ci-joint)\b.{{0,40}}?\b(?P<word>{INTERFACE}|headers?|{'|'.join(_KINDS)})\b",
    re.I,
)


_QUESTION = re.compile(
    r"^\W*(?:(?:please|bitte)\W+)?(?:what|which|show(?: me)?|tell me|list|was|welche\w*|wie|"
    r"zeig\w*|nenne?|cu[aá]l(?:es)?|qu[eé]|muestra\w*|quel(?:le)?s?|montre\w*)\b(?:\W+[\w']+){0,6}?\W+"
    rf"(?P<word>{INTERFACE}|architecture|architektur|arquitectura|"
    r"(?:performance|latency|cpu|real-?time)(?=\s+(?:requirements?|limits?|budgets?|targets?))|"
    r"leistungsanforderung\w*|requisitos de rendimiento)"
    r"(?:\s+(?:requirements?|limits?|budgets?|targets?))?(?P<of>(?:\W+[\w'-]+){0,5})\W*$",
    re.I,
)


class CodeTold(NamedTuple):
    """What a request tells of the code."""

    notes: tuple[Note, ...] = ()
    alone: bool = False
    """Whether it says nothing else."""


def told_of_code(context: ProjectContext) -> CodeTold:
    """The statements about code of a request, as notes at the places that they name.

    Args:
        context: the request, with the project's elements; a text file that came with it and that
            it calls an interface, an architecture or a limit, is noted by its id.
    """
    notes: list[Note] = []
    others = 0
    parts = [one for one in _parts(context.request) if any(sign.isalnum() for sign in one)]
    for part in parts:
        found = _note(part, context.elements) or _handed(part, context)
        notes += [found] if found is not None else []
        others += found is None
    unique = {one.id: one for one in notes}
    return CodeTold(tuple(unique.values()), bool(unique) and not others)


def asked_of_code(context: ProjectContext) -> str:
    """What is known of the code, where a request asks just that; empty where it does not.

    Args:
        context: the request, with the notes that its words recall.
    """
    found = _QUESTION.match(context.request)
    if found is None:
        return ""
    word = found["word"].casefold()
    kind = "architecture" if word.startswith("ar") else "api"
    kind = "performance" if re.match(r"perf|lat|cpu|real|leist|requi", word) else kind
    held = [one for one in context.facts if one.kind == kind]
    wanted = telling_stems(found["of"] or "")
    own = [one for one in held if wanted and wanted & telling_stems(one.text)]
    lines = [f"- {one.text}" for one in own or held]
    if lines:
        return "\n".join([f"Noted of the code ({kind}):", *lines])
    if word.startswith(("api", "archit", "arquit", "perf")) and not context.attached:
        return f"Nothing of this kind ({kind}) is noted. Say “note for the code: …” to keep it."
    return ""


def _parts(request: str) -> Iterator[str]:
    """Sentences and lines; a list and a block of program text belong to what stands before."""
    request = request.replace("\0", " ")
    fences = _FENCE.findall(request)
    for part in _BREAK.split(_FENCE.sub("\0", request)):
        while "\0" in part:
            part = part.replace("\0", fences.pop(0), 1)
        yield part.strip()


def _note(part: str, elements: Sequence[Element]) -> Note | None:
    if _ASKS.search(part):
        return None
    kind: NoteKind | None = None
    if led := _FOR_CODE.match(part):
        part = part[led.end() :]
        labelled = _labelled(part)
        kind, part = labelled or (code_kind(part) or "note", part)
    elif labelled := _labelled(part):
        kind, part = labelled
    elif _TELLS.match(part):
        kind, part = plain_code_kind(part), re.sub(rf"^\W*{_KEEP}", "", part, flags=re.I)
    text = part.strip().rstrip(".;!").strip()[:LONGEST]
    return Note.make(kind, text, _place(text, elements)) if kind is not None and text else None


def _labelled(part: str) -> tuple[NoteKind, str] | None:
    """The kind by the label that a statement begins with; and its words."""
    found = _LABEL.match(part)
    if found is None:
        return None
    word, rest = found["word"].casefold(), part[found.end() :]
    kind, shows = _KINDS[word], code_kind(rest)
    if kind == "performance" and shows != "performance" and not re.search(r"\d", rest):
        return None  # "performance: sing softer"
    if word in ("interface", "signature", "firma") and shows is None:
        return None  # "signature: 3/4"
    bare = found["label"].casefold().strip() in _SAID_BY_KIND
    return kind, rest if bare else part[found.start("label") :]


def _handed(part: str, context: ProjectContext) -> Note | None:
    """A text file that is handed over as the project's interface, architecture or limits."""
    files = [one for one in context.assets if one.id in context.attached and one.kind == "text"]
    found = _HANDED.search(part)
    if found is None or not files or _ASKS.search(part):
        return None
    kind = _KINDS.get(found["word"].casefold(), "api")
    text = f"{', '.join(one.name for one in files)}: {part.rstrip('.;!')}"[:LONGEST]
    place = _place(part, context.elements)
    return Note.make(kind, text, place, assets=tuple(one.id for one in files))


def _place(text: str, elements: Sequence[Element]) -> Place:
    """The element that a statement names; the longest name where it names several."""
    named = [one.name for one in elements if says(text, one.name)]
    return Place(level="element", name=max(named, key=len)) if named else Place()
