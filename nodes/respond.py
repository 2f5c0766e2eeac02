"""Answer with evidence, say what was not done, and close the turn in project memory."""

import time
from datetime import UTC, datetime

from langchain_core.messages import AIMessage
from langgraph.runtime import Runtime

from agents.answer import answer, cited
from agents.boss.answering import prose
from agents.boss.boss import Boss
from agents.boss.facts import file_names
from agents.closing import flags_of, is_echo, with_flags
from agents.events import answering
from agents.forgetting import carry_out
from agents.history import answered
from agents.looking_back import as_believed, excuse
from graph.deps import live
from graph.state import Context, RespondSlice, Update
from grym_synth.errors import BadInput, UnknownName
from memory.blanking import BLANK
from memory.context import Finding, Flag, Plan, TurnRecord
from memory.repository import Repository
from nodes.chair import signed, spoken
from nodes.terms import terms_of


def respond(state: RespondSlice, runtime: Runtime[Context]) -> Update:
    """Write the answer and the turn's record, whose ids make a replay write nothing twice."""
    began = time.monotonic()
    context, plan = state["context"], state.get("plan") or Plan()
    deps, terms = live(runtime.store), terms_of(runtime)
    terms.tell(answering())
    repository = deps.repository
    forgotten = carry_out(repository, deps.assets, context.project, plan.forgets)
    try:
        then = as_believed(repository, context, plan)
    except (UnknownName, BadInput) as fault:
        then, plan = context, Plan(request=plan.request, notes=(excuse(fault),))
    findings = cited(then, plan, state.get("findings", ()))
    held = state.get("degraded", ())
    boss = None if plan.looks_back or plan.forgets or plan.asks else deps.boss(held, terms)
    said = _prose(boss, plan, findings, state, repository) if boss is not None else ""
    less = spoken(boss, held)
    text = answer(
        context,
        plan,
        state.get("tasks", ()),
        findings,
        state.get("recommendations", ()),
        state.get("conflicts", ()),
        state.get("artifacts", ()),
        less["degraded"],
        state.get("rejected", ()),
        state.get("summaries", ()),
        forgotten,
        then if plan.looks_back else None,
        said,
    )
    flags = (
        () if plan.looks_back or plan.forgets else _flags(text, plan, findings, state, repository)
    )
    text = with_flags(text, flags)
    step = answered(context, findings, len(state.get("artifacts", ())), time.monotonic() - began)
    repository.add_interactions(context.project, (signed(step, boss),))
    repository.add_turn(context.project, _record(text, plan, flags, boss, state))
    message = AIMessage(text, id=f"{context.project}/{context.thread}/{context.turn}")
    return {
        "messages": [message],
        "findings": findings,
        "answered": context.turn,
        **less,
    }


def _prose(
    boss: Boss,
    plan: Plan,
    findings: tuple[Finding, ...],
    state: RespondSlice,
    repository: Repository,
) -> str:
    context = state["context"]
    return prose(
        boss,
        context,
        tasks=state.get("tasks", ()),
        findings=findings,
        advice=state.get("recommendations", ()),
        conflicts=state.get("conflicts", ()),
        names=file_names(context),
        flags=lambda text: _flags(text, plan, findings, state, repository),
    )


def _flags(
    text: str,
    plan: Plan,
    findings: tuple[Finding, ...],
    state: RespondSlice,
    repository: Repository,
) -> tuple[Flag, ...]:
    project = state["context"].project
    flags = flags_of(
        text,
        state["context"],
        plan,
        state.get("tasks", ()),
        findings,
        state.get("artifacts", ()),
        repository.timeline(project),
        repository.elements(project),
        datetime.now(UTC).date(),
    )
    if not any(flag.kind == "file" for flag in flags):
        return flags
    names = {asset.name for asset in repository.assets(project)}  # also those not in focus
    return tuple(flag for flag in flags if flag.kind != "file" or flag.against not in names)


def _record(
    text: str,
    plan: Plan,
    flags: tuple[Flag, ...],
    boss: Boss | None,
    state: RespondSlice,
) -> TurnRecord:
    """The turn for the project's history; what was to be forgotten is not repeated in it."""
    forgets, context = bool(plan.forgets), state["context"]
    thoughts = (*state.get("thoughts", ()), *(boss.thoughts if boss is not None else ()))
    return TurnRecord(
        thread=context.thread,
        turn=context.turn,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        request=BLANK if forgets else context.request,
        answer=BLANK if forgets else text,
        tasks=state.get("tasks", ()),
        artifacts=state.get("artifacts", ()),
        findings=tuple(finding.id for finding in state.get("findings", ())),
        attached=context.attached,
        models=tuple(dict.fromkeys(one.model for one in thoughts)) or ("instruments",),
        flags=flags,
        searchable=not (forgets or is_echo(text, context, plan, state.get("tasks", ()))),
    )
