"""Plan the work, send the tasks that are ready, and stop when nothing is left to do."""

from functools import partial

from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.remembering.code_context import with_files_read
from agents.remembering.keeping import states
from agents.roles.models import INSTRUMENTS
from agents.turn.deciding import decide_on, make_plan
from agents.turn.events import judged, planned, planning, retries
from agents.turn.integration import claimed
from agents.turn.scheduling import ready
from agents.turn.slicing import slices_for
from audio.aspects import SHOWS
from graph.deps import live
from graph.state import Context, RouteSlice, SupervisorSlice, Update
from memory.context import Task
from nodes.chair import spoken
from nodes.stopping import stoppable
from nodes.terms import limits_of, terms_of


@stoppable
def supervisor(state: SupervisorSlice, runtime: Runtime[Context]) -> Update:
    """Make the plan at the turn's first round; afterwards decide what goes back or is given up."""
    return _begin(state, runtime) if state.get("plan") is None else _go_on(state, runtime)


def _begin(state: SupervisorSlice, runtime: Runtime[Context]) -> Update:
    deps, terms = live(runtime.store), terms_of(runtime)
    terms.tell(planning())
    less = deps.degraded(terms)
    boss, most = deps.boss(less, terms), deps.settings.package_tokens.supervisor
    parts = (deps.supervisor, deps.repository, boss)
    writes = deps.casting.part("coder", terms.choice).used != INSTRUMENTS
    context = state["context"].model_copy(update={"writes_code": writes})
    plan = make_plan(context, *parts, limits_of(runtime), most)
    plan = with_files_read(plan, context.project, deps.assets, deps.repository)
    for event in planned(plan.tasks):
        terms.tell(event)
    return {"plan": plan, "tasks": plan.tasks, "round": 0, **spoken(boss, less)}


def _go_on(state: SupervisorSlice, runtime: Runtime[Context]) -> Update:
    deps, terms, held = live(runtime.store), terms_of(runtime), state.get("degraded", ())
    done = state.get("round", 0) + 1
    left = limits_of(runtime).rounds - done
    boss = deps.boss(held, terms) if left > 0 else None
    tasks = decide_on(state["context"], state["tasks"], deps.repository, boss, done, left)
    for event in (*retries(state["tasks"], tasks), *judged(state["tasks"], tasks)):
        terms.tell(event)
    return {"tasks": tasks, "round": done, **spoken(boss, held)}


def route(state: RouteSlice, runtime: Runtime[Context]) -> list[Send] | str:
    """Send each ready task, with its slice, to its agent; or go on to the answer."""
    deps, plan, tasks = live(runtime.store), state.get("plan"), ready(state["tasks"])
    if tasks:
        context = state["context"]
        told = claimed(plan, context) if plan is not None else ()
        shows = (one for one in told if one.aspect == SHOWS)
        known = (context, (*state.get("findings", ()), *shows))
        tasks = deps.ordered(tasks, state["tasks"], terms_of(runtime))
        memory = (deps.repository, deps.settings.package_tokens)
        counter = partial(deps.counter, terms=terms_of(runtime))
        slices = slices_for(tasks, *known, *memory, counter)
        return [Send(_node_of(one), slice_) for one, slice_ in zip(tasks, slices, strict=True)]
    states_facts = plan is not None and states(plan)
    return "integrate" if states_facts and state.get("round", 0) == 0 else "respond"


def _node_of(task: Task) -> str:
    """A workflow is a node of its own; other tasks go to their agent's."""
    return task.order.workflow if task.order is not None else task.agent
