"""How many entries that hold lie where, kept by SQLite itself with every write.

Counting 100,000 entries takes longer than a context package may, so triggers count on: one row for
each namespace, and within it for each section or element that entries live at.
"""

import sqlite3
from typing import NamedTuple

_LEVEL = "coalesce(json_extract({0}value, '$.level'), '')"
_NAME = "coalesce(json_extract({0}value, '$.name'), '')"
_HELD = f"""
    SELECT namespace, {_LEVEL.format("")}, {_NAME.format("")}, count(*), max(id)
    FROM entries WHERE text != '' GROUP BY 1, 2, 3
"""


def _add(row: str) -> str:
    return f"""
    INSERT INTO tallies
    VALUES ({row}namespace, {_LEVEL.format(row)}, {_NAME.format(row)}, 1, {row}id)
    ON CONFLICT DO UPDATE SET held = held + 1, newest = max(newest, excluded.newest);
"""


def _take(row: str) -> str:
    place = f"namespace = {row}namespace AND level = {_LEVEL.format(row)}"
    place = f"{place} AND name = {_NAME.format(row)}"
    return f"""
    UPDATE tallies SET held = held - 1 WHERE {place};
    DELETE FROM tallies WHERE {place} AND held <= 0;
"""


TABLE = """
CREATE {0} TABLE tallies (
    namespace TEXT NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    held INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    PRIMARY KEY (namespace, level, name)
) WITHOUT ROWID
"""

FILL = f"INSERT INTO tallies {_HELD}"

TRIGGERS = f"""
CREATE TRIGGER IF NOT EXISTS tally_added AFTER INSERT ON entries WHEN new.text != '' BEGIN
    {_add("new.")}
END;
CREATE TRIGGER IF NOT EXISTS tally_removed AFTER DELETE ON entries WHEN old.text != '' BEGIN
    {_take("old.")}
END;
CREATE TRIGGER IF NOT EXISTS tally_ended AFTER UPDATE OF text ON entries
WHEN old.text != '' AND new.text = '' BEGIN
    {_take("old.")}
END;
CREATE TRIGGER IF NOT EXISTS tally_restated AFTER UPDATE OF text ON entries
WHEN old.text = '' AND new.text != '' BEGIN
    {_add("new.")}
END;
"""


_NEXT = "SELECT min(namespace) FROM tallies WHERE namespace >= ? AND namespace < ?"

_SUM = "SELECT sum(held) FROM tallies WHERE namespace = ? OR (namespace >= ? AND namespace < ?)"


class Tally(NamedTuple):
    """Entries of one namespace that live at one place."""

    namespace: str
    """With dots between its labels."""
    level: str
    """``section``, ``element``, else the project's own."""
    name: str
    """Of the section or element, in small letters."""
    held: int
    """How many hold now and can be found."""
    newest: int
    """Number of the newest of them, or of one that was newer."""


def held_below(connection: sqlite3.Connection, namespace: str) -> dict[str, int]:
    """How many entries hold below a namespace, by the label that follows it."""
    held: dict[str, int] = {}
    place, end = f"{namespace}.", f"{namespace}/"
    while (found := connection.execute(_NEXT, (place, end)).fetchone()[0]) is not None:
        label, has_more, _ = found[len(namespace) + 1 :].partition(".")
        whole = f"{namespace}.{label}"
        if label not in held:
            (held[label],) = connection.execute(_SUM, (whole, f"{whole}.", f"{whole}/")).fetchone()
        place = f"{whole}/" if has_more else f"{whole}\0"  # past what is summed already
    return held


def tallies_below(connection: sqlite3.Connection, namespace: str) -> list[Tally]:
    """What lies in and below a namespace, in the order of the namespaces."""
    rows = connection.execute(
        "SELECT namespace, level, name, held, newest FROM tallies "
        "WHERE namespace = ? OR (namespace >= ? AND namespace < ?) ORDER BY namespace, level, name",
        (namespace, f"{namespace}.", f"{namespace}/"),
    )
    return [Tally(*row) for row in rows]
