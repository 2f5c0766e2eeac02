"""Answer with evidence, say what was not done, and close the turn in project memory."""

from langgraph.runtime import Runtime

from agents.turn.events import answering
from agents.turn.responding import Turn, is_prose, reply_to
from graph.deps import live
from graph.state import Context, RespondSlice, Update
from memory.context import Plan
from nodes.branching import leave_others
from nodes.chair import spoken
from nodes.speaking import spoken_aloud
from nodes.stopping import stoppable
from nodes.terms import terms_of


@stoppable
def respond(state: RespondSlice, runtime: Runtime[Context]) -> Update:
    """Write the answer and the turn's record, whose ids make a replay write nothing twice."""
    deps, terms, turn = live(runtime.store), terms_of(runtime), _turn(state)
    terms.tell(answering())
    leave_others(deps.repository, turn.context, turn.context.turn)
    boss = deps.boss(turn.degraded, terms) if is_prose(turn.plan) else None
    reply = reply_to(turn, deps.repository, deps.assets, boss)
    context = turn.context
    shown = deps.links(context.project, turn.artifacts)
    message = spoken_aloud(
        "\n\n".join(filter(None, (reply.text, shown))),
        f"{context.project}/{context.thread}/{context.turn}",
    )
    return {
        "messages": [message],
        "findings": reply.findings,
        "answered": context.turn,
        **spoken(boss, turn.degraded),
    }


def _turn(state: RespondSlice) -> Turn:
    return Turn(
        context=state["context"],
        plan=state.get("plan") or Plan(),
        tasks=state.get("tasks", ()),
        findings=state.get("findings", ()),
        recommendations=state.get("recommendations", ()),
        conflicts=state.get("conflicts", ()),
        artifacts=state.get("artifacts", ()),
        summaries=state.get("summaries", ()),
        rejected=state.get("rejected", ()),
        degraded=state.get("degraded", ()),
        thoughts=state.get("thoughts", ()),
    )
