"""Statements about a project's own code: what kind they are, and which of them say a thing anew.

A statement of an interface, of a limit on time or memory, or of how the code is built up is a note
of kind ``api``, ``performance`` or ``architecture``. One about the same interface, limit or part
takes the older one's place.
"""

import re
from typing import Literal

from memory.context import Note
from memory.language.stems import stem
from memory.language.stopwords import STOPWORDS

CodeKind = Literal["api", "architecture", "performance"]

INTERFACE = r"(?:apis?|interfaces?|signatures?|schnittstellen?|signatur|interfaz|firma|endpoints?)"
"""Words for an interface; each also means something else, so that code must stand beside it."""
_PART = (
    r"(?:engine|plug-?in|processor|module|dsp|audio thread|ui thread|host|core|library|renderer|"
    r"editor|backend|front-?end|server|code(?:base)?|app|allocator|scheduler|motor|prozessor|"
    r"modul|bibliothek|módulo|biblioteca|procesador|moteur|bibliothèque)"
)
_FORM = re.compile(
    r"\b[A-Za-z_][\w.]{0,80}\([^()\n]{0,200}\)|->|→|\b(?:GET|POST|PUT|PATCH|DELETE)\s+/|"
    r"\bdef\s+\w+|\bclass\s+[A-Z]\w*|#include|\w::\w"
)
"""What looks like program text."""
_MACHINE = (
    r"\baudio[- ]thread\b|\bcpu\b|\ballocat\w+|\bmalloc\b|\bcallbacks?\b|\breal[- ]?time\b|"
    r"\blatenc\w+|\blatenz\w*|\bechtzeit\w*|\btiempo real\b|\btemps réel\b|"
    r"\bper (?:\w+[- ]){0,4}(?:block|buffer|sample)\b|\bpro (?:\w+[- ]){0,4}block\b|"
    r"\d+[- ](?:samples?|frames?)[- ](?:blocks?|buffers?)"
)
"""Words for cost that a talk about music hardly has."""
_COST = re.compile(
    rf"{_MACHINE}|\bblocks?\b|\bbuffers?\b|\blocks?\b|\bspeicher\w*|\bmemor\w+|\bmémoire\b|"
    r"\bvoices\b|\bpolyphony\b",
    re.I,
)
_PLAIN_COST = re.compile(_MACHINE, re.I)
_LIMIT = re.compile(
    r"\b(?:under|below|at most|less than|max(?:imum)?|within|no more than|up to|must|never|no|not|"
    r"unter|höchstens|maximal|weniger|nie|keine?n?|muss|menos de|máximo|como mucho|sin|nunca|debe|"
    r"moins de|au plus|sans|aucune?|jamais|doit)\b|[<≤]",
    re.I,
)
_SPLIT = (
    r"is (?:now )?(?:split|divided|layered|organi[sz]ed)|are split|consists?|"
    r"has (?:two|three|four|\d+) layers|depends on|lives in|besteht|hängt|consta|se compone|dépend"
)
_BUILT = re.compile(
    rf"\b(?P<part>{_PART}s?)\b(?:\s+(?:now|jetzt|ahora))?\s+(?P<verb>{_SPLIT}|is (?:made|built)|"
    r"are built|talks|owns|runs (?:in|on)|lives on|uses|wraps|läuft|nutzt|depende|usa|corre|"
    r"utilise|tourne)\b",
    re.I,
)
_PLAINLY_BUILT = re.compile(rf"\b{_PART}s?\b(?:\s+(?:now|jetzt|ahora))?\s+(?:{_SPLIT})\b", re.I)
_LIMITED = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?P<unit>ms|milliseconds?|µs|us|microseconds?|s|seconds?|%|percent|prozent|"
    r"mib|mb|kb|kib|gb)(?![\w])",
    re.I,
)
_UNITS = {"m": "memory", "k": "memory", "g": "memory", "%": "share", "p": "share"}
_CALLED = re.compile(
    r"\b([A-Za-z_]\w*)\(|\b(?:class|def)\s+(\w+)|\b((?:GET|POST|PUT|PATCH|DELETE)\s+/\S*)"
)
_TITLE = re.compile(
    rf"^\W*(?:(?:our|the|my|unsere?|die|das|nuestr[ao]|la|el|notre|le)\s+)?"
    rf"(?P<title>(?:[\w-]+\s+){{0,3}}?){INTERFACE}\b(?:\s+(?:of|for|von|de|du)\s+(?:the\s+|our\s+)?"
    r"(?P<of>[\w-]+))?",
    re.I,
)
_ANEW = re.compile(
    r"\b(?:now|instead|no longer|any ?more|changed?|moved|jetzt|statt\w*|nicht mehr|ahora|"
    r"ya no|maintenant|plus)\b",
    re.I,
)
_FILLERS = frozenset(
    ("may", "should", "must", "never", "run", "runs", "stay", "stays", "keep", "keeps", "now",
     "cost", "costs",
     "take", "takes", "need", "needs", "use", "uses", "per", "each", "under", "below", "most",
     "least", "less", "than", "within", "maximum", "max", "limit", "performance", "requirement",
     "instead", "muss", "unter", "höchstens", "debe", "menos", "doit", "moins")
)  # fmt: skip
_ALIKE = 0.6
"""Share of the words of two limits that are the same, from which on they limit the same thing."""
_ABOUT = 0.4
"""The same for what two statements say of one part of the code."""
_NAMING = 2
"""Telling words at the beginning of a statement that name what it is about."""
_PLAIN = 120
"""Characters of a statement that is about one thing; a longer one tells of several."""
_NAMED = re.compile(
    r"\W*(?:the|our|my|der|die|das|unsere?|el|la|nuestr[ao]|le|l'|notre)\b", re.IGNORECASE
)
_FILED = re.compile(r"^([\w./-]+)\.\w{1,8}(?:, ([^:\n]{1,80}))?:(?: class (\w+))?")
"""How a note begins that was read from a file: its name, a heading, a class."""
_GENERAL = frozenset(
    stem(one)
    for one in (
        "plugin", "plug", "engine", "code", "codebase", "app", "application", "program", "project",
        "host", "core", "dsp", "audio", "thread", "library", "module", "processor", "process",
        "block", "blocks", "buffer", "callback", "cpu", "latency", "sample", "samples", "memory",
        "class", "api", "everything", "nothing", "motor", "main", "src", "init", "whole",
    )
)  # fmt: skip
"""Words that name all of the code, or any part of it."""


