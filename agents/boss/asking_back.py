"""What must be asked of the user before the tasks of a plan can run."""

from collections.abc import Iterable, Iterator

from agents.boss.files import Files
from agents.boss.forms import PlanForm
from agents.boss.tasks import wanted_kind
from agents.boss.verdict import Verdict
from agents.judging.mending import UNSETTLED
from agents.recipes.binding import needs_input
from grym_synth.errors import BadInput
from memory.context import Ask, Plan, Task

_MOST = 3
"""Most questions at once."""


def asks_of(
    form: PlanForm, draft: Plan, tasks: tuple[Task, ...], files: Files, verdict: Verdict
) -> tuple[Ask, ...]:
    """The questions of a plan: for files that its tasks lack, and what else only the user knows.

    A question of the draft stays unless it was dropped for a reason; a question for a file that is
    there is not asked. Nor is one where the draft has a task without its file and asks nothing:
    then it says in other words what is missing.
    """
    dropped = {one.number for one in form.dropped if one.what == "question" and one.why.strip()}
    kept = [one for number, one in enumerate(draft.asks, 1) if number not in dropped]
    own = [Ask(question=" ".join(one.question.split()), missing=one.missing) for one in form.asks]
    said = set() if draft.asks else {task.agent for task in draft.tasks if not task.inputs}
    lacking = list(_lacking(tasks, [task for task in tasks if task.agent not in said]))
    missing = {one.missing for one in lacking}
    bare = any(not (task.inputs or task.needs) for task in tasks)
    asks: dict[str, Ask] = {}
    for one in (*kept, *own, *lacking):
        for_file = one.missing in ("audio", "image")
        there = any(asset.kind == one.missing for asset in files.known.values())
        useless = one.missing not in missing and (tasks or there)
        if for_file and useless and not (one in kept and bare):
            verdict.repair("asks", f"all tasks have their files, so no {one.missing} is asked for")
        elif one.question:
            asks.setdefault(one.missing, one)
    return tuple(asks.values())[:_MOST]


def _lacking(tasks: Iterable[Task], asking: Iterable[Task]) -> Iterator[Ask]:
    """A question for each kind of file that one of some tasks works on and doesn't have."""
    agents = {task.id: task.agent for task in tasks}
    for task in asking:
        from_others = any(agents.get(need) == "coder" for need in task.needs)
        if task.inputs or from_others or not _needs_file(task):
            continue
        if wanted_kind(task.agent, task.operations) == "image":
            question = "Which picture do you mean? Please attach it."
            yield Ask(question=question, missing="image")
        else:
            what = f"{task.objective[:1].lower()}{task.objective[1:]}".rstrip(".")
            yield Ask(question=f"Which audio file shall I use to {what}?", missing="audio")


def _needs_file(task: Task) -> bool:
    if task.order is not None:
        return task.order.workflow in ("master", "unpack")
    if task.agent != "coder":
        return True
    steps = tuple(one for one in task.operations if one.name not in UNSETTLED)
    try:
        return len(steps) < len(task.operations) or (bool(steps) and needs_input(steps))
    except BadInput:
        return False
