import time

from langgraph_sdk.client import SyncLangGraphClient

from tests.integration.server.talk import ask, new_thread
from tests.integration.tracing.collector import Collector, Told

WORDS = "What note is 443 Hz?"
SERVERS_OWN = {"/info", "/api/v1/sessions?limit=1", "/v1/metadata/submit"}


def test_a_run_on_the_server_is_one_trace_and_langsmith_gets_none(
    client: SyncLangGraphClient, collector: Collector, langsmith: Collector
) -> None:
    before = {one.trace for one in collector.spans()}
    ask(client, new_thread(client), WORDS)
    last = time.monotonic() + 20
    turns: list[Told] = []
    while not turns and time.monotonic() < last:
        time.sleep(0.1)
        new = [one for one in collector.spans() if one.trace not in before]
        turns = [one for one in new if not one.parent]
    (turn,) = turns
    nodes = [one.name for one in new if one.parent == turn.id]
    assert nodes == ["intake", "invoke_agent supervisor", "respond"]
    assert {one.trace for one in new} == {turn.trace}
    sent = collector.everything()
    assert not [words for words in ("443 Hz", "What note") if words in sent]
    # the server's own questions, and its counts of runs and nodes, hold nothing of a turn
    assert {path for _, path, *_ in langsmith.requests} <= SERVERS_OWN
