"""The turn in langgraph-supervisor, as its own page sets it up: one handoff after the other.

Of parallel handoffs, version 0.0.31 carries out only one (its issue 230), so that the supervisor is
asked once more for each specialist: seven calls in place of five.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.prebuilt import create_react_agent
from langgraph_supervisor import create_supervisor

from evals.bench.frameworks.job import AGENTS, ANSWER, RULES, SAYS
from evals.bench.frameworks.messages import ScriptedModel, Sent
from evals.bench.frameworks.thread import Invoked, MessageThread, open_thread


def build(sent: Sent, saver: BaseCheckpointSaver[str]) -> Invoked:
    """A supervisor and three specialists without tools."""
    agents = [create_react_agent(_specialist(name, sent), [], prompt=RULES[name], name=name)
              for name in AGENTS]  # fmt: skip
    model = ScriptedModel(says=_supervisor, sent=sent)
    made = create_supervisor(agents, model=model, prompt=RULES["supervisor"])
    graph: Invoked = made.compile(checkpointer=saver)
    return graph


def _specialist(name: str, sent: Sent) -> ScriptedModel:
    return ScriptedModel(says=lambda messages: AIMessage(SAYS[name]), sent=sent)


def _supervisor(messages: Sequence[BaseMessage]) -> AIMessage:
    """Hand the request to the first that has not answered it, then answer."""
    asked = max(at for at, one in enumerate(messages) if isinstance(one, HumanMessage))
    heard = {one.name for one in messages[asked:]}
    left = [name for name in AGENTS if name not in heard]
    if not left:
        return AIMessage(ANSWER)
    call: ToolCall = {"name": f"transfer_to_{left[0]}", "args": {}, "id": f"call-{len(messages)}"}
    return AIMessage("", tool_calls=[call])


def open_contestant(folder: Path) -> AbstractContextManager[MessageThread]:
    """A new thread."""
    return open_thread(folder, build)
