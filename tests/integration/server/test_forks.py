"""Edited messages, answers made anew, steps run again: memory follows the conversation."""

import httpx
import pytest
from langgraph_sdk.client import SyncLangGraphClient

from tests.integration.server.talk import Place, ask, messages_of, new_thread, newest, steps_of
from tests.integration.serving import Server


def goals(client: SyncLangGraphClient, project: str) -> list[str]:
    """The goals that hold."""
    items = client.store.search_items(("project", project, "settings"), limit=50)["items"]
    return sorted(str(one["value"]["text"]) for one in items if one["value"]["current"])


def turns(client: SyncLangGraphClient, project: str) -> int:
    """How many turns the project's history has."""
    return len(client.store.search_items(("project", project, "turns"), limit=50)["items"])


def test_an_edited_message_takes_the_place_of_the_first_one(client: SyncLangGraphClient) -> None:
    thread, project = new_thread(client), "edited"
    ask(client, thread, "Set the goal to a warm sound", project)
    before = newest(client, thread)
    ask(client, thread, "Note that the singer is Ada", project)
    ask(client, thread, "Set the goal to a cold sound", project)
    other = newest(client, thread)

    ask(client, thread, "Note that the singer is Bea", project, before)
    assert goals(client, project) == ["project goal: a warm sound"]
    told = ask(client, thread, "What do you remember about the singer?", project)
    assert "Bea" in told
    assert "Ada" not in told

    told = ask(client, thread, "What do you remember about the singer?", project, other)
    assert "Ada" in told
    assert "Bea" not in told
    assert goals(client, project) == ["project goal: a cold sound"]


def test_what_runs_again_is_not_kept_twice_and_does_not_bring_back_what_was_replaced(
    client: SyncLangGraphClient,
) -> None:
    thread, project = new_thread(client), "again"
    place: Place = {"project": project}
    ask(client, thread, "Set the goal to a warm sound", project)
    ask(client, thread, "Set the goal to a cold sound", project)
    steps = steps_of(client, thread, 2)
    assert set(steps) == {"supervisor", "integrate", "respond"}
    for point in steps.values():
        client.runs.wait(thread, "grym", input=None, context=place, checkpoint_id=point)
        assert goals(client, project) == ["project goal: a cold sound"]
        assert turns(client, project) == 2
    told = ask(client, thread, "What is the goal?", project)
    assert "cold" in told
    assert "warm" not in told


def test_an_older_answer_made_anew_is_the_end_of_the_conversation(
    client: SyncLangGraphClient,
) -> None:
    thread, project = new_thread(client), "older"
    ask(client, thread, "Set the goal to a warm sound", project)
    ask(client, thread, "Set the goal to a cold sound", project)
    point = steps_of(client, thread, 1)["respond"]
    client.runs.wait(thread, "grym", input=None, context={"project": project}, checkpoint_id=point)
    assert goals(client, project) == ["project goal: a warm sound"]
    assert "warm" in ask(client, thread, "What is the goal?", project)


@pytest.mark.parametrize("form", ["checkpoint", "checkpoint_id", "config"])
def test_a_point_that_is_not_kept_any_more_is_refused_in_words(
    server: Server, client: SyncLangGraphClient, form: str
) -> None:
    thread = new_thread(client)
    ask(client, thread, "Hello")
    gone = {"checkpoint_id": "1f0aaaaa-0000-6000-8000-000000000000"}
    forms: dict[str, dict[str, object]] = {
        "checkpoint": {"checkpoint": gone},
        "checkpoint_id": {**gone},
        "config": {"config": {"configurable": gone}},
    }
    request = {
        "assistant_id": "grym",
        "input": {"messages": [{"role": "user", "content": "Hello again"}]},
        **forms[form],
    }
    refused = httpx.post(f"{server.url}/threads/{thread}/runs/wait", json=request)
    assert refused.status_code == 409
    assert "not kept any more" in refused.json()["detail"]
    assert len(messages_of(client, thread)) == 2
