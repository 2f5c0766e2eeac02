"""A studio whose memory and checkpoints are in PostgreSQL: whole turns, kills, forgetting."""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from pydantic import JsonValue

from grym_synth.errors import BadInput, GrymError, HomeLocked, MemoryFault
from grym_synth.forgetting import forget
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.databases import Servers
from memory.storage.entries import Address, Entry
from memory.storage.postgres.connection import has_memory
from memory.store import GrymStore
from tests.conftest import DEMO_MIX
from tests.integration.command import command
from tests.postgres import PASSWORD

PLACE = ("project", "demo", "notes")

HOLDER = """
import sys, time
from memory.databases import Servers
from memory.store import GrymStore
with GrymStore(servers=Servers(database=sys.argv[1])) as store:
    store.put(("project", "demo", "notes"), "kept", {"text": "before the kill"})
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def settings(home: Path, database: str) -> Settings:
    return Settings.model_validate(
        {"home": home, "models": "instruments", "embedder": "lexical", "database_url": database}
    )


def stored(url: str) -> bytes:
    """All files of the tables of a server, after it has written them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchall()[0]
    files = [path for path in Path(folder, "base").rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def test_a_turn_is_answered_and_the_next_process_knows_of_it(settings: Settings) -> None:
    with open_studio(settings=settings) as studio:
        assets = studio.attach([(DEMO_MIX, None)])
        first = studio.ask("How loud is this mix?", assets)
    assert "LUFS" in first.answer
    with open_studio(settings=settings) as studio:
        second = studio.ask("What did I ask before?")
        assert studio.deps.repository.last_turn("default", "main") == 2
    assert second.turn == 2 and "loud" in second.answer
    left = {path.name for path in settings.home_path.iterdir()}
    assert not [name for name in left if "sqlite" in name]


def test_a_forgotten_project_is_in_no_table_and_others_stay(settings: Settings) -> None:
    with open_studio(settings=settings) as studio:
        studio.ask("Note that the singer is called Zanzibarquux", project="secret")
        studio.ask("Note that the drums are dry", project="open")
    database = settings.database_url.get_secret_value()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ANALYZE")
    assert b"anzibarquux" in stored(database)
    assert "1 conversation " in forget(settings, "secret")
    assert b"anzibarquux" not in stored(database)
    with open_studio(settings=settings) as studio:
        assert studio.deps.repository.threads("open") == ("main",)


def test_the_memory_is_free_again_when_its_owner_was_killed(database: str) -> None:
    servers = Servers(database=database)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(HomeLocked, match=f"grym-synth {holder.pid}@"):
            GrymStore(servers=servers)
        with GrymStore.read_only(Path(), servers) as reader:
            assert reader.get(PLACE, "kept") is not None
            with pytest.raises(MemoryFault, match="read-only"):
                reader.put(PLACE, "more", {})
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with opened_soon(servers) as store:
        assert [entry.key for entry in store.entries(PLACE)] == ["kept"]


def opened_soon(servers: Servers) -> GrymStore:
    """The server sees at its next look that the owner's socket is closed."""
    for _ in range(100):
        try:
            return GrymStore(servers=servers)
        except HomeLocked:
            time.sleep(0.02)
    return GrymStore(servers=servers)


def test_a_write_that_fails_leaves_nothing_and_the_store_goes_on(servers: Servers) -> None:
    with GrymStore(servers=servers) as store:
        with pytest.raises(ZeroDivisionError), store.together():
            store.write([Entry(PLACE, "a", {"text": "a"}, "a")])
            raise ZeroDivisionError
        store.write([Entry(PLACE, "b", {"text": "b"}, "b")])
        assert [entry.key for entry in store.entries(())] == ["b"]


def test_the_store_goes_on_when_the_server_has_cut_its_connection(servers: Servers) -> None:
    with GrymStore(servers=servers) as store:
        store.put(PLACE, "a", {"text": "dry drums"})
        with psycopg.connect(servers.database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'grym-synth%'"
            )
        with pytest.raises(MemoryFault, match="using the project memory"):
            store.put(PLACE, "lost", {})
        store.put(PLACE, "b", {"text": "dry vocals"})
        assert {item.key for item in store.search(PLACE, query="dry")} == {"a", "b"}


def test_repair_computes_lost_words_and_fields_anew(servers: Servers) -> None:
    with GrymStore(servers=servers) as store:
        store.put(PLACE, "a", {"text": "tape saturation", "kind": "note"})
        with psycopg.connect(servers.database, autocommit=True) as connection:
            connection.execute("UPDATE grym.entries SET words = '', fields = '{}'")
        assert not store.search(PLACE, query="tape")
        assert store.repair()[0].startswith("1 entries checked")
        assert store.search(PLACE, query="tape", filter={"kind": "note"})


def test_a_value_that_the_database_can_not_hold_as_text_is_kept_as_it_is(servers: Servers) -> None:
    odd: dict[str, JsonValue] = {
        "text": "half \udcff of a pair, NUL \0 and \\u0000",
        "list": ["\0", {"deep": "\0"}],
    }
    with GrymStore(servers=servers) as store:
        store.write([Entry(PLACE, "odd", odd, str(odd["text"]))])
        assert store.read(PLACE, ["odd"])["odd"].value == odd
        assert store.find(PLACE, "pair", 1)[0].entry.key == "odd"
        store.write([], [Address(PLACE, "odd")])
        assert store.count(()) == 0


def test_a_request_with_a_nul_is_answered(settings: Settings) -> None:
    with open_studio(settings=settings) as studio:
        assert studio.ask("Note that the drums\0are dry \udcff").answer


@pytest.mark.parametrize(
    "wrong",
    [
        f"postgresql://grym:{PASSWORD}@127.0.0.1:9/grym",
        f"postgresql://grym:{PASSWORD}@[127.0.0.1:9/grym",
        f"postgresql://grym:{PASSWORD}@127.0.0.1:9/grym?nosuch=1",
        f"mysql://grym:{PASSWORD}@127.0.0.1/grym",
    ],
)
def test_a_database_that_is_not_there_is_told_without_its_password(
    wrong: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.model_validate({"home": home, "database_url": wrong, "embedder": "lexical"})
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(GrymError) as told,
        open_studio(settings=settings),
    ):
        pass
    assert isinstance(told.value, BadInput | MemoryFault)
    assert PASSWORD not in str(told.value) + caplog.text + repr(settings)


def test_nothing_that_is_printed_or_exported_holds_the_password(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    os.environ["GRYM_DATABASE_URL"] = settings.database_url.get_secret_value()
    os.environ["GRYM_EMBEDDER"] = "lexical"
    grym, home = command(capsys), ("--home", settings.home_path)
    with caplog.at_level(logging.DEBUG):
        ran = [
            grym("ask", "Note that the drums are dry", *home),
            grym("project", "show", *home),
            grym("doctor", *home),
            grym("project", "export", "default", "--to", tmp_path / "out", *home),
            grym("project", "repair", *home),
        ]
    assert [one.returncode for one in ran if one is not ran[2]] == [0, 0, 0, 0]
    assert "drums are dry" in ran[1].stdout and "1 projects" in ran[2].stdout
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    told = "".join(one.stdout + one.stderr for one in ran).encode() + caplog.text.encode()
    assert PASSWORD.encode() not in told + b"".join(path.read_bytes() for path in files)


def test_looking_for_a_memory_makes_none(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS grym CASCADE")
        assert not has_memory(database)
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'grym'").fetchall()
    assert found == []
