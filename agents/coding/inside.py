"""Looks at a draft, tests it or runs it; this file itself runs in the sandbox, as its script.

Arguments: ``check`` or ``test`` with the names of files, or ``run`` with a program and its
arguments. The files lie in the folder of the inputs. The first two print a JSON object at the end:
``faults``, a list of sentences, and ``ran``, the number of tests.
"""

import ast
import runpy
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from pyflakes.checker import Checker

from agents.coding.testing import FOLDER, leave, test

TASTE = {
    "UnusedImport",
    "UnusedVariable",
    "UnusedAnnotation",
    "RedefinedWhileUnused",
    "FStringMissingPlaceholders",
    "ImportShadowedByLoopVar",
    "UnusedIndirectAssignment",
}
"""What a linter says that breaks nothing."""


def main() -> None:
    """Do what the arguments say."""
    mode, *names = sys.argv[1:]
    sys.path.insert(0, str(FOLDER))
    if mode == "run":
        sys.argv = names
        runpy.run_path(str(FOLDER / names[0]), run_name="__main__")
        return
    leave(*(check(names) if mode == "check" else test(names)))


def check(names: list[str]) -> tuple[list[str], int]:
    """What is wrong with sources as they stand, and how many tests they hold."""
    faults, tests = [], 0
    for name in names:
        source = (FOLDER / name).read_text(encoding="utf-8")
        try:
            tree = ast.parse(source, name)
            compile(source, name, "exec")
        except SyntaxError as fault:
            faults.append(f"{name} line {fault.lineno}: {fault.msg}: {(fault.text or '').strip()}")
            continue
        except (ValueError, RecursionError, MemoryError) as fault:
            faults.append(f"{name}: {type(fault).__name__}: it can't be compiled")
            continue
        faults += linted(tree, name)
        faults += missing(tree, name, names)
        tests += len(tests_in(tree)) if name.startswith("test_") else 0
    return faults, tests


def linted(tree: ast.Module, name: str) -> Iterator[str]:
    """What the linter says, but for matters of taste."""
    for message in Checker(tree, name).messages:
        if type(message).__name__ not in TASTE:
            yield f"{name} line {message.lineno}: {message.message % message.message_args}"


def missing(tree: ast.Module, name: str, names: list[str]) -> Iterator[str]:
    """Imports of what is not there."""
    own = {one.removesuffix(".py") for one in names}
    for node in ast.walk(tree):
        wanted = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            wanted = [node.module]
        for one in wanted:
            top = one.partition(".")[0]
            if top not in own and find_spec(top) is None:
                yield f"{name} line {getattr(node, 'lineno', 0)}: there is no library {top} here"


def tests_in(tree: ast.Module) -> list[str]:
    """The names of test functions."""
    functions = (one for one in tree.body if isinstance(one, ast.FunctionDef))
    return [one.name for one in functions if one.name.startswith("test_")]


if __name__ == "__main__":
    main()
