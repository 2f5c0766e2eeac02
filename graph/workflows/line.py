"""A workflow as a graph: its stages in a line, each told, timed, stoppable and checkpointed.

A run that is killed goes on after its last ended stage. What its user can cause is raised as a
``GrymError``: the turn's graph makes a failed task of it, and a program gets it as it is.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.boss.boss import Boss
from agents.turn.events import going_on, task_end, task_start
from agents.workflows.ordering import OWNERS, objective_of
from audio.assets import AssetStore
from graph.deps import Deps, Terms, live, served_tracing
from graph.state import Context
from graph.workflows.state import Handed, Reported, WorkflowState
from grym_synth.errors import Cancelled
from memory.context import ContextPackage, Order, Report, Task, WorkflowName, content_id
from nodes.stopping import stoppable
from nodes.terms import terms_of
from nodes.tracing import TurnTrace

Workflow = CompiledStateGraph[WorkflowState, Context, Handed, Reported]
Changes = Mapping[str, object]
"""What a stage changes in its workflow's state."""


@dataclass(frozen=True)
class Bench:
    """What a stage works with."""

    deps: Deps
    terms: Terms
    scratch: AssetStore
    """Takes what only later stages need; it is gone once the workflow has reported."""
    progress: Callable[[float], None]
    """Takes the share of the stage that is done, from 0 to 1; raises ``Cancelled`` on Ctrl-C."""

    def boss(self) -> Boss | None:
        """The supervisor's model, where it is there."""
        return self.deps.boss(self.deps.degraded(self.terms), self.terms)


@dataclass(frozen=True)
class Stage:
    """One step of a workflow."""

    name: str
    """Of its node."""
    says: str
    """What it does, for people who wait: ``rendering the stems``."""
    work: Callable[..., Changes]
    """Takes the workflow's state and a ``Bench``, returns what it changes; the last ``reports``."""
    weight: float = 1.0
    """How long it takes, to the others; for the time left."""


class _Node(Protocol):
    def __call__(self, state: WorkflowState, *, runtime: Runtime[Context]) -> Changes: ...


def line(name: WorkflowName, state: type[WorkflowState], stages: Sequence[Stage]) -> Workflow:
    """Compile a workflow of stages that follow one another.

    Args:
        name: of the workflow.
        state: its state.
        stages: in their order; the first finds ``task``, ``assets`` and ``package``.
    """
    builder = StateGraph(state, Context, input_schema=Handed, output_schema=Reported)
    begins = {"description": "Makes a task of an order that comes without one."}
    builder.add_node("begin", _begin(name), metadata=begins)
    builder.add_edge(START, "begin")
    whole, done, before = sum(one.weight for one in stages), 0.0, "begin"
    for stage in stages:
        node = _node(stage, done / whole, stage.weight / whole)
        builder.add_node(stage.name, node, metadata={"description": _sentence(stage.says)})
        builder.add_edge(before, stage.name)
        before, done = stage.name, done + stage.weight
    builder.add_edge(before, END)
    return builder.compile(name=name).with_config(callbacks=[TurnTrace(served_tracing)])


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:]}."


def _begin(name: WorkflowName) -> _Node:
    """The node that makes a task of an order that comes without one."""

    @stoppable
    def begin(state: WorkflowState, runtime: Runtime[Context]) -> Changes:
        if (task := state.get("task")) is not None:
            terms_of(runtime).tell(task_start(task))
            return {"spent": 0.0}
        files = tuple(map(live(runtime.store).assets.ref, state.get("files", ())))
        order = Order(workflow=name, parameters=state.get("parameters", {}))
        ids = tuple(one.id for one in files)
        made = Task(
            id=content_id("t", name, *ids, order.model_dump_json()),
            agent=OWNERS[name],
            objective=objective_of(order, files),
            inputs=ids,
            order=order,
        )
        terms_of(runtime).tell(task_start(made))
        package = ContextPackage(agent=made.agent, budget=0, tokens=0)
        return {"task": made, "assets": files, "package": package, "spent": 0.0}

    return begin


def _node(stage: Stage, before: float, share: float) -> _Node:
    """A stage's node.

    Args:
        stage: the stage.
        before: the share of the workflow that comes before it.
        share: its own share of the workflow.
    """

    @stoppable
    def work(state: WorkflowState, runtime: Runtime[Context]) -> Changes:
        began, terms, spent = time.monotonic(), terms_of(runtime), state.get("spent", 0.0)
        node = state["task"].order.workflow if state["task"].order is not None else stage.name

        def progress(part: float) -> None:
            if terms.cancel.is_set():
                raise Cancelled(stage.says, "it was cancelled", "Resume it, or ask something else")
            done, took = before + share * part, spent + time.monotonic() - began
            left = took * (1 - done) / done if done > 0 and took > 0 else None
            terms.tell(going_on(node, stage.says, state["task"].id, done, left))

        progress(0.0)
        deps = live(runtime.store)
        scratch = deps.scratch(state["task"].id)
        changes = stage.work(state, Bench(deps, terms, scratch, progress))
        took = time.monotonic() - began
        if reports := cast(tuple[Report, ...], changes.get("reports", ())):
            told = tuple(
                one.model_copy(update={"seconds": round(spent + took, 3)}) for one in reports
            )
            for one in told:
                terms.tell(task_end(state["task"], one))
            deps.discard(state["task"].id)
            changes = {**changes, "reports": told}
        return {**changes, "spent": took}

    return work
