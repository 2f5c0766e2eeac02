"""Puts the recipes that a task needs together into one script that stands by itself.

The recipes are the modules of this package. Of their sources only the definitions are taken that
the calls need, directly or not; imports between the modules fall away.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from pydantic import JsonValue

from agents.recipes.binding import Call, Chain
from agents.recipes.catalog import RECIPES

_PACKAGE = "agents.recipes."
_MAIN = '''
def main() -> None:
    """Read INPUT, change it, write OUTPUT."""
    parser = argparse.ArgumentParser(description="Writes a changed copy of a sound.")
    parser.add_argument("input", type=Path, help="sound file to read; it is never changed")
    parser.add_argument("output", type=Path, help="sound file to write; its suffix is the format")
    given = parser.parse_args()
    if given.input.resolve() == given.output.resolve():
        parser.error("OUTPUT must be another file than INPUT")
    check_output(given.output)
    {write}
'''
_MAIN_FROM_NOTHING = '''
def main() -> None:
    """Make a sound and write OUTPUT."""
    parser = argparse.ArgumentParser(description="Makes a sound.")
    parser.add_argument("output", type=Path, help="sound file to write; its suffix is the format")
    given = parser.parse_args()
    check_output(given.output)
    write_sound(given.output, process(silence(0.0)), BIT_DEPTH)
'''
_START = """
if __name__ == "__main__":
    main()
"""
_BLOCKS = ("def ", "class ", "@", "if ")
_WRITE_ONE = "write_sound(given.output, process(read_sound(given.input)), BIT_DEPTH)"
_WRITE_PARTS = """for name, part in process(read_sound(given.input)).items():
        place = given.output.with_stem(f"{given.output.stem}-{name}")
        write_sound(place, part, BIT_DEPTH)"""


@dataclass(frozen=True)
class Definition:
    """One top-level definition of a recipe module."""

    names: tuple[str, ...]
    """What it defines."""
    source: str
    uses: frozenset[str]
    """Every name that occurs in it."""


@dataclass(frozen=True)
class Module:
    """One recipe module, taken apart."""

    title: str
    """First line of its docstring."""
    needs: tuple[str, ...]
    """Other recipe modules that it imports, in order."""
    imports: dict[str, str]
    """Import statement of each name that comes from outside of the package."""
    definitions: tuple[Definition, ...]


def write_script(chain: Chain, title: str) -> str:
    """Write the script for a chain of calls.

    Args:
        chain: what it does.
        title: the first line of its docstring; plain words without quotes or backslashes.

    Returns:
        Python source that needs numpy, scipy and soundfile only.
    """
    source = "silence" if chain.from_nothing else "read_sound"
    roots = {call.function for call in chain.calls} | {source, "check_output", "write_sound"}
    order = _ordered(["sound", *(call.module for call in chain.calls)])
    wanted = _reachable(roots, order)
    sections, imports = [], {"import argparse", "from pathlib import Path"}
    for name in order:
        module = _module(name)
        kept = [piece for piece in module.definitions if wanted.intersection(piece.names)]
        if not kept:
            continue
        sections.append(f"# {module.title}")
        sections += [piece.source for piece in kept]
        used = frozenset[str]().union(*(piece.uses for piece in kept))
        imports |= {text for bound, text in module.imports.items() if bound in used}
    constants = [f"{name} = {_literal(value)}" for name, value in _constants(chain)]
    parts = [
        _header(chain, title),
        _import_block(imports),
        "\n".join(constants),
        *sections,
        _process(chain),
        _main(chain),
        _START.strip(),
    ]
    return _spaced(parts)


def _header(chain: Chain, title: str) -> str:
    steps = [f"- {call.operation}: {_says(call)}" for call in chain.calls] or ["- copy"]
    return "\n".join(
        (
            f'"""{title}',
            "",
            f"Usage: python THIS_FILE {'' if chain.from_nothing else 'INPUT '}OUTPUT",
            "It needs numpy, scipy and soundfile. The numbers to change stand at its top.",
            "",
            "What it does, in order:",
            *steps,
            '"""',
        )
    )


def _says(call: Call) -> str:
    return RECIPES[call.operation].says


def _constants(chain: Chain) -> list[tuple[str, JsonValue]]:
    """Name and value of each constant, in order."""
    rows: list[tuple[str, JsonValue]] = []
    for prefix, call in _prefixed(chain.calls):
        rows += [(f"{prefix}_{name.upper()}", value) for name, value in call.arguments.items()]
    return [*rows, ("BIT_DEPTH", chain.bit_depth)]


def _prefixed(calls: tuple[Call, ...]) -> Iterator[tuple[str, Call]]:
    """Each call with the prefix of its constants; repeated operations are numbered."""
    seen: dict[str, int] = {}
    for call in calls:
        seen[call.operation] = number = seen.get(call.operation, 0) + 1
        yield call.operation.upper() + (f"_{number}" if number > 1 else ""), call


