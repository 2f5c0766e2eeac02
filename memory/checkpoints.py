"""Short-term memory: checkpoints that read back our own types and nothing else.

Old checkpoints are deleted when new input comes, so that a thread's size doesn't grow with its
turns; programs that own their turns delete more when one ends (``grym_synth.turns``).
"""

import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import cast

import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.jsonplus import EXT_PYDANTIC_V2, JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from pydantic import BaseModel

from audio.assets import AssetRef
from grym_synth.errors import MemoryFault, UnknownName
from memory import context
from memory.context import Word
from memory.known_words import KnownWords
from memory.older_words import OlderWords, unreadable
from memory.storage.database import need_postgres
from memory.storage.refusals import remedy

KEEP = 12
"""Newest checkpoints of a thread that stay, for a look back; a resume needs only the newest."""

PACKED_BYTES = 2000
"""Shorter values are stored as they are."""

_PACKED = "+zlib"

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "busy_timeout = 5000",
    "secure_delete = ON",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 4000000",
)

_PRUNING = tuple(
    f"DELETE FROM {table} WHERE thread_id = :thread AND checkpoint_id < ("
    "SELECT checkpoint_id FROM checkpoints WHERE thread_id = :thread AND checkpoint_ns = '' "
    "ORDER BY checkpoint_id DESC LIMIT 1 OFFSET :keep - 1)"
    for table in ("writes", "checkpoints")
)
"""Ids grow with time, also across nested graphs, whose newest ones are younger than their caller's.

No row is deleted while the thread has fewer checkpoints: a comparison with NULL is never true.
"""


_THREADS = "SELECT thread_id FROM checkpoints GROUP BY thread_id ORDER BY min(checkpoint_id)"

_MARK = (
    "SELECT (SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = :thread), "
    "(SELECT count(*) FROM writes WHERE thread_id = :thread)"
)

_CONTENTS = (
    "SELECT type, checkpoint FROM checkpoints WHERE thread_id = ?",
    "SELECT type, value FROM writes WHERE thread_id = ?",
)


def stored_types() -> tuple[type[BaseModel], ...]:
    """Every class of ours that a checkpoint may hold: the shared words and asset references."""
    words = (kind for kind in vars(context).values() if isinstance(kind, type))
    return (AssetRef, *(kind for kind in words if issubclass(kind, Word) and kind is not Word))


class PackedSerializer(JsonPlusSerializer):
    """Compresses what is long; every checkpoint repeats most of the one before."""

    def __init__(self) -> None:
        """Read our types as themselves; any other class comes back as plain data, pickle never."""
        super().__init__(allowed_msgpack_modules=stored_types(), pickle_fallback=False)
        self._words = KnownWords(stored_types())
        self._older = OlderWords(stored_types())

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        """The kind of encoding, and the bytes."""
        kind, content = super().dumps_typed(self._words.encoded(obj, self._encode))
        if len(content) < PACKED_BYTES:
            return kind, content
        return f"{kind}{_PACKED}", zlib.compress(content, 1)

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        """What was encoded.

        Raises:
            MemoryFault: another version wrote it, or it is damaged.
        """
        kind = data[0].removesuffix(_PACKED)
        reading = _Reading(super().loads_typed, self._words, self._older)
        try:
            content = unpacked(*data)
            if kind != "msgpack":
                return super().loads_typed((kind, content))
            return reading.value(content, reading.revive)
        except (ValueError, zlib.error) as fault:  # of the bytes, or what is left of a hook's
            raise (reading.fault or unreadable(f"it is damaged ({fault})")) from fault

    def _encode(self, word: object) -> bytes:
        return super().dumps_typed(word)[1]


