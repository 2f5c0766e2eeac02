"""A project's places as a tree, with their handles, counts and summaries."""

from collections.abc import Iterator

from agents.opening.opening import Opener
from memory.context import Place
from memory.hierarchy.hierarchy import Branch
from memory.repository import Repository


def tree_lines(memory: Repository, project: str) -> Iterator[str]:
    """The sections and elements of a project with what is known of each, as Markdown lists."""
    opener = Opener(memory, project)
    told = {_key(one.place): one.text for one in memory.summaries(project)}
    root = opener.tree.root
    if root.count:
        yield opener.index()
    if summary := told.get(_key(root.place)):
        yield from summary.splitlines()
    for child in root.children:
        yield from _below(opener, child, told, 0)


def _below(
    opener: Opener, branch: Branch, told: dict[tuple[str, str], str], depth: int
) -> Iterator[str]:
    indent = "    " * depth
    yield f"{indent}- **{opener.line(branch)}**"
    for line in told.get(_key(branch.place), "").splitlines():
        yield f"{indent}    {line}"
    for child in branch.children:
        yield from _below(opener, child, told, depth + 1)


def _key(place: Place) -> tuple[str, str]:
    return place.level, place.name.casefold()
