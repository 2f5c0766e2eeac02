"""Merge the reports, judge the criteria, settle conflicts, and write to project memory."""

from langgraph.runtime import Runtime

from agents.integration import integrate_round
from graph.deps import live
from graph.state import Context, IntegrateSlice, Update


def integrate(state: IntegrateSlice, runtime: Runtime[Context]) -> Update:
    """Turn this round's reports into judged tasks, findings, conflicts and memory entries."""
    deps, context = live(runtime.store), state["context"]
    repository = deps.repository
    plan = state.get("plan")
    outcome = integrate_round(
        context,
        plan,
        state["tasks"],
        state.get("reports", ()),
        state.get("findings", ()),
    )
    if plan is not None:
        for setting in plan.settings:
            repository.set(context.project, setting)
    made = tuple(deps.assets.ref(artifact.id) for artifact in outcome.artifacts)
    repository.add_assets(context.project, made)
    repository.add_findings(context.project, outcome.findings)
    repository.add_conflicts(context.project, outcome.conflicts)
    known = {ref.id: ref for ref in (*context.assets, *made)}
    return {
        "context": context.model_copy(update={"assets": tuple(known.values())}),
        "tasks": outcome.tasks,
        "findings": outcome.findings,
        "recommendations": outcome.recommendations,
        "conflicts": outcome.conflicts,
        "artifacts": outcome.artifacts,
        "slices": outcome.slices,
        "summaries": outcome.summaries,
    }
