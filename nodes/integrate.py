"""Merge the reports, judge the criteria, settle conflicts, and write to project memory."""

from langgraph.runtime import Runtime

from agents.boss.arbitration import BossArbiter
from agents.boss.distilling import BossDistiller
from agents.boss.rounds import is_last, with_rulings
from agents.events import integrating
from agents.history import evolved, integrated, new_reports, worked
from agents.integration import integrate_round
from agents.keeping import frame_of, keep_advice, keep_stated
from graph.deps import live
from graph.state import Context, IntegrateSlice, Update
from memory.records import now
from nodes.chair import signed, spoken
from nodes.terms import terms_of

MOST_SUMMARIES = 4
"""Summaries that one round writes; what else is due in a project of many places comes later."""


def integrate(state: IntegrateSlice, runtime: Runtime[Context]) -> Update:
    """Turn this round's reports into judged tasks, findings, conflicts and memory entries."""
    deps, context = live(runtime.store), state["context"]
    repository = deps.repository
    plan, round_ = state.get("plan"), state.get("round", 0) + 1
    lost = (one for report in state.get("reports", ()) for one in report.degraded)
    held = tuple(dict.fromkeys((*state.get("degraded", ()), *lost)))
    terms = terms_of(runtime)
    terms.tell(integrating(len(new_reports(state["tasks"], state.get("reports", ())))))
    boss = deps.boss(held, terms)
    arbiter = BossArbiter(boss, context) if boss is not None else None
    distiller = None
    if boss is not None and is_last(state["tasks"], state.get("reports", ())):
        places = (repository.sections(context.project), repository.elements(context.project))
        distiller = BossDistiller(boss, *places)
    outcome = integrate_round(
        context,
        plan,
        state["tasks"],
        state.get("reports", ()),
        state.get("findings", ()),
        frame=frame_of(repository, context),
        distiller=distiller,
        boss=arbiter,
    )
    if arbiter is not None:
        limit = min((runtime.context or Context()).max_rounds, deps.settings.max_rounds)
        most = min((runtime.context or Context()).max_tasks, deps.settings.max_tasks)
        looks = round_ < limit and len(outcome.tasks) < most
        outcome = with_rulings(outcome, arbiter, looks)
    project, began = context.project, now(context.thread, context.turn)
    if plan is not None:
        keep_stated(repository, project, plan, began)
    made = tuple(deps.assets.ref(artifact.id) for artifact in outcome.artifacts)
    repository.add_assets(project, made, began)
    repository.add_findings(project, outcome.findings, began)
    repository.add_conflicts(project, outcome.conflicts, began)
    reports = new_reports(state["tasks"], state.get("reports", ()))
    repository.add_reports(project, reports, round_, began)
    step = integrated(context, outcome.tasks, outcome.findings, outcome.conflicts, round_)
    repository.add_interactions(
        project,
        (
            *worked(context, outcome.tasks, reports, round_),
            signed(step, boss),
        ),
    )
    keep_advice(repository, context, outcome.recommendations, outcome.findings)
    repository.add_notes(project, outcome.notes, began)
    moment = now(context.thread, context.turn)
    refreshed = repository.refresh_summaries(project, moment, most=MOST_SUMMARIES)
    repository.add_interactions(project, evolved(context, refreshed, round_))
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
        **spoken(boss, held),
    }
