"""The interface of source text, in few words: what can be called, and how; no bodies."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from memory.context import Evidence, Note, NoteKind, Place
from memory.filing.code_words import code_kind

LONGEST = 1200
"""Characters of one note."""
_VALUE = 600
"""Characters of a constant."""
MOST = 40
"""Notes of one file."""

_PYTHON = (".py", ".pyi")
_PROSE = (".md", ".markdown", ".txt", ".rst")
_DECLARATION = re.compile(
    r"^(?:(?:export|public|pub|static|virtual|inline|async|extern|final|abstract)\s+)*"
    r"(?:(?:class|struct|interface|trait|enum|protocol|namespace)\s+\w[^;{]*|"
    r"(?!(?:return|if|for|while|switch|else|catch|new|delete|throw|using)\b)"
    r"[\w:<>,*&\[\]~\s]*?\b[\w~]+\s*\([^;{}]*\)[^;{}=]*)(?=[;{]|$)"
)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$|^(\S.*)\n(?:={3,}|-{3,})$", re.MULTILINE)
_SECTIONS: dict[NoteKind, str] = {
    "api": r"\bapis?\b|interface|signature|endpoint|schnittstelle|interfaz|functions?\b|methods?\b|"
    r"parameters?\b|usage",
    "architecture": r"architect|architekt|arquitect|design|structure|layers?\b|modules?\b|overview|"
    r"threads?\b",
    "performance": r"performance|latenc|latenz|real-?time|budget|cpu|rendimiento|leistung|"
    r"limits?\b",
}
"""Words of headings, by the kind of note that stands below them."""


class Statement(NamedTuple):
    """One thing that a file says about code."""

    kind: NoteKind
    text: str


def statements_in(name: str, text: str, kind: NoteKind = "api") -> list[Statement]:
    """What a file says about code, each beginning with the file's name.

    Args:
        name: the file's name; its suffix says how it is read.
        text: its content.
        kind: what prose is about whose headings and words don't tell.

    Returns:
        The public interface of source text: its functions, and each class; or the sections of
        prose. Empty where there is nothing of the sort.
    """
    suffix = name[name.rfind(".") :].lower()
    if suffix in _PYTHON:
        found = [Statement("api", one) for one in _python(name, text)]
    elif suffix in _PROSE:
        found = [*_prose(name, text, kind)]
    else:
        found = [Statement("api", one) for one in _declared(name, text)]
    return [Statement(one.kind, one.text[:LONGEST].rstrip()) for one in found][:MOST]


def interface_notes(
    sources: Mapping[str, str], *, assets: Mapping[str, str], source: str,
    place: Place | None = None, evidence: Evidence = "executed",
) -> tuple[Note, ...]:  # fmt: skip
    """The interface of something that was built, as notes for the project memory.

    Args:
        sources: source text by file name; tests are left out.
        assets: the id of each file in the asset store, by its name, where it is there.
        source: who built it: ``agent/instrument-or-model@version``.
        place: the element that it belongs to; by default the project.
        evidence: how sure it is; ``executed`` for what ran.
    """
    return tuple(
        Note.make(
            one.kind, one.text, place, assets=_own(assets, name), evidence=evidence, source=source
        )
        for name, text in sources.items()
        if not name.rpartition("/")[2].startswith("test_")
        for one in statements_in(name, text)
    )


def imported_modules(text: str) -> set[str]:
    """The last parts of the modules that source imports names from; none where it is broken."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found = (one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return {one.rpartition(".")[2] for one in found if one}


def _own(assets: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (assets[name],) if name in assets else ()


def _python(name: str, text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    functions = [*_signatures(tree.body)]
    if functions:
        about = _first_line(tree)
        yield "\n".join([f"{name}: {about}".rstrip(), *functions])
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            bases = ", ".join(map(ast.unparse, node.bases))
            head = f"{name}: class {node.name}({bases})" if bases else f"{name}: class {node.name}"
            about = _first_line(node)
            yield "\n".join([f"{head}: {about}".rstrip(": "), *_signatures(node.body)])


def _signatures(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Such as ``gain(samples, db: float) -> Sound: changes the level``."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name == "__init__" or not node.name.startswith("_"):
                returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
                signature = f"{node.name}({ast.unparse(node.args)}){returns}"
                yield f"{signature}: {_first_line(node)}".rstrip(": ")
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).isupper():
            yield ast.unparse(node)[:_VALUE]
        elif isinstance(node, ast.AnnAssign):
            name = ast.unparse(node.target)
            yield from [] if name.startswith("_") else [f"{name}: {ast.unparse(node.annotation)}"]


def _first_line(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0].strip()


def _declared(name: str, text: str) -> Iterator[str]:
    """The declarations of a language with braces, outside of bodies of functions."""
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (re.sub(r"//.*", "", line).strip() for line in plain.splitlines())
    found = (one.group().strip() for line in lines if (one := _DECLARATION.match(line)))
    kept = list(dict.fromkeys(" ".join(one.split()) for one in found))
    if kept:
        yield "\n".join([f"{name}:", *kept])


def _prose(name: str, text: str, kind: NoteKind) -> Iterator[Statement]:
    """The sections of a text that speak of code; all of it where it has no headings."""
    marks = [*_HEADING.finditer(text)]
    if not marks:
        for part in re.split(r"\n\s*\n", text.strip()):
            if part.strip():
                yield Statement(code_kind(part) or kind, f"{name}: {part.strip()}")
        return
    ends = [*(one.start() for one in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        heading, body = (mark[1] or mark[2]).strip(), text[mark.end() : end].strip()
        if body and (told := _section_kind(heading, body)):
            yield Statement(told, f"{name}, {heading}: {body}")


def _section_kind(heading: str, body: str) -> NoteKind | None:
    said = (kind for kind, words in _SECTIONS.items() if re.search(words, heading, re.I))
    return next(said, None) or code_kind(body)
