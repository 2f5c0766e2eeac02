"""One server for all tests of what chat pages, Studio and tools of other makers meet."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from pydantic import JsonValue

from tests.integration.boss.scripts import says, write_script
from tests.integration.coding.programs import handed_over
from tests.integration.serving import Server
from tests.integration.tracing.collector import Collector, listening

PLAN_THOUGHT = "SECRET-PLAN-THOUGHT the draft is right "
CODE_THOUGHT = "SECRET-CODE-THOUGHT a ring modulator "
PROSE = "All of what was asked for is done."


@dataclass(frozen=True)
class Models:
    """Scripted models that runs may name."""

    boss: str
    coder: str


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chats")


@pytest.fixture(scope="session")
def models(folder: Path) -> Models:
    answer: JsonValue = {"sentences": [{"text": PROSE, "findings": ["t1"]}]}
    slow: dict[str, JsonValue] = {"times": 0, "piece_seconds": 0.001, "chunk": 8}
    plan = says("plan", {"why": "the draft is right"}, thinking=PLAN_THOUGHT * 3)
    distilled = says("distil", {"recommendations": [], "notes": []})
    rest: dict[str, JsonValue] = {"when": {}, "answer": {"sentences": []}}
    lines = (plan, distilled, says("answer", answer), rest)
    boss = write_script(folder / "boss.jsonl", *({**line, **slow} for line in lines))
    code: dict[str, JsonValue] = {"answer": handed_over(), "thinking": CODE_THOUGHT * 3, **slow}
    return Models(boss, write_script(folder / "coder.jsonl", code))


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with listening() as held:
        yield held


@pytest.fixture(scope="session")
def langsmith() -> Iterator[Collector]:
    with listening() as held:
        yield held


@pytest.fixture(scope="session")
def server(
    folder: Path, models: Models, collector: Collector, langsmith: Collector
) -> Iterator[Server]:
    traced = {
        "GRYM_TRACING__TO": "otlp",
        "GRYM_TRACING__URL": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "LANGSMITH_TRACING": "true",
        "LANGSMITH_ENDPOINT": langsmith.url,
        "LANGSMITH_API_KEY": "lsv2_pt_0123456789abcdef",
    }
    named = f'["{models.boss}", "{models.coder}"]'
    server = Server(folder / "server", GRYM_RUN_MODELS=named, GRYM_EMBEDDER="lexical", **traced)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def client(server: Server) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=server.url, timeout=60) as client:
        yield client
