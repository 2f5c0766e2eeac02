"""The LangGraph server on a PostgreSQL server: a real one of each."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from langgraph_sdk import get_sync_client

from tests.integration.serving import Server
from tests.integration.test_server import Values, new_thread, run, said
from tests.postgres import PASSWORD, postgres_server

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with postgres_server() as url:
        server = Server(tmp_path, GRYM_DATABASE_URL=url)
        try:
            yield server
        finally:
            server.stop()


def test_turns_are_kept_in_the_database_and_threads_are_there_after_a_power_cut(
    server: Server,
) -> None:
    server.start()
    with get_sync_client(url=server.url, timeout=60) as client:
        thread = new_thread(client)
        run(client, thread, said("Note that the marker of this song is QX0042ZK"))
    server.kill()
    assert not [*server.home.glob("*.sqlite")], "something was kept in a file"
    server.start()
    with get_sync_client(url=server.url, timeout=60) as client:
        assert thread in {one["thread_id"] for one in client.threads.search(limit=100)}
        held = cast(Values, client.threads.get_state(thread)["values"])
        assert "QX0042ZK" in str(held["messages"][0]["content"])
        values = run(client, thread, said("What do you remember about the marker?"))
        assert "QX0042ZK" in values["messages"][-1]["content"]
        assert len(client.threads.get_history(thread)) > 1
        client.threads.delete(thread)
    assert PASSWORD not in server.log.read_text(errors="replace")
