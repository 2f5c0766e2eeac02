"""Checkpoints in PostgreSQL: LangGraph's own tables, pruned and searched as those in SQLite are.

Connections come from a pool, which opens new ones when the server was restarted.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from langgraph.checkpoint.postgres import PostgresSaver
from psycopg import Connection, Cursor
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps
from psycopg_pool import ConnectionPool

from memory.checkpoints import TurnSaver, serializer, unpacked
from memory.storage.postgres.columns import plain
from memory.storage.postgres.connection import (
    CONNECT_SECONDS,
    IDLE_SECONDS,
    SCHEMA,
    conninfo_of,
    telling,
)
from memory.storage.postgres.schema import make_schema, take_no_samples

_OPENING, _USING = "opening the checkpoints", "using the checkpoints"

_PREPARING = (0x6772796D, 2)
"""Key of the advisory lock of who makes the tables."""

_TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")

_UNSEEN = {
    "checkpoints": ("thread_id", "checkpoint", "metadata"),
    "checkpoint_blobs": ("thread_id", "blob"),
    "checkpoint_writes": ("thread_id", "blob"),
}
"""Columns of which the server may keep no samples: they would outlive a thread."""

_OLDER = (
    "thread_id = %(thread)s AND checkpoint_id < (SELECT checkpoint_id FROM checkpoints "
    "WHERE thread_id = %(thread)s AND checkpoint_ns = '' "
    "ORDER BY checkpoint_id DESC LIMIT 1 OFFSET %(keep)s - 1)"
)
"""No row is one of them while the thread has fewer: a comparison with NULL is never true."""

_PRUNING = (
    f"DELETE FROM checkpoint_writes WHERE {_OLDER}",
    f"DELETE FROM checkpoints WHERE {_OLDER}",
    "DELETE FROM checkpoint_blobs b WHERE thread_id = %(thread)s AND NOT EXISTS ("
    "SELECT 1 FROM checkpoints c WHERE c.thread_id = b.thread_id "
    "AND c.checkpoint_ns = b.checkpoint_ns "
    "AND c.checkpoint -> 'channel_versions' ->> b.channel = b.version)",
)

_THREADS = "SELECT thread_id FROM checkpoints GROUP BY thread_id ORDER BY min(checkpoint_id)"

_MARK = (
    "SELECT (SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = %(thread)s) AS newest, "
    "(SELECT count(*) FROM checkpoint_writes WHERE thread_id = %(thread)s) AS writes"
)

_PACKED = (
    "SELECT type, blob FROM checkpoint_blobs WHERE thread_id = %s AND blob IS NOT NULL",
    "SELECT type, blob FROM checkpoint_writes WHERE thread_id = %s",
)

_PLAIN = "SELECT checkpoint, metadata FROM checkpoints WHERE thread_id = %s"


class PostgresTurns(TurnSaver, PostgresSaver):
    """Checkpoints in one database."""

    def __init__(self, url: str, pool: ConnectionPool[Connection[DictRow]]) -> None:
        """Use a pool of connections to a database."""
        super().__init__(pool, serde=serializer())
        self._url = url

    @contextmanager
    def _cursor(self, *, pipeline: bool = False) -> Iterator[Cursor[DictRow]]:
        with telling(self._url, _USING), super()._cursor(pipeline=pipeline) as cursor:
            yield cursor

    def keep_newest(self, thread: str, keep: int) -> None:
        """Delete all but the newest checkpoints of a thread, with their writes."""
        with self._cursor() as cursor, cursor.connection.transaction():
            for statement in _PRUNING:
                cursor.execute(statement, {"thread": thread, "keep": keep})

    def threads(self) -> list[str]:
        """Every thread that has a checkpoint, the one that began last at the end."""
        with self._cursor() as cursor:
            return [str(row["thread_id"]) for row in cursor.execute(_THREADS)]

    def mark(self, thread: str) -> tuple[str | None, int]:
        """What changes with every checkpoint and every write of a thread; cheap to ask for."""
        with self._cursor() as cursor:
            row = cursor.execute(_MARK, {"thread": thread}).fetchall()[0]
        return row["newest"], int(row["writes"])

    def holds(self, thread: str, texts: Collection[str]) -> bool:
        """Whether any checkpoint of a thread holds one of these texts."""
        wanted = [(text, text.encode("utf-8", "replace")) for text in map(plain, texts)]
        with self._cursor() as cursor:
            for query in _PACKED:
                for row in cursor.execute(query, (thread,)):
                    content = unpacked(str(row["type"]), bytes(row["blob"]))
                    if any(packed in content for _, packed in wanted):
                        return True
            told = [text for row in cursor.execute(_PLAIN, (thread,)) for text in _texts(row)]
        return any(text in one for one in told for text, _ in wanted)

    def scrub(self) -> None:
        """Write the tables anew, without what was deleted."""
        with self._cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"VACUUM (FULL) {table}")


@contextmanager
def open_postgres_saver(url: str) -> Iterator[TurnSaver]:
    """Open or create the checkpoints in a database.

    Raises:
        MemoryFault: the server can't be reached, or refuses.
    """
    _prepare(url)
    pool: ConnectionPool[Connection[DictRow]] = ConnectionPool(
        conninfo_of(url),
        min_size=1,
        max_size=1,  # the saver uses one at a time
        kwargs={"autocommit": True, "prepare_threshold": 2, "row_factory": dict_row},
        configure=_configure,
        check=_Rested(),
        timeout=2 * CONNECT_SECONDS,
        open=False,
    )
    with telling(url, _OPENING):
        pool.open(wait=True)
    with pool:
        yield PostgresTurns(url, pool)


def _prepare(url: str) -> None:
    """Make LangGraph's tables, while nobody else does."""
    with (
        telling(url, _OPENING),
        psycopg.connect(conninfo_of(url), autocommit=True, row_factory=dict_row) as connection,
    ):
        _configure(connection)
        while not _is_mine(connection):
            time.sleep(0.05)  # not within the server: it waits for all questions to make an index
        fresh = connection.execute("SELECT to_regclass('checkpoint_writes') AS held").fetchall()
        if fresh[0]["held"] is None:
            make_schema(connection)
        PostgresSaver(connection).setup()
        if fresh[0]["held"] is None:
            for table, columns in _UNSEEN.items():
                take_no_samples(connection, table, columns)


def _is_mine(connection: Connection[DictRow]) -> bool:
    taken = connection.execute("SELECT pg_try_advisory_lock(%s, %s) AS taken", _PREPARING)
    return bool(taken.fetchall()[0]["taken"])


class _Rested:
    """Tries a connection first when none was used for a while: a server may have been restarted."""

    def __init__(self) -> None:
        self._used = float("-inf")

    def __call__(self, connection: Connection[DictRow]) -> None:
        """Raise when it is broken."""
        before, self._used = self._used, time.monotonic()
        if self._used - before > IDLE_SECONDS:
            ConnectionPool.check_connection(connection)


def _configure(connection: Connection[DictRow]) -> None:
    connection.execute(f"SET search_path TO {SCHEMA}, pg_catalog")
    set_json_dumps(_dumps, connection)


def _dumps(value: object) -> str:
    return json.dumps(_held(value))


def _held(value: object) -> object:
    """What PostgreSQL can hold of a state's plain values: no NUL, no half of a surrogate pair."""
    if isinstance(value, Mapping):
        return {name: _held(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_held(one) for one in value]
    return plain(value) if isinstance(value, str) else value


def _texts(value: object) -> Iterator[str]:
    """Every text in a value read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
