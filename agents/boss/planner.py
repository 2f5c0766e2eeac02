"""The boss plans: it improves the draft of the instruments, and its plan is checked.

It may open handles of its package in a bounded number of look-ups. A plan with faults goes back to
it once; when it still has some, or there is none, the draft is the plan.
"""

from agents.boss.archive import Archive
from agents.boss.boss import Boss, told
from agents.boss.catalogue import aspects_text, drawings_text, recipes_text
from agents.boss.checking import TOPICS, check_plan, told_faults
from agents.boss.drafting import drafted
from agents.boss.files import Files
from agents.boss.forms import PlanForm
from agents.boss.verdict import Verdict
from agents.boss.workflows import workflows_text
from agents.gama import LISTEN, MEASURE
from agents.library.asking import only_searches
from agents.planning.languages import read_request
from agents.reckoning.pixels import PIXELS
from agents.supervisor import Supervisor
from grym_synth.plain_text import inert
from memory.context import ContextPackage, Operation, Plan, ProjectContext, Task
from memory.packing.forms import CLOSING, OPENING
from memory.packing.packages import seen
from models.base import Message
from prompts.rendering import render

LOOK_UPS = 2
"""Most times that it may open handles before it decides."""

HANDLES = 4
"""Most handles that it may open at once."""

PACKAGE_SHARE = 1 / 3
"""Share of its window that the project's package may take; thinking and look-ups need the rest."""

_EVERYTHING = Operation(name=MEASURE, parameters={"aspects": []})

_TALK = frozenset({"greeting", "thanks", "cancel"})


class BossPlanner:
    """Plans with a model, on top of the instruments' plan."""

    def __init__(
        self, boss: Boss, archive: Archive, supervisor: Supervisor, most_tokens: int
    ) -> None:
        """Make a planner for one turn.

        Args:
            boss: who is asked.
            archive: what it can read.
            supervisor: drafts the plan.
            most_tokens: most tokens of its package.
        """
        self._boss, self._archive, self._supervisor = boss, archive, supervisor
        self._most = most_tokens

    def plan(self, context: ProjectContext, max_tasks: int = 8) -> Plan:
        """Decide who does what about the context's request.

        Args:
            context: the request, its attachments and what the project knows.
            max_tasks: most tasks of this turn.
        """
        return self.refine(context, self._supervisor.plan(context, max_tasks), max_tasks)

    def refine(self, context: ProjectContext, draft: Plan, max_tasks: int) -> Plan:
        """The draft as the boss wants it; the draft itself where it has nothing valid to say."""
        if _is_settled(context, draft):
            return draft
        package = self._package(context)
        if package is None:
            return draft
        messages = _messages(context, draft, package, max_tasks, self._boss.hears)
        form = self._decide(context, messages)
        if form is None:
            return draft
        plan, verdict = self._check(form, context, draft, max_tasks)
        if verdict.faults:
            again = render("plan_again", faults=told_faults(verdict.faults))
            said = Message("assistant", inert(form.model_dump_json()))
            self._boss.refuse("; ".join(verdict.faults))
            corrected = self._boss.ask(
                "correct the plan", PlanForm, [*messages, said, Message("user", again)]
            )
            if corrected is None:
                return draft
            plan, verdict = self._check(corrected, context, draft, max_tasks)
        if verdict.faults:
            self._boss.refuse("; ".join(verdict.faults))
            self._boss.fail(f"its plan was refused twice: {'; '.join(verdict.faults[:3])}")
            return draft
        return plan

    def _check(
        self, form: PlanForm, context: ProjectContext, draft: Plan, max_tasks: int
    ) -> tuple[Plan, Verdict]:
        """The plan that a decision means; where no model listens, instruments do what they can."""
        plan, verdict = check_plan(form, context, draft, max_tasks)
        return (plan if self._boss.hears else without_listening(plan), verdict)

    def _package(self, context: ProjectContext) -> ContextPackage | None:
        room = min(self._most, self._boss.room(PACKAGE_SHARE))
        if room <= 0:
            return None
        package = self._archive.package(context, room, self._boss.model)
        self._boss.saw = seen(package)
        return package

    def _decide(self, context: ProjectContext, messages: list[Message]) -> PlanForm | None:
        """Its decision, after it has read what it wanted to read; the messages grow by that."""
        for left in range(LOOK_UPS, -1, -1):
            form = self._boss.ask("plan", PlanForm, messages)
            if form is None or not form.look_up or not left:
                return form
            handles = tuple(dict.fromkeys(one.strip() for one in form.look_up))[:HANDLES]
            pages = [
                (one, self._archive.opened(context.project, one, self._boss.model))
                for one in handles
            ]
            self._boss.saw = tuple(dict.fromkeys((*self._boss.saw, *handles)))
            messages += [
                Message("assistant", inert(PlanForm(look_up=handles).model_dump_json())),
                Message("user", render("plan_opened", pages=pages, left=left - 1)),
            ]
        return None


def without_listening(plan: Plan) -> Plan:
    """The plan for a team whose gama has instruments alone."""
    return plan.model_copy(update={"tasks": tuple(map(_by_instruments, plan.tasks))})


def _by_instruments(task: Task) -> Task:
    """The task with everything measured in place of what a model was to hear."""
    steps = tuple(one for one in task.operations if one.name != LISTEN)
    if steps == task.operations:
        return task
    return task.model_copy(update={"operations": steps or (_EVERYTHING,)})


def _messages(
    context: ProjectContext, draft: Plan, package: ContextPackage, max_tasks: int, hears: bool
) -> list[Message]:
    files = Files.of(context.assets)
    attached = [one for one in context.assets if one.id in context.attached]
    return told(
        "plan",
        PlanForm,
        max_tasks=max_tasks,
        hears=hears,
        aspects=aspects_text(),
        drawings=drawings_text(),
        recipes=recipes_text(),
        workflows=workflows_text(),
        topics=", ".join(TOPICS),
        handles=HANDLES,
        project=package.text.strip().removeprefix(OPENING).removesuffix(CLOSING),
        request=draft.request or context.request,
        attached=[f"{files.handles[one.id]} {one.kind} {one.name}" for one in attached],
        draft=drafted(draft, files),
    )


def _is_settled(context: ProjectContext, draft: Plan) -> bool:
    """Whether the request leaves nothing to decide: small talk, a look back, a library's search.

    What is to be forgotten is never a model's decision, and it must not be handed to one.
    """
    if draft.forgets or draft.looks_back or only_searches(draft):
        return True
    if (draft.answers or draft.recalls == (PIXELS,)) and not draft.tasks:
        return True
    if draft.tasks or draft.asks or draft.recalls or draft.settings or draft.claims:
        return False
    return bool(_TALK.intersection(read_request(context).reading.talk))
