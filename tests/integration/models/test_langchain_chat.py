import asyncio
import base64
import time
from typing import TypedDict

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage, ToolMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel, ConfigDict

from grym_synth.errors import BadInput, Cancelled
from models.asking import ask_typed
from models.base import ChatModel, Message, Options
from models.langchain_chat import GrymChat, messages_of
from models.script import Line, When
from tests.integration.models.stages import SCRIPTED, Kind, Stages
from tests.model_servers.ollama import OllamaTestServer

PLANNED = Line(when=When(match="Plan"), thinking="Hm.", answer={"tasks": 1}, times=0)
ANSWERED = Line(when=When(match="Answer"), thinking="Hm.", answer="Your mix is loud.", times=0)
ENDLESS = Line(answer="la la ", endless=True, piece_seconds=0.005)


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tasks: int


class _State(TypedDict):
    answer: str


def _graph(model: ChatModel) -> CompiledStateGraph[_State, None, _State, _State]:
    def turn(state: _State) -> _State:
        ask_typed(model, [Message("user", "Plan this.")], _Plan)
        chat = GrymChat(chat=model)
        return {"answer": "".join(chunk.text for chunk in chat.stream("Answer this."))}

    builder = StateGraph(_State)
    builder.add_node("turn", turn)
    builder.add_edge(START, "turn")
    builder.add_edge("turn", END)
    return builder.compile()


@pytest.mark.parametrize("kind", SCRIPTED)
def test_the_graph_streams_the_answers_words_and_not_the_plans(kind: Kind, stages: Stages) -> None:
    graph = _graph(stages.scripted(kind, PLANNED, ANSWERED).model)

    words = [
        str(chunk.content)
        for chunk, _ in graph.stream({"answer": ""}, stream_mode="messages")
        if isinstance(chunk, AIMessageChunk)
    ]

    assert "".join(words) == "Your mix is loud."
    assert len(words) > 3


def test_an_asynchronous_node_streams_its_answer_too(stages: Stages) -> None:
    chat = GrymChat(chat=stages.scripted("ollama", ANSWERED).model)

    async def turn(state: _State) -> _State:
        return {"answer": "".join([chunk.text async for chunk in chat.astream("Answer this.")])}

    builder = StateGraph(_State)
    builder.add_node("turn", turn)
    builder.add_edge(START, "turn")
    graph = builder.compile()

    async def listen() -> list[str]:
        streamed = graph.astream({"answer": ""}, stream_mode="messages")
        return [str(one.content) async for one, _ in streamed if isinstance(one, AIMessageChunk)]

    words = asyncio.run(listen())
    assert "".join(words) == "Your mix is loud."
    assert len(words) > 3


def test_an_answer_carries_its_usage_and_keeps_thinking_out_of_its_words(stages: Stages) -> None:
    chat = GrymChat(chat=stages.scripted("scripted", ANSWERED).model)

    whole = chat.invoke([SystemMessage("Be brief."), HumanMessage("Answer this.")])

    assert whole.content == "Your mix is loud."
    assert whole.additional_kwargs["reasoning_content"] == "Hm."
    assert whole.usage_metadata is not None
    assert whole.usage_metadata["output_tokens"] == 6


def test_a_closed_asynchronous_stream_ends_the_models_work(stages: Stages) -> None:
    stage = stages.scripted("ollama", ENDLESS)
    assert isinstance(stage.server, OllamaTestServer)
    chat = GrymChat(chat=stage.model)

    async def listen() -> str:
        heard = ""
        async for chunk in chat.astream("Answer this."):
            heard += chunk.text
            if len(heard) > 20:
                break
        return heard

    assert asyncio.run(listen()).startswith("la la")
    last = time.monotonic() + 30
    while not stage.server.left_early and time.monotonic() < last:
        time.sleep(0.01)
    assert stage.server.left_early == 1


def test_a_cancelled_task_ends_a_model_that_has_said_nothing_yet(stages: Stages) -> None:
    model = stages.scripted("ollama", Line(answer="la", first_seconds=60)).model
    chat = GrymChat(chat=model)
    model.facts()
    began = time.monotonic()

    async def listen() -> None:
        await asyncio.wait_for(chat.ainvoke("Answer this."), 0.2)

    with pytest.raises(TimeoutError):
        asyncio.run(listen())
    assert time.monotonic() - began < 30


def test_the_callers_own_cancel_ends_an_asynchronous_answer(stages: Stages) -> None:
    options = Options()
    chat = GrymChat(chat=stages.scripted("scripted", ENDLESS).model, options=options)

    async def listen() -> None:
        async for _ in chat.astream("Answer this."):
            options.cancel.set()

    with pytest.raises(Cancelled):
        asyncio.run(listen())


def test_pictures_go_on_as_bytes_and_tools_messages_are_refused() -> None:
    picture = {"type": "image", "base64": base64.b64encode(b"\x89PNG").decode(), "mime_type": "x"}
    human = HumanMessage([{"type": "text", "text": "What is this?"}, picture])

    assert messages_of([human]) == [Message("user", "What is this?", (b"\x89PNG",))]
    with pytest.raises(BadInput, match="tool"):
        messages_of([ToolMessage("done", tool_call_id="1")])
    with pytest.raises(BadInput, match="image_url"):
        messages_of([HumanMessage([{"type": "image_url", "image_url": "http://127.0.0.1/"}])])
