"""The turn in deepagents, as its own page sets it up, with its tasks in parallel."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from deepagents import create_deep_agent
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.checkpoint.base import BaseCheckpointSaver

from evals.bench.frameworks.job import AGENTS, ANSWER, RULES, SAYS, TASKS
from evals.bench.frameworks.messages import ScriptedModel, Sent
from evals.bench.frameworks.thread import Invoked, MessageThread, open_thread


def build(sent: Sent, saver: BaseCheckpointSaver[str]) -> Invoked:
    """A main agent with three subagents, and the tools that all of them have by default."""
    subagents = [
        {
            "name": name,
            "description": RULES[name],
            "system_prompt": RULES[name],
            "model": ScriptedModel(says=_saying(SAYS[name]), sent=sent),
        }
        for name in AGENTS
    ]
    graph: Invoked = create_deep_agent(
        ScriptedModel(says=_main, sent=sent),
        system_prompt=RULES["supervisor"],
        subagents=subagents,
        checkpointer=saver,
    )
    return graph


def _saying(text: str) -> Callable[[object], AIMessage]:
    return lambda messages: AIMessage(text)


def _main(messages: list[BaseMessage]) -> AIMessage:
    """Give each subagent its task, then answer."""
    if not isinstance(messages[-1], HumanMessage):
        return AIMessage(ANSWER)
    name = messages[-1].text.split(" sounds")[0].rsplit(" ", 1)[-1]
    place = len(messages)
    calls = [
        {
            "name": "task",
            "args": {"description": TASKS[agent].format(name=name), "subagent_type": agent},
            "id": f"{agent}-{place}",
        }
        for agent in AGENTS
    ]
    return AIMessage("", tool_calls=calls)


def open_contestant(folder: Path) -> AbstractContextManager[MessageThread]:
    """A new thread."""
    return open_thread(folder, build)
