"""After the answer: the boss tells anew what this turn changed at the project's places."""

from langgraph.graph import END
from langgraph.runtime import Runtime

from agents.boss.summarising import retell
from agents.remembering.history import retold
from graph.deps import live
from graph.state import Context, SummariseSlice, Update
from memory.filing.records import now
from nodes.stopping import stoppable
from nodes.terms import terms_of


@stoppable
def summarise(state: SummariseSlice, runtime: Runtime[Context]) -> Update:
    """Write this turn's summaries in the model's words; else those of the instruments stand."""
    deps, terms, context = live(runtime.store), terms_of(runtime), state["context"]
    boss = deps.boss(state.get("degraded", ()), terms)
    if boss is None:
        return {}
    summaries = retell(boss, deps.repository, context)
    if boss.thoughts:
        step = boss.sign(retold(context, summaries))
        deps.repository.add_interactions(context.project, (step,))
    return {"thoughts": tuple(boss.thoughts)}


def after_answer(state: SummariseSlice, runtime: Runtime[Context]) -> str:
    """Go on to the summaries where a model is in the chair and this turn wrote any; else end."""
    context = state["context"]
    worked = any(task.status == "done" for task in state.get("tasks", ()))
    if not (worked and state.get("thoughts")):
        return END
    began, memory = now(context.thread, context.turn), live(runtime.store).repository
    return "summarise" if memory.is_worth_retelling(context.project, began) else END
