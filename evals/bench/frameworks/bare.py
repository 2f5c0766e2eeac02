"""The turn in bare LangGraph: as many supersteps and model calls as ours, and nothing else.

Its state is LangGraph's own list of messages, all of which each model is sent.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, MessagesState, StateGraph
from typing_extensions import TypedDict

from evals.bench.frameworks.job import AGENTS, ANSWER, RULES, SAYS
from evals.bench.frameworks.messages import ScriptedModel, Sent
from evals.bench.frameworks.thread import Invoked, MessageThread, open_thread

PLAN = "gama describes the sound, qwen_vl draws its spectrogram, coder makes it 1 dB quieter."


class Update(TypedDict, total=False):
    """What a node adds."""

    messages: list[AnyMessage]


def build(sent: Sent, saver: BaseCheckpointSaver[str]) -> Invoked:
    """Seven supersteps with five model calls, three of them in parallel."""
    made = StateGraph(MessagesState)
    asking = {"supervisor": PLAN, **SAYS, "respond": ANSWER}
    for name, says in asking.items():
        made.add_node(name, Asking(RULES.get(name, RULES["supervisor"]), _saying(says, sent)))
    for name in ("intake", "integrate", "judge", "summarise"):
        made.add_node(name, _passing)
    made.add_edge(START, "intake")
    made.add_edge("intake", "supervisor")
    for name in AGENTS:
        made.add_edge("supervisor", name)
    made.add_edge([*AGENTS], "integrate")
    made.add_edge("integrate", "judge")
    made.add_edge("judge", "summarise")
    made.add_edge("summarise", "respond")
    made.add_edge("respond", END)
    return cast(Invoked, made.compile(checkpointer=saver))


@dataclass(frozen=True)
class Asking:
    """A node that asks its model with all messages."""

    rules: str
    model: ScriptedModel

    def __call__(self, state: MessagesState) -> Update:
        """Add what the model says."""
        return {"messages": [self.model.invoke([SystemMessage(self.rules), *state["messages"]])]}


def _saying(text: str, sent: Sent) -> ScriptedModel:
    return ScriptedModel(says=lambda messages: AIMessage(text), sent=sent)


def _passing(state: MessagesState) -> Update:
    return {}


def open_contestant(folder: Path) -> AbstractContextManager[MessageThread]:
    """A new thread."""
    return open_thread(folder, build)
