"""Plan the work, send the tasks that are ready, and stop when nothing is left to do."""

from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.coder import coder_slice
from agents.gama import gama_slice
from agents.qwen_vl import qwen_vl_slice
from agents.scheduling import plan_turn, ready, retry, skip_unreachable
from graph.deps import live
from graph.state import Context, RouteSlice, SpecialistSlice, SupervisorSlice, Update
from memory.context import Finding, ProjectContext, Task


def supervisor(state: SupervisorSlice, runtime: Runtime[Context]) -> Update:
    """Make the plan at the turn's first round; afterwards decide what goes back or is given up."""
    deps, asked = live(runtime.store), runtime.context or Context()
    max_rounds = min(asked.max_rounds, deps.settings.max_rounds)
    if state.get("plan") is None:
        max_tasks = min(asked.max_tasks, deps.settings.max_tasks)
        plan = plan_turn(deps.supervisor, state["context"], max_tasks)
        tasks = skip_unreachable(plan.tasks, rounds_left=max_rounds)
        return {"plan": plan, "tasks": tasks, "degraded": deps.degraded(), "round": 0}
    done, tasks = state.get("round", 0) + 1, state["tasks"]
    if done < max_rounds:
        tasks = retry(tasks)
    return {"tasks": skip_unreachable(tasks, rounds_left=max_rounds - done), "round": done}


def route(state: RouteSlice) -> list[Send] | str:
    """Send each ready task, with its slice, to its agent; or go on to the answer."""
    plan = state.get("plan")
    tasks = ready(state["tasks"])
    if tasks:
        findings = state.get("findings", ())
        return [Send(task.agent, _slice(task, state["context"], findings)) for task in tasks]
    states_facts = plan is not None and (plan.settings or plan.claims)
    return "integrate" if states_facts and state.get("round", 0) == 0 else "respond"


def _slice(task: Task, context: ProjectContext, findings: tuple[Finding, ...]) -> SpecialistSlice:
    if task.agent == "gama":
        return gama_slice(task, context, findings)
    if task.agent == "qwen_vl":
        return qwen_vl_slice(task, context, findings)
    return coder_slice(task, context, findings)
