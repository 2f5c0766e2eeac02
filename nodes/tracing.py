"""A trace of each run of the graph, told by LangGraph's own callbacks: a span for every node.

Names are those of OpenTelemetry's conventions for generative AI where it has some. Models and
instruments add their spans below that of the node in which they work.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler, BaseCallbackManager
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphBubbleUp

from grym_synth.tracing.spans import Fact, Facts, Span, Tracing, within
from memory.context import AGENTS, ContextPackage, ProjectContext, Report, Task, Thought, Word

_AGENTS = (*AGENTS, "supervisor")
_Told = Mapping[str, object]
_WordT = TypeVar("_WordT", bound=Word)


class TurnTrace(BaseCallbackHandler):
    """Makes spans of what LangGraph tells of its runs."""

    run_inline = True

    def __init__(self, tracing: Callable[[], Tracing | None]) -> None:
        """Stand by.

        Args:
            tracing: whoever sends traces now; None for nobody.
        """
        self._tracing = tracing
        self._spans: dict[UUID, tuple[str, Span]] = {}
        """The place and the span of every run that has begun and not ended."""
        self._shared: set[UUID] = set()
        """Those of them that are a part of their parent's span."""

    def span_of(self, run: UUID | None) -> Span | None:
        """The span of a run; None where it is not traced."""
        held = self._spans.get(run) if run is not None else None
        return held[1] if held is not None else None

    def on_chain_start(
        self,
        serialized: dict[str, object],
        inputs: object,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, object] | None = None,
        **kwargs: object,
    ) -> None:
        """Begin a turn, or a node of it."""
        name, facts = str(kwargs.get("name")), metadata or {}
        held = self._spans.get(parent_run_id) if parent_run_id is not None else None
        if held is None:
            if parent_run_id is None:  # else it is a part of a run that another one traces
                self._begin(run_id, name, facts, inputs)
        elif facts.get("langgraph_node") == name and (place := _place(facts)) != held[0]:
            span = held[1].part(f"invoke_agent {name}" if name in _AGENTS else name, "chain")
            span.tell({"grym.node": name, **_step(facts), **_agent(name), **_handed(inputs)})
            span.quote(asked=_objective(inputs))
            self._spans[run_id] = place, span
        else:
            self._spans[run_id] = held
            self._shared.add(run_id)

    def on_chain_end(self, outputs: object, *, run_id: UUID, **kwargs: object) -> None:
        """End a turn, or a node of it."""
        if (ended := self._taken(run_id)) is None:
            return
        if isinstance(outputs, Mapping):
            ended.tell(_came_to(outputs))
            ended.quote(said=_answer(outputs))
        ended.end()

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: object) -> None:
        """End what broke, or what waits for a human."""
        if (ended := self._taken(run_id)) is None:
            return
        if isinstance(error, GraphBubbleUp):
            ended.tell({"grym.interrupted": True})
        else:
            ended.fail(type(error).__name__, str(error))
        ended.end()

    def _begin(self, run: UUID, name: str, facts: _Told, inputs: object) -> None:
        tracing = self._tracing()
        if tracing is None:
            return
        span = tracing.begin(f"invoke_workflow {name}")
        thread = str(facts.get("thread_id", ""))
        shown = thread if tracing.has_words else hashlib.sha256(thread.encode()).hexdigest()[:16]
        span.tell(
            {
                "gen_ai.operation.name": "invoke_workflow",
                "gen_ai.workflow.name": name,
                "gen_ai.conversation.id": shown,
                "langsmith.metadata.thread_id": shown,
            }
        )
        span.quote(asked=_request(inputs))
        self._spans[run] = "", span

    def _taken(self, run: UUID) -> Span | None:
        """The span that ends with a run; None where its parent goes on with it."""
        held = self._spans.pop(run, None)
        if run in self._shared:
            self._shared.discard(run)
            return None
        return held[1] if held is not None else None


def untraced() -> AbstractContextManager[None]:
    """Keep LangChain from tracing what runs in this block by itself, whatever ``LANGSMITH_…`` says.

    It would send all that the nodes read and write.
    """
    from langsmith.run_helpers import tracing_context  # half a second; LangGraph reads it at a run

    return tracing_context(enabled=False)


def traced(config: RunnableConfig | None) -> AbstractContextManager[None]:
    """Have what runs in this block belong to the span of its node.

    Args:
        config: what LangGraph runs the node with.
    """
    callbacks = (config or {}).get("callbacks")
    if isinstance(callbacks, BaseCallbackManager):
        for one in callbacks.handlers:
            if isinstance(one, TurnTrace):
                return within(one.span_of(callbacks.parent_run_id))
    return nullcontext()


def _place(facts: _Told) -> str:
    """Where a node is: the graph of a workflow runs at the place of its own node."""
    return str(facts.get("langgraph_checkpoint_ns", ""))


def _step(facts: _Told) -> Facts:
    step = facts.get("langgraph_step")
    return {"grym.step": step} if isinstance(step, int) else {}


def _agent(name: str) -> Facts:
    if name not in _AGENTS:
        return {}
    return {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}


def _handed(inputs: object) -> Facts:
    """The task that a node was given, and the size of the context that it was handed."""
    given = inputs if isinstance(inputs, Mapping) else {}
    told: dict[str, Fact] = {}
    if isinstance(task := given.get("task"), Task):
        told |= {"grym.task": task.id, "grym.operations": len(task.operations)}
    if isinstance(package := given.get("package"), ContextPackage):
        told |= {
            "grym.slice.tokens": package.tokens,
            "grym.slice.budget": package.budget,
            "grym.slice.kept": len(package.items),
            "grym.slice.dropped": len(package.left_out),
        }
    return told


def _came_to(outputs: _Told) -> Facts:
    """Sizes of what a node, or a whole turn, brought."""
    told: dict[str, Fact] = {}
    for key in ("findings", "artifacts", "conflicts", "degraded"):
        if isinstance(held := outputs.get(key), tuple):
            told[f"grym.{key}"] = len(held)
    for task in _those(outputs, "tasks", Task):
        name = f"grym.tasks.{task.status}"
        told[name] = int(told.get(name, 0)) + 1
    if isinstance(context := outputs.get("context"), ProjectContext):
        told["grym.turn"] = context.turn
    made = () if "findings" in outputs else _those(outputs, "reports", Report)
    for report in made:
        told |= {"grym.findings": len(report.findings), "grym.artifacts": len(report.artifacts)}
        if report.failure is not None:
            told["grym.failure"] = report.failure.kind
    if thoughts := _those(outputs, "thoughts", Thought):
        told["grym.model_tokens_in"] = sum(one.tokens_in for one in thoughts)
        told["grym.model_tokens_out"] = sum(one.tokens_out for one in thoughts)
        told["grym.model_seconds"] = round(sum(one.seconds for one in thoughts), 3)
    return told


def _those(outputs: _Told, key: str, kind: type[_WordT]) -> tuple[_WordT, ...]:
    held = outputs.get(key)
    return tuple(one for one in held if isinstance(one, kind)) if isinstance(held, tuple) else ()


def _objective(inputs: object) -> str:
    task = inputs.get("task") if isinstance(inputs, Mapping) else None
    return task.objective if isinstance(task, Task) else ""


def _request(inputs: object) -> str:
    messages = inputs.get("messages") if isinstance(inputs, Mapping) else None
    return _last_text(messages)


def _answer(outputs: _Told) -> str:
    return _last_text(outputs.get("messages"))


def _last_text(messages: object) -> str:
    last = messages[-1] if isinstance(messages, list) and messages else None
    return str(last.text) if isinstance(last, BaseMessage) else ""
