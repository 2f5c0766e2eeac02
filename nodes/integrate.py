"""Merge the reports, judge the criteria, settle conflicts, and write to project memory."""

from dataclasses import replace

from langgraph.runtime import Runtime

from agents.remembering.code_context import built_notes
from agents.turn.events import integrating, judged
from agents.turn.rounds import Round, keep, merge
from graph.deps import live
from graph.state import Context, IntegrateSlice, Update
from nodes.branching import leave_others
from nodes.chair import spoken
from nodes.stopping import stoppable
from nodes.terms import limits_of, terms_of


@stoppable
def integrate(state: IntegrateSlice, runtime: Runtime[Context]) -> Update:
    """Turn this round's reports into judged tasks, findings, conflicts and memory entries."""
    deps, terms, round_ = live(runtime.store), terms_of(runtime), _round(state, runtime)
    terms.tell(integrating(len(round_.fresh)))
    leave_others(deps.repository, round_.context, round_.context.turn)
    lost = (one for report in round_.reports for one in report.degraded)
    held = tuple(dict.fromkeys((*state.get("degraded", ()), *lost)))
    boss = deps.boss(held, terms)
    outcome = merge(round_, deps.repository, boss)
    for event in judged(round_.tasks, outcome.tasks):
        terms.tell(event)
    built = built_notes(round_.fresh, deps.assets)
    outcome = replace(outcome, notes=(*outcome.notes, *built))
    made = tuple(deps.assets.ref(artifact.id) for artifact in outcome.artifacts)
    keep(round_, outcome, made, deps.repository, boss)
    known = {ref.id: ref for ref in (*round_.context.assets, *made)}
    return {
        "context": round_.context.model_copy(update={"assets": tuple(known.values())}),
        "tasks": outcome.tasks,
        "findings": outcome.findings,
        "recommendations": outcome.recommendations,
        "conflicts": outcome.conflicts,
        "artifacts": outcome.artifacts,
        "slices": outcome.slices,
        "summaries": outcome.summaries,
        **spoken(boss, held),
    }


def _round(state: IntegrateSlice, runtime: Runtime[Context]) -> Round:
    number, limits = state.get("round", 0) + 1, limits_of(runtime)
    return Round(
        context=state["context"],
        plan=state.get("plan"),
        tasks=state["tasks"],
        reports=state.get("reports", ()),
        findings=state.get("findings", ()),
        number=number,
        most_tasks=limits.tasks if number < limits.rounds else 0,
    )