class _Reading:
    """One value's way from its bytes; the decoder tells nothing of why a hook failed."""

    def __init__(
        self, plain: Callable[[tuple[str, bytes]], object], words: KnownWords, older: OlderWords
    ) -> None:
        """Take what reads all that is not ours, and what reads ours."""
        self._plain, self._words, self._older = plain, words, older
        self.fault: MemoryFault | None = None

    def value(self, content: bytes, hook: Callable[[int, bytes], object]) -> object:
        """What some bytes say."""
        return ormsgpack.unpackb(content, ext_hook=hook, option=ormsgpack.OPT_NON_STR_KEYS)

    def revive(self, code: int, content: bytes) -> object:
        """An object of the value's own level, perhaps one that is known."""
        return self._words.decoded(code, content, lambda packed: self.value(packed, self._built))

    def _built(self, code: int, content: bytes) -> object:
        if code == EXT_PYDANTIC_V2:
            module, name, fields, *_ = cast(list[str], self.value(content, self._built))
            if self._older.is_ours(module):
                try:
                    return self._older.word(module, name, cast(dict[str, object], fields))
                except MemoryFault as fault:
                    self.fault = fault
                    raise
        return self._plain(("msgpack", ormsgpack.packb(ormsgpack.Ext(code, content))))


def serializer() -> PackedSerializer:
    """Reads our types as themselves; any other class comes back as plain data, pickle never."""
    return PackedSerializer()


class TurnSaver(BaseCheckpointSaver[str]):
    """Checkpoints of this process's turns; what stores them comes behind it in a class's bases."""

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """A thread's checkpoint: the newest one, where the config names none.

        Raises:
            UnknownName: the thread keeps no checkpoint of the id that the config names; LangGraph
                would take that for an empty state, which then would be the thread's newest.
        """
        found = super().get_tuple(config)
        place = config["configurable"]
        if found is None and place.get("checkpoint_id") and not place.get("checkpoint_ns"):
            raise UnknownName(
                f"opening checkpoint {place['checkpoint_id']} of thread {place['thread_id']}",
                "the thread keeps none of that id; older ones are removed as turns end",
                "Go on at the end of the thread, or begin another thread",
            )
        return found

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint; one that brings new input also ends the old ones."""
        saved = super().put(config, checkpoint, metadata, new_versions)
        if metadata.get("source") == "input":
            self.prune(str(config["configurable"]["thread_id"]))
        return saved

    def prune(
        self,
        thread_ids: str | Sequence[str],
        *,
        strategy: str = "keep_latest",
        keep: int = KEEP,
    ) -> None:
        """Delete old checkpoints of one or several threads, with their writes.

        Args:
            thread_ids: the threads.
            strategy: ``keep_latest``, or ``delete`` for all of them.
            keep: how many of the newest stay.
        """
        for thread in _each_of(thread_ids):
            if strategy == "delete":
                self.delete_thread(thread)
            else:
                self.keep_newest(thread, keep)

    def keep_newest(self, thread: str, keep: int) -> None:
        """Delete all but the newest checkpoints of a thread, with their writes."""
        raise NotImplementedError

    def threads(self) -> list[str]:
        """Every thread that has a checkpoint, the one that began last at the end."""
        raise NotImplementedError

    def mark(self, thread: str) -> tuple[str | None, int]:
        """What changes with every checkpoint and every write of a thread; cheap to ask for."""
        raise NotImplementedError

    def holds(self, thread: str, texts: Collection[str]) -> bool:
        """Whether any checkpoint of a thread holds one of these texts."""
        raise NotImplementedError

    def scrub(self) -> None:
        """Make sure that nothing of deleted checkpoints is left in the database's own files.

        Raises:
            MemoryFault: there is no room for it, or another program reads them.
        """
        raise NotImplementedError


class SqliteTurns(TurnSaver, SqliteSaver):
    """Checkpoints in one file."""

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        """Hold the file alone; what was written is kept at the end.

        Raises:
            MemoryFault: the disk is full, or refuses in another way.
        """
        try:
            with super().cursor(transaction) as cursor:
                yield cursor
        except sqlite3.Error as fault:
            with suppress(sqlite3.Error), self.lock:
                self.conn.rollback()
            raise MemoryFault("using the checkpoints", str(fault), remedy(fault)) from fault

    def keep_newest(self, thread: str, keep: int) -> None:
        """Delete all but the newest checkpoints of a thread, with their writes."""
        with self.cursor() as cursor:
            for statement in _PRUNING:
                cursor.execute(statement, {"thread": thread, "keep": keep})

    def threads(self) -> list[str]:
        """Every thread that has a checkpoint, the one that began last at the end."""
        with self.cursor(transaction=False) as cursor:
            return [str(thread) for (thread,) in cursor.execute(_THREADS)]

    def mark(self, thread: str) -> tuple[str | None, int]:
        """What changes with every checkpoint and every write of a thread; cheap to ask for."""
        with self.cursor(transaction=False) as cursor:
            newest, writes = cursor.execute(_MARK, {"thread": thread}).fetchone()
            return newest, int(writes)

    def holds(self, thread: str, texts: Collection[str]) -> bool:
        """Whether any checkpoint of a thread holds one of these texts."""
        wanted = [text.encode("utf-8", "replace") for text in texts]
        with self.cursor(transaction=False) as cursor:
            return any(
                text in content
                for query in _CONTENTS
                for kind, stored in cursor.execute(query, (thread,))
                for content in [unpacked(str(kind), bytes(stored))]
                for text in wanted
            )

    def scrub(self) -> None:
        """Overwrite what deleted checkpoints left in free pages and the write-ahead log.

        Raises:
            MemoryFault: the disk is too full for it, or another program reads the file.
        """
        try:
            with self.cursor(transaction=False) as cursor:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as fault:
            do = "Make room on the disk, end programs that use this home, and forget it again"
            raise MemoryFault("removing forgotten checkpoints", str(fault), do) from fault


def unpacked(kind: str, content: bytes) -> bytes:
    """A stored value's bytes as they were before they were compressed."""
    return zlib.decompress(content) if kind.endswith(_PACKED) else content