def _process(chain: Chain) -> str:
    split = False
    lines = []
    for prefix, call in _prefixed(chain.calls):
        numbers = "".join(f", {prefix}_{name.upper()}" for name in call.arguments)
        if call.operation == "hpss":
            split = True
            lines.append(f"parts = {call.function}(sound{numbers})")
        elif split:
            made = f"{call.function}(part{numbers})"
            lines.append(f"parts = {{name: {made} for name, part in parts.items()}}")
        else:
            lines.append(f"sound = {call.function}({_arguments('sound' + numbers)})")
    result, kind = ("parts", "dict[str, Sound]") if split else ("sound", "Sound")
    head = [f"def process(sound: Sound) -> {kind}:", '    """Apply the operations, in order."""']
    return "\n".join([*head, *(f"    {line}" for line in (*lines, f"return {result}"))])


def _arguments(text: str) -> str:
    return text if len(text) < 60 else f"\n        {text}\n    "


def _main(chain: Chain) -> str:
    if chain.from_nothing:
        return _MAIN_FROM_NOTHING.strip()
    split = any(call.operation == "hpss" for call in chain.calls)
    return _MAIN.format(write=_WRITE_PARTS if split else _WRITE_ONE).strip()


def _literal(value: JsonValue) -> str:
    """A value as Python source; long lists are broken into lines."""
    if not isinstance(value, list):
        return repr(value)
    rows = [value[start : start + 10] for start in range(0, len(value), 10)]
    lines = ["    " + ", ".join(map(json.dumps, row)) + "," for row in rows]
    return "\n".join(["[", *lines, "]"]) if len(value) > 10 else json.dumps(value)


def _spaced(parts: list[str]) -> str:
    """Join the parts with the blank lines that a formatter would leave."""
    text = parts[0]
    for before, part in pairwise(parts):
        close = not part.startswith(_BLOCKS) and not before.startswith(_BLOCKS)
        text += ("\n\n" if close else "\n\n\n") + part
    return text + "\n"


def _import_block(statements: set[str]) -> str:
    """The imports, sorted, those of the standard library first."""
    outside = {text for text in statements if re.match(r"(import|from) (numpy|scipy|sound)", text)}
    merged: dict[str, set[str]] = {}
    blocks = []
    for group in (statements - outside, outside):
        plain = sorted(text for text in group if text.startswith("import "))
        merged = {}
        for text in group - set(plain):
            source, names = text.removeprefix("from ").split(" import ")
            merged.setdefault(source, set()).add(names)
        froms = [f"from {name} import {', '.join(sorted(merged[name]))}" for name in sorted(merged)]
        blocks.append("\n".join([*plain, *froms]))
    return "\n\n".join(blocks)


def _reachable(roots: set[str], order: list[str]) -> set[str]:
    """Every name that the roots need, directly or not."""
    by_name = {
        name: piece for module in order for piece in _module(module).definitions
        for name in piece.names
    }  # fmt: skip
    found: set[str] = set()
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name in by_name and name not in found:
            found.update(by_name[name].names)
            queue += by_name[name].uses
    return found


def _ordered(names: list[str]) -> list[str]:
    """The modules and all that they import, each after those that it needs."""
    order: list[str] = []
    for name in names:
        for one in (*_ordered(list(_module(name).needs)), name):
            if one not in order:
                order.append(one)
    return order


@cache
def _module(name: str) -> Module:
    source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    needs: list[str] = []
    imports: dict[str, str] = {}
    definitions: list[Definition] = []
    lines = source.splitlines()
    body = tree.body[1:]
    for index, node in enumerate(body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE):
            needs.append((node.module or "").removeprefix(_PACKAGE))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.update(_imported(node))
        elif not isinstance(node, ast.Expr):
            definitions.append(_definition(node, body[index + 1 : index + 2], lines))
    title = (ast.get_docstring(tree) or "").splitlines()[0]
    return Module(title, tuple(needs), imports, tuple(definitions))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        text = alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
        source = f"from {node.module} import " if isinstance(node, ast.ImportFrom) else "import "
        yield alias.asname or alias.name, source + text


def _definition(node: ast.stmt, following: list[ast.stmt], lines: list[str]) -> Definition:
    """Cut a definition out of its module, with its decorators and the docstring below it."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = tuple(one.id for target in targets for one in ast.walk(target)
                      if isinstance(one, ast.Name))  # fmt: skip
        if following and isinstance(following[0], ast.Expr):
            last = following[0].end_lineno or last
    else:
        names = (str(getattr(node, "name", "")),)
    uses = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    # A quoted annotation names what it needs in a string.
    texts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    uses |= {text for text in texts if isinstance(text, str) and text.isidentifier()}
    return Definition(names, "\n".join(lines[first - 1 : last]), frozenset(uses))