def code_kind(text: str) -> CodeKind | None:
    """What a statement says of code; None where nothing shows that it speaks of code."""
    if re.search(rf"\b{INTERFACE}\b", text, re.I) and _FORM.search(text):
        return "api"
    if _COST.search(text) and _LIMIT.search(text):
        return "performance"
    if _BUILT.search(text):
        return "architecture"
    return "api" if _FORM.search(text) else None


def plain_code_kind(text: str) -> CodeKind | None:
    """What a statement says of code that nobody called so: only where it can't be of the music."""
    if _FORM.search(text):
        speaks = re.search(rf"\b(?:{INTERFACE}|{_PART})\b", text, re.I)
        return "api" if speaks else None
    if _PLAIN_COST.search(text) and _LIMIT.search(text):
        return "performance"
    return "architecture" if _PLAINLY_BUILT.search(text) else None


def renews(new: Note, old: Note) -> bool:
    """Whether a note about code says anew what an older one says, so that it takes its place."""
    if (new.kind, new.place) != (old.kind, old.place) or bool(new.assets) != bool(old.assets):
        return False
    if new.assets:
        return _filed(new.text) == _filed(old.text) != ()
    if new.kind == "api":
        return _same_interface(new.text, old.text)
    if new.kind == "performance":
        return _same_limit(new.text, old.text)
    return new.kind == "architecture" and _same_part(new.text, old.text)


def _filed(text: str) -> tuple[str | None, ...]:
    """The file, the heading and the class that a note was read from."""
    found = _FILED.match(text)
    return found.groups() if found else ()


def _same_interface(new: str, old: str) -> bool:
    """By their titles, such as "plugin API", where both have one; else by what is called."""
    titles = _title(new), _title(old)
    if all(titles):
        return titles[0] == titles[1]
    return bool(_called(new) & _called(old))


def _title(text: str) -> frozenset[str]:
    found = _TITLE.match(text)
    if found is None:
        return frozenset()
    return telling_stems(f"{found['title'] or ''} {found['of'] or ''}")


def _called(text: str) -> frozenset[str]:
    return frozenset(name.casefold() for found in _CALLED.findall(text) for name in found if name)


def _same_limit(new: str, old: str) -> bool:
    """By what is limited, whatever the limit is now."""
    return _cost(new) == _cost(old) and _overlap(_limited(new), _limited(old)) >= _ALIKE


def _cost(text: str) -> frozenset[str]:
    """What kind of cost: time, a share of the processor, memory; empty for a ban."""
    units = (found["unit"].casefold() for found in _LIMITED.finditer(text))
    return frozenset(
        "time" if one in ("ms", "milliseconds") else _UNITS.get(one[0], "time") for one in units
    )


def _limited(text: str) -> frozenset[str]:
    return telling_stems(_LIMITED.sub(" ", text))


def _same_part(new: str, old: str) -> bool:
    """By the part that they speak of: the new one says much the same of it, or that it changed."""
    one, other = _BUILT.search(new), _BUILT.search(old)
    if one is None or other is None:
        return False
    subject = telling_stems(new[: one.end("part")])
    if not subject or subject != telling_stems(old[: other.end("part")]):
        return False
    said = telling_stems(new[one.end("verb") :]), telling_stems(old[other.end("verb") :])
    return bool(_ANEW.search(new)) or _overlap(*said) >= _ABOUT


def telling_stems(text: str) -> frozenset[str]:
    """The words that say what a statement is about, as stems."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(stem(one) for one in words if one not in STOPWORDS | _FILLERS)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    whole = one | other
    return len(one & other) / len(whole) if whole else 1.0


def subject_words(note: Note) -> frozenset[str]:
    """The part of the code that a note is about, as stems; empty where it may be about all of it.

    An interface is about what its title or class is called, and one that was built about what its
    file is called; a limit and a statement of how the
    code is built up about what they begin with, where they are short and begin with such a name.
    """
    text = note.text
    if note.assets and (filed := _FILED.match(text)):
        built = "" if note.evidence == "user" else filed[1]
        return _parts_of(f"{built} {filed[3] or ''}")
    if note.kind == "api":
        return _title(text) - _GENERAL
    if len(text) > _PLAIN or not _NAMED.match(text):
        return frozenset()
    built = _BUILT.search(text)
    told = text[: built.start("verb")] if built else text
    before = _LIMIT.split(text, maxsplit=1)[0] if note.kind == "performance" else told
    return frozenset(list(dict.fromkeys(_in_order(before)))[:_NAMING]) - _GENERAL


def _parts_of(name: str) -> frozenset[str]:
    """The words of a name such as ``step_player.h, class StepPlayer``."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return frozenset(stem(one.casefold()) for one in words) - _GENERAL


def _in_order(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return [stem(one) for one in words if one not in STOPWORDS | _FILLERS]
