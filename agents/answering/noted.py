"""What the answer says of what the user told: what is remembered now, and what became of claims."""

from collections.abc import Sequence

from agents.remembering.recollection import UNNAMED
from agents.wording import aspect_text, value_text
from audio.agreement import agree
from audio.aspects import SHOWS
from memory.context import Finding, Note, Plan

NO_LONGER = "- no longer "
"""Begins a line that tells what does not hold any more."""


def noted(plan: Plan) -> str:
    """What is remembered now, and what it took the place of."""
    lines = [f"- {one.field}: {one.value}" for one in plan.settings]
    lines += [f"- {one.kind}: {one.text}" for one in plan.facts]
    lines += [f"- “{one.name}” means {one.means}" for one in plan.terms]
    lines += [f"{NO_LONGER}{one.field}: {one.value}" for one in plan.replaced]
    lines += [
        f"{NO_LONGER}{one.kind}: {one.text}"
        if isinstance(one, Note)
        else f"- no longer: “{one.name}” means {one.means}"
        for one in plan.taken_back
    ]
    return "\n".join(("Noted for this project:", *lines)) if lines else ""


def claims_told(fresh: Sequence[Finding], known: Sequence[Finding], names: dict[str, str]) -> str:
    """What the user says of files and nothing contradicts: whether a measurement agrees."""
    lines = []
    for said in fresh:
        if said.evidence != "user":
            continue
        if said.aspect == SHOWS:
            lines.append(_tied(said, names))
            continue
        about = [one for one in known if one.subject == said.subject and one.aspect == said.aspect]
        others = [one for one in about if one.value is not None]
        proven = [one for one in others if one.evidence != "user"]
        if any(not agree(one.aspect, one.value, said.value) for one in others):
            continue  # a contradiction, which is told as one
        name, value = names.get(said.subject.id, UNNAMED), value_text(said.value, said.unit)
        how = (
            "a measurement could not tell"
            if len(about) > len(others)
            else "it was not measured yet"
        )
        if proven:
            how = f"{value_text(proven[-1].value, said.unit)} {proven[-1].evidence}"
        lines.append(f"{aspect_text(said.aspect)} of {name} is {value}, as you say; {how}.")
    return "\n".join(lines)


def _tied(said: Finding, names: dict[str, str]) -> str:
    """Which sound a picture is remembered to show."""
    picture, sound = names.get(said.subject.id, UNNAMED), names.get(str(said.value), UNNAMED)
    return f"{picture} shows {sound}, as you say: what is seen in it counts for that file too."
