"""Summaries that a turn wrote, told anew by somebody who writes better than the instruments."""

from memory.context import Moment, Summary
from memory.hierarchy.hierarchy import Hierarchy
from memory.hierarchy.summaries import Summariser, asked_lately, key_of, write
from memory.shelf.reading import ShelfReading
from memory.shelf.shelf import Shelf

FEWEST = 8
"""Entries below a place from which on its summary is worth another's words."""


def is_worth_retelling(shelf: ShelfReading, turn: int) -> bool:
    """Whether a turn wrote a summary that is worth another's words."""
    return any(one.turn == turn and one.covers >= FEWEST for one in shelf.summaries())


def retell(
    shelf: Shelf, tree: Hierarchy, began: Moment, summariser: Summariser, most: int
) -> tuple[Summary, ...]:
    """Write the summaries of a turn again in the summariser's words; return those that hold.

    Where its words don't hold (a number that its entries don't have, no text), what the
    instruments wrote stays.

    Args:
        shelf: the project's entries.
        tree: its places as they are now.
        began: a moment of the turn whose summaries are meant.
        summariser: who tells.
        most: at most so many, the project's first.
    """
    held = {key_of(one.place): one for one in shelf.summaries()}
    fresh = [
        (branch, older)
        for branch in tree.root.branches()
        if (older := held.get(key_of(branch.place))) is not None
        and older.turn == began.turn
        and older.covers >= FEWEST
        and older.source != summariser.source
    ]
    asked = asked_lately(shelf) if fresh else {}
    written = []
    for branch, older in fresh[:most]:
        summary = write(shelf, tree, branch, older, asked, began, summariser)
        if summary.source == summariser.source:
            shelf.put_summary(summary, began)
            written.append(summary)
    return tuple(written)
