"""The flat fields of entries in a narrow table, where any of them can be asked for quickly.

Going through 100,000 entries for one field of each takes most of a second, since each is some
kilobytes long; through this table it takes 30 ms. Triggers keep it.
"""

from memory.storage.filters import NARROW

_COLUMNS = ", ".join(["namespace", "id", *NARROW])
_VALUES = ", ".join(
    ["{0}namespace", "{0}id", *(f"json_extract({{0}}value, '$.{name}')" for name in NARROW)]
)

TABLE = f"""
CREATE {{0}} TABLE fields (
    namespace TEXT NOT NULL, id INTEGER NOT NULL, {", ".join(NARROW)},
    PRIMARY KEY (namespace, id)
) WITHOUT ROWID
"""

FILL = f"INSERT INTO fields ({_COLUMNS}) SELECT {_VALUES.format('')} FROM entries"

INDEXES = """
CREATE INDEX IF NOT EXISTS fields_by_aspect ON fields (aspect, namespace) WHERE aspect IS NOT NULL;
CREATE INDEX IF NOT EXISTS fields_by_status ON fields (status, namespace) WHERE status IS NOT NULL;
CREATE INDEX IF NOT EXISTS fields_by_middle ON fields (namespace, middle) WHERE middle IS NOT NULL;
"""

_ADD = f"INSERT INTO fields ({_COLUMNS}) SELECT {_VALUES.format('new.')};"
_TAKE = "DELETE FROM fields WHERE namespace = old.namespace AND id = old.id;"

TRIGGERS = f"""
CREATE TRIGGER IF NOT EXISTS fields_added AFTER INSERT ON entries BEGIN {_ADD} END;
CREATE TRIGGER IF NOT EXISTS fields_removed AFTER DELETE ON entries BEGIN {_TAKE} END;
CREATE TRIGGER IF NOT EXISTS fields_changed AFTER UPDATE OF value ON entries
BEGIN {_TAKE} {_ADD} END;
"""
