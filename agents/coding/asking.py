"""What a human says to a draft, and to the places where its results are wanted."""

from collections.abc import Collection, Sequence
from typing import get_args

from agents.coding.approval import Decision, Policy, Source, approval_for
from agents.coding.gate import Gate
from agents.coding.saving import wanted_actions
from agents.coding.words import Draft, Places, Save
from grym_synth.settings import Action


def decided(
    draft: Draft,
    objective: str,
    gate: Gate,
    policy: Policy,
    sources: Sequence[Source] = (),
    before: Collection[Source] = (),
    runs: bool = False,
) -> tuple[Decision | None, tuple[Save, ...]]:
    """Ask for what needs a yes.

    Args:
        draft: the code, or results that are there already.
        objective: what it is to do.
        gate: asks, and keeps the answers.
        policy: what needs a yes.
        sources: the draft's files.
        before: those of the version before it.
        runs: whether running it needs one.

    Returns:
        What was said to running it, None where that was not asked; and the places that may be
        written.
    """
    asks = get_args(Action) if policy.is_served else policy.asks
    wanted = gate.once(
        f"places-{draft.number}",
        Places,
        lambda: Places(wanted=wanted_actions(draft.saves, policy.out, asks)),
    ).wanted
    refused: set[Save] = set()
    if policy.is_served or not policy.may_ask:
        refused, wanted = {one.save for one in wanted}, ()
    if not (runs or wanted):
        return None, tuple(one for one in draft.saves if one not in refused)
    said = gate.decide(approval_for(draft, sources, before, objective, runs, wanted))
    decision, others = (said[0], said[1:]) if runs else (None, said)
    refused |= {
        one.save for one, answer in zip(wanted, others, strict=True) if answer.type != "approve"
    }
    return decision, tuple(one for one in draft.saves if one not in refused)


def left_out(draft: Draft, saves: Collection[Save], policy: Policy) -> list[str]:
    """A sentence for each place of a draft that may not be written.

    Args:
        draft: the code or the results.
        saves: the places that may be written.
        policy: why others may not.
    """
    why = "a server writes into its output folder alone" if policy.is_served else "not approved"
    return [f"{one.path} was not written: {why}" for one in draft.saves if one not in saves]
