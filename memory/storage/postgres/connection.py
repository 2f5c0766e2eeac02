"""Connections to the database that a setting names; its password appears in no message."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from grym_synth.errors import BadInput, HomeLocked, MemoryFault

SCHEMA = "grym"
"""All tables of ours lie in this schema, so that the database may hold others'."""

_OWNER = (0x6772796D, 1)
"""Key of the advisory lock of a memory's owner; such locks hold within one database."""

CONNECT_SECONDS = 5
"""Longest wait for a server to answer."""

IDLE_SECONDS = 5.0
"""A connection that was not used for so long is tried before it is relied on."""

_ALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
"""The server lets go of an owner whose machine is gone within a minute."""

_HOLDER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s AND l.objid = %s
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def conninfo_of(url: str) -> str:
    """What to connect with: the address, how long to wait, and who is asking.

    Raises:
        BadInput: it is no address; the message does not repeat it, since it may hold a password.
    """
    try:
        given = conninfo_to_dict(url)
        options = " ".join(str(part) for part in (given.pop("options", None), _ALIVE) if part)
        given.setdefault("connect_timeout", CONNECT_SECONDS)
        name = f"grym-synth {os.getpid()}@{socket.gethostname()}"[:63]
        return make_conninfo("", **given, options=options, application_name=name)
    except psycopg.Error:
        raise BadInput(
            "reading GRYM_DATABASE_URL",
            "it is no address of a PostgreSQL database",
            "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters as %XX",
        ) from None


def shown(url: str) -> str:
    """An address as people may see it: the server and the database alone."""
    given = conninfo_to_dict(conninfo_of(url))
    host = f"{given.get('host', 'localhost')}:{given.get('port', 5432)}"
    return f"PostgreSQL at {host}, database {given.get('dbname', given.get('user', ''))}"


def fault_of(url: str, tried: str, fault: Exception) -> MemoryFault:
    """What is told of a server that does not do what was asked of it."""
    happened = f"{shown(url)}: {' '.join(str(fault).split())}"
    do = "Check that it runs, that GRYM_DATABASE_URL is right and that its disk has room"
    return MemoryFault(tried, happened, do)


@contextmanager
def telling(url: str, tried: str) -> Iterator[None]:
    """Tell of a server's faults in the project's words."""
    try:
        yield
    except psycopg.Error as fault:
        raise fault_of(url, tried, fault) from fault


def connect(url: str, *, read_only: bool = False) -> Connection[TupleRow]:
    """Connect in autocommit mode, with our schema first in the search path."""
    connection = psycopg.connect(conninfo_of(url), autocommit=True, prepare_threshold=2)
    connection.execute(f"SET search_path TO {SCHEMA}, pg_catalog")
    if read_only:
        connection.execute("SET default_transaction_read_only = on")
    return connection


def has_memory(url: str) -> bool:
    """Whether the database holds a memory.

    Raises:
        MemoryFault: the server can't be asked.
    """
    with telling(url, "looking for the project memory"), connect(url) as connection:
        return connection.execute("SELECT to_regclass('entries') IS NOT NULL").fetchall() == [
            (True,)
        ]


class OwnedConnection:
    """One connection, opened again when the server was restarted; it may be a memory's owner."""

    def __init__(self, url: str, prepare: Callable[[Connection[TupleRow]], None] | None) -> None:
        """Connect.

        Args:
            url: the database.
            prepare: makes the tables; None to own nothing and to read alone.

        Raises:
            HomeLocked: another process owns the memory.
        """
        self._url, self._prepare, self._ended = url, prepare, False
        self._connection = self._open()
        self._used = time.monotonic()

    def get(self) -> Connection[TupleRow]:
        """The connection, tried first when it was idle; within a transaction it stays the same."""
        if self._ended:
            raise psycopg.InterfaceError("it was closed")
        idle = time.monotonic() - self._used > IDLE_SECONDS
        if self._connection.closed or (idle and not self._answers()):
            self._connection = self._open()
        self._used = time.monotonic()
        return self._connection

    def close(self) -> None:
        """Close it for good, which also gives up the memory."""
        self._ended = True
        self._connection.close()

    def _answers(self) -> bool:
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            self._connection.close()
            return False
        return True

    def _open(self) -> Connection[TupleRow]:
        connection = connect(self._url, read_only=self._prepare is None)
        try:
            if self._prepare is not None:
                self._own(connection)
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _own(self, connection: Connection[TupleRow]) -> None:
        taken = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _OWNER).fetchone()
        if taken == (True,):
            return
        holder = connection.execute(_HOLDER, _OWNER).fetchone()
        raise HomeLocked(
            f"opening the memory in {shown(self._url)}",
            f"{holder[0] if holder else 'another process'} is using it",
            "Wait until it ends, ask through its server, or use another database",
        )
