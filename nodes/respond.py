"""Answer with evidence, say what was not done, and close the turn in project memory."""

from datetime import UTC, datetime

from langchain_core.messages import AIMessage
from langgraph.runtime import Runtime

from agents.answer import answer, cited
from graph.deps import live
from graph.state import Context, RespondSlice, Update
from memory.context import Plan, TurnRecord


def respond(state: RespondSlice, runtime: Runtime[Context]) -> Update:
    """Write the answer and the turn's record, whose ids make a replay write nothing twice."""
    context, plan = state["context"], state.get("plan") or Plan()
    findings = cited(context, plan, state.get("findings", ()))
    text = answer(
        context,
        plan,
        state.get("tasks", ()),
        findings,
        state.get("recommendations", ()),
        state.get("conflicts", ()),
        state.get("artifacts", ()),
        state.get("degraded", ()),
        state.get("rejected", ()),
        state.get("summaries", ()),
    )
    live(runtime.store).repository.add_turn(
        context.project,
        TurnRecord(
            thread=context.thread,
            turn=context.turn,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            request=context.request,
            answer=text,
            tasks=state.get("tasks", ()),
            artifacts=state.get("artifacts", ()),
            findings=tuple(finding.id for finding in state.get("findings", ())),
            attached=context.attached,
            models=("instruments",),
        ),
    )
    message = AIMessage(text, id=f"{context.project}/{context.thread}/{context.turn}")
    return {"messages": [message], "findings": findings, "answered": context.turn}
