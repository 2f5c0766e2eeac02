"""Plan the work, send the tasks that are ready, and stop when nothing is left to do."""

import time

from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.boss.adjusting import adjusted, changes_text
from agents.boss.archive import ProjectArchive
from agents.boss.planner import BossPlanner
from agents.contexts.coder import CODER, coder_slice
from agents.contexts.gama import GAMA, gama_slice
from agents.contexts.qwen_vl import QWEN_VL, qwen_vl_slice
from agents.events import planning, retries
from agents.history import planned, revised, weighed
from agents.scheduling import plan_turn, ready, retry, skip_unreachable
from graph.deps import Deps, Terms, live
from graph.state import Context, RouteSlice, SpecialistSlice, SupervisorSlice, Update
from memory.context import Finding, ProjectContext, Task
from memory.glossary import Glossary
from nodes.chair import signed, spoken
from nodes.terms import terms_of


def supervisor(state: SupervisorSlice, runtime: Runtime[Context]) -> Update:
    """Make the plan at the turn's first round; afterwards decide what goes back or is given up."""
    deps, asked = live(runtime.store), runtime.context or Context()
    context = state["context"]
    max_rounds, terms = min(asked.max_rounds, deps.settings.max_rounds), terms_of(runtime)
    if state.get("plan") is None:
        max_tasks = min(asked.max_tasks, deps.settings.max_tasks)
        return _plan(deps, terms, context, max_tasks, max_rounds)
    done, tasks, held = state.get("round", 0) + 1, state["tasks"], state.get("degraded", ())
    boss = deps.boss(held, terms) if done < max_rounds else None
    if done < max_rounds:
        tasks = retry(tasks)
    if boss is not None:
        tasks = adjusted(boss, context, tasks)
    tasks = skip_unreachable(tasks, rounds_left=max_rounds - done)
    for event in retries(state["tasks"], tasks):
        terms.tell(event)
    changes = changes_text(state["tasks"], tasks)
    steps = revised(context, state["tasks"], tasks, done)
    if boss is not None and boss.thoughts and not steps:
        steps = (weighed(context, done),)
    deps.repository.add_interactions(context.project, [signed(one, boss, changes) for one in steps])
    return {"tasks": tasks, "round": done, **spoken(boss, held)}


def _plan(
    deps: Deps, terms: Terms, context: ProjectContext, max_tasks: int, max_rounds: int
) -> Update:
    """The turn's plan: drafted on instruments, and improved by the boss where there is one."""
    terms.tell(planning())
    began, less = time.monotonic(), deps.degraded(terms)
    boss = deps.boss(less, terms)
    refine = None
    if boss is not None:
        archive, most = ProjectArchive(deps.repository), deps.settings.package_tokens.supervisor
        refine = BossPlanner(boss, archive, deps.supervisor, most).refine
    plan = plan_turn(deps.supervisor, context, max_tasks, refine)
    tasks = skip_unreachable(plan.tasks, rounds_left=max_rounds)
    step = planned(context, plan, tasks, time.monotonic() - began)
    deps.repository.add_interactions(context.project, (signed(step, boss),))
    return {"plan": plan, "tasks": tasks, "round": 0, **spoken(boss, less)}


def route(state: RouteSlice, runtime: Runtime[Context]) -> list[Send] | str:
    """Send each ready task, with its slice, to its agent; or go on to the answer."""
    plan = state.get("plan")
    tasks = ready(state["tasks"])
    if tasks:
        deps, findings = live(runtime.store), state.get("findings", ())
        return [Send(one.agent, _slice(deps, one, state["context"], findings)) for one in tasks]
    states_facts = plan is not None and (plan.settings or plan.claims or plan.facts or plan.terms)
    return "integrate" if states_facts and state.get("round", 0) == 0 else "respond"


def _slice(
    deps: Deps, task: Task, context: ProjectContext, findings: tuple[Finding, ...]
) -> SpecialistSlice:
    """What one task's agent sees: its files and facts, and a package cut from project memory."""
    glossary = Glossary.load(context.terms)
    known = deps.repository.knowledge(context.project, task, glossary).with_findings(findings)
    budgets = deps.settings.package_tokens
    if task.agent == "gama":
        package = GAMA.package(task, known, budgets.gama, glossary)
        return gama_slice(task, context, findings, package)
    if task.agent == "qwen_vl":
        package = QWEN_VL.package(task, known, budgets.qwen_vl, glossary)
        return qwen_vl_slice(task, context, findings, package)
    package = CODER.package(task, known, budgets.coder, glossary)
    return coder_slice(task, context, findings, package)
