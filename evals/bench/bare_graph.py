"""A graph that only waits, as long as a model would: what the LangGraph server itself allows."""

import asyncio
import os

from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph

_SECONDS = float(os.environ.get("BARE_GRAPH_SECONDS", "0"))


async def begin(state: MessagesState) -> MessagesState:
    """Do nothing."""
    return {"messages": []}


async def wait(state: MessagesState) -> MessagesState:
    """Wait as for a model."""
    await asyncio.sleep(_SECONDS)
    return {"messages": []}


async def answer(state: MessagesState) -> MessagesState:
    """Say again what the thread was told first."""
    return {"messages": [AIMessage(state["messages"][0].content)]}


builder = StateGraph(MessagesState)
builder.add_sequence([begin, wait, answer])
builder.add_edge(START, "begin")
builder.add_edge("answer", END)
graph = builder.compile(name="bare")
