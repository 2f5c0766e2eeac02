"""Plans for items: by the instruments, or by the model in the supervisor's chair."""

from collections.abc import Callable

from agents.boss.archive import ProjectArchive
from agents.boss.boss import Boss
from agents.boss.planner import BossPlanner
from agents.supervisor import Supervisor
from evals.sets.chairs import Chairs
from memory.context import Plan, ProjectContext, content_id
from memory.repository import Repository
from memory.store import GrymStore

MOST_TASKS = 8


def planner(chairs: Chairs) -> Callable[[ProjectContext], Plan]:
    """What plans a request, each in a new project."""
    supervisor, model = Supervisor(MOST_TASKS), chairs.chat("supervisor")
    if model is None:
        return supervisor.plan
    repository, settings = Repository(GrymStore()), chairs.settings

    def plan(context: ProjectContext) -> Plan:
        name = content_id("request", context.request, [one.id for one in context.assets])
        context = context.model_copy(update={"project": name})
        repository.ensure_project(context.project)
        repository.add_assets(context.project, context.assets)
        archive, most = ProjectArchive(repository), settings.package_tokens.supervisor
        boss = Boss(model, settings.model_seconds)
        made = BossPlanner(boss, archive, supervisor, most).plan(context, MOST_TASKS)
        chairs.meter.judge(boss.degraded)
        return made

    return plan
