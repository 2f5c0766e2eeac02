"""What came with a request and nothing was done with: said, not left out in silence."""

import re
from collections.abc import Iterator, Sequence

from agents.wording import listed
from audio.assets import AssetRef
from memory.context import Finding, Plan, ProjectContext, Task

_UNUSED = (("audio", "Not listened to"), ("image", "Not looked at"))


def unused(
    context: ProjectContext, plan: Plan, tasks: Sequence[Task], findings: Sequence[Finding]
) -> str:
    """One line on each kind of attached file that the request did not speak of; else nothing.

    Args:
        context: the request and what came with it.
        plan: what was decided.
        tasks: the tasks as they ended.
        findings: what the turn found, or was told of files.
    """
    if plan.asks or plan.forgets:
        return ""
    used = set(_used(plan, tasks, findings))
    said = context.request.casefold()
    left = [
        one
        for one in context.assets
        if one.id in context.attached and one.id not in used and not _named(one, said)
    ]
    lines = []
    for kind, what in _UNUSED:
        names = [one.name for one in left if one.kind == kind]
        if names:
            them = "it" if len(names) == 1 else "them"
            lines.append(f"{what}: {listed(names)}. The request doesn't speak of {them}; say what "
                         f"you want to know of {them}.")  # fmt: skip
    return "\n".join(lines)


def _named(asset: AssetRef, said: str) -> bool:
    """Whether a text speaks of a file by its name, with or without its ending."""
    stem = asset.name.rpartition(".")[0] or asset.name
    return re.search(rf"(?<!\w){re.escape(stem.casefold())}(?!\w)", said) is not None


def _used(plan: Plan, tasks: Sequence[Task], findings: Sequence[Finding]) -> Iterator[str]:
    """Ids of the files that something was done with, or that something was said of."""
    for task in tasks:
        yield from task.inputs
        yield from (str(one) for one in task.order.parameters.values()) if task.order else ()
    for finding in findings:
        yield from (finding.subject.id, str(finding.value))
    for note in plan.facts:
        yield from note.assets