def _each_of(thread_ids: str | Sequence[str]) -> Sequence[str]:
    """One thread, or several."""
    return [thread_ids] if isinstance(thread_ids, str) else thread_ids


@contextmanager
def open_saver(path: Path, database: str = "") -> Iterator[TurnSaver]:
    """Open or create the checkpoints of a home.

    Args:
        path: the file.
        database: address of a PostgreSQL database that holds them instead; empty for the file.

    Raises:
        MemoryFault: they can't be opened.
    """
    if database:
        need_postgres()
        from memory.checkpoints_postgres import open_postgres_saver

        with open_postgres_saver(database) as saver:
            yield saver
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, check_same_thread=False)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _check(connection)
    except (sqlite3.Error, OSError) as fault:
        raise _unreadable(path, fault) from fault
    with closing(connection):
        yield SqliteTurns(connection, serde=serializer())


def set_aside_damaged(path: Path) -> Path | None:
    """Move checkpoints that can't be read out of the way; the project memory lives elsewhere.

    Returns:
        Where the damaged file lies now; None when there was nothing to do.

    Raises:
        MemoryFault: the disk refuses, which says nothing of the file.
    """
    try:
        with open_saver(path):
            return None
    except MemoryFault as fault:
        if not _is_damage(fault.__cause__):
            raise
        number = 1
        while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
            number += 1
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return path.rename(aside)


def _check(connection: sqlite3.Connection) -> None:
    """Read through the file once: damage that shows later would cost a turn."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _is_damage(fault: BaseException | None) -> bool:
    """Whether a file holds what it should not, rather than that the disk refuses."""
    return type(fault) is sqlite3.DatabaseError


def _unreadable(path: Path, fault: Exception) -> MemoryFault:
    mend = (
        "Run `grym project repair`, which sets a damaged file aside: the project memory does not "
        "depend on it"
    )
    do = mend if _is_damage(fault) else remedy(fault)
    return MemoryFault("opening the checkpoints", f"{path}: {fault}", do)
