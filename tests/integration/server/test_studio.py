"""What LangGraph Studio draws and asks for: schemas as forms, drawings, threads, interrupts."""

from collections.abc import Mapping
from typing import cast

import pytest
from langgraph_sdk.client import SyncLangGraphClient
from pydantic import JsonValue

from tests.integration.server.talk import Values, answer, ask, new_thread, said
from tests.integration.serving import Server

GRAPHS = ["grym", "compose", "master", "unpack", "build"]
ENDS = {"__start__", "__end__"}


def properties(schema: object) -> dict[str, dict[str, JsonValue]]:
    """The fields of a JSON schema."""
    return cast(dict[str, dict[str, dict[str, JsonValue]]], schema)["properties"]


def assistant_of(client: SyncLangGraphClient, graph: str) -> str:
    """The id of a graph's assistant."""
    (assistant,) = client.assistants.search(graph_id=graph)
    return assistant["assistant_id"]


def test_the_server_tells_the_address_of_studio(server: Server) -> None:
    assert f"/studio/?baseUrl={server.url}" in server.log.read_text()


@pytest.mark.parametrize("graph", GRAPHS)
def test_each_graph_has_its_forms(client: SyncLangGraphClient, graph: str) -> None:
    (assistant,) = client.assistants.search(graph_id=graph)
    assert assistant["description"]
    schemas = client.assistants.get_schemas(assistant["assistant_id"])
    assert schemas["graph_id"] == graph
    for name in ("input_schema", "output_schema", "state_schema", "context_schema"):
        assert properties(cast(Mapping[str, object], schemas)[name]), name


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_runs_form_says_what_each_field_is_and_may_be(
    client: SyncLangGraphClient, graph: str
) -> None:
    fields = properties(
        client.assistants.get_schemas(assistant_of(client, graph))["context_schema"]
    )
    assert {f"{role}_model" for role in ("supervisor", "gama", "qwen_vl", "coder")} <= set(fields)
    assert {"project", "language", "models", "max_rounds", "max_tasks", "approval"} <= set(fields)
    for name, field in fields.items():
        assert len(str(field["description"])) > 20, name
        assert "default" in field, name
        if field["type"] in ("integer", "number"):
            assert {"minimum", "maximum"} <= set(field), name
    assert fields["language"]["enum"] == ["auto", "en", "de", "es", "fr"]
    assert fields["approval"]["enum"] == ["settings", "always", "never"]


def test_the_chat_graph_is_started_with_messages(client: SyncLangGraphClient) -> None:
    schemas = client.assistants.get_schemas(assistant_of(client, "grym"))
    messages = properties(schemas["input_schema"])["messages"]
    assert messages["type"] == "array"
    assert "HumanMessage" in str(messages["items"])
    assert "messages" in properties(schemas["state_schema"])


@pytest.mark.parametrize("xray", [False, True, 1], ids=["closed", "open", "one level"])
@pytest.mark.parametrize("graph", GRAPHS)
def test_every_drawing_is_whole_and_every_node_says_what_it_does(
    client: SyncLangGraphClient, graph: str, xray: int | bool
) -> None:
    drawn = client.assistants.get_graph(graph, xray=xray)
    names = {str(node["id"]) for node in drawn["nodes"]}
    for node in drawn["nodes"]:
        if node["id"] not in ENDS:
            described = cast(dict[str, str], node.get("metadata") or {})
            assert described.get("description"), node
    reached, before = {"__start__"}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {str(one["target"]) for one in drawn["edges"] if one["source"] in before}
    assert reached == names
    if graph == "grym" and xray:
        workflows = {name.partition(":")[0] for name in names if ":" in name}
        assert workflows == {"compose", "master", "unpack", "build"}


def test_the_workflows_are_offered_as_graphs_within_the_graph(client: SyncLangGraphClient) -> None:
    inside = client.assistants.get_subgraphs(assistant_of(client, "grym"))
    assert set(inside) == {"compose", "master", "unpack", "build"}
    assert all(properties(one["input_schema"]) for one in inside.values())


def test_threads_are_found_by_what_was_asked_first(client: SyncLangGraphClient) -> None:
    thread = new_thread(client)
    ask(client, thread, "Which frequency has the note A4?\nTell me in hertz")
    ask(client, thread, "And which has the note A5?")
    made = client.runs.wait(
        None, "grym", input=said("Hello"), metadata={"own": "kept"}, on_completion="keep"
    )
    assert made
    title = (client.threads.get(thread)["metadata"] or {})["title"]
    assert title == "Which frequency has the note A4?"
    found = client.threads.search(metadata={"title": title})
    assert [one["thread_id"] for one in found] == [thread]


def test_a_run_stops_where_studio_asks_and_goes_on(client: SyncLangGraphClient) -> None:
    thread = new_thread(client)
    goal = said("Set the goal to a warm sound")
    client.runs.wait(
        thread, "grym", input=goal, context={"project": "steps"}, interrupt_before=["integrate"]
    )
    state = client.threads.get_state(thread)
    assert state["next"] == ["integrate"]
    values = client.runs.wait(thread, "grym", input=None, context={"project": "steps"})
    assert "a warm sound" in answer(cast(Values, values))
    assert client.threads.get_state(thread)["next"] == []
