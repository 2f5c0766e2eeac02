"""What entries are about and what they are called, where it can be asked for without reading them.

To read thousands of entries for one field of each takes longer than a context package may, so
triggers keep these fields in narrow tables: the files that an entry is about, the findings that a
conflict is about, and names.
"""

import sqlite3

from pydantic_core import from_json

_TARGETS = """
SELECT each.value AS target, {0}namespace AS namespace, {0}id AS id
FROM {1}json_each({0}value, '$.assets') each
UNION SELECT each.value, {0}namespace, {0}id FROM {1}json_each({0}value, '$.word.findings') each
WHERE json_extract({0}value, '$.kind') = 'conflict'
"""
_NAMED = "json_type({0}value, '$.word.name') = 'text'"
_NAME = "{0}namespace, {0}id, {0}key, json_extract({0}value, '$.word.name')"

_ALL_NAMES = """
SELECT json_group_object(key, name) FROM (
    SELECT key, name FROM names WHERE namespace = ? ORDER BY id)
"""
"""In one text: to fetch thousands of rows takes four times as long."""

FILL_LINKS = f"INSERT OR IGNORE INTO links {_TARGETS.format('e.', 'entries e, ')}"
FILL_NAMES = f"""
INSERT INTO names SELECT {_NAME.format("")} FROM entries WHERE {_NAMED.format("")}
"""

LINKS = """
CREATE {0} TABLE links (
    target NOT NULL, namespace TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (target, namespace, id)
) WITHOUT ROWID
"""

NAMES = """
CREATE {0} TABLE names (
    namespace TEXT NOT NULL, id INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (namespace, id)
) WITHOUT ROWID
"""


def _add(row: str) -> str:
    return f"""
    INSERT OR IGNORE INTO links {_TARGETS.format(row, "")};
    INSERT INTO names SELECT {_NAME.format(row)} WHERE {_NAMED.format(row)};
"""


def _take(row: str) -> str:
    return f"""
    DELETE FROM links WHERE (target, namespace, id) IN ({_TARGETS.format(row, "")});
    DELETE FROM names WHERE namespace = {row}namespace AND id = {row}id;
"""


TRIGGERS = f"""
CREATE TRIGGER IF NOT EXISTS links_added AFTER INSERT ON entries BEGIN {_add("new.")} END;
CREATE TRIGGER IF NOT EXISTS links_removed AFTER DELETE ON entries BEGIN {_take("old.")} END;
CREATE TRIGGER IF NOT EXISTS links_changed AFTER UPDATE OF value ON entries
BEGIN {_take("old.")} {_add("new.")} END;
"""


def names_in(connection: sqlite3.Connection, namespace: str) -> dict[str, str]:
    """What the entries of a namespace are called, by key, in the order of first writing."""
    (told,) = connection.execute(_ALL_NAMES, (namespace,)).fetchone()
    names: dict[str, str] = from_json(told)
    return names
