"""The boss on instruments: reads a request with vocabulary and grammar, and makes a typed plan."""

from agents.planning.assemble import assemble
from agents.planning.languages import read_request
from agents.workflows.ordering import task_of
from memory.context import Plan, ProjectContext


class Supervisor:
    """Plans without a model: deterministic, offline, and in bounded time for any text."""

    def __init__(self, max_tasks: int = 8) -> None:
        self._max_tasks = max_tasks

    def plan(self, context: ProjectContext, max_tasks: int | None = None) -> Plan:
        """Decide who does what about the context's request.

        Args:
            context: the request, its attachments and what the project knows.
            max_tasks: most tasks of this turn; by default the supervisor's own limit.
        """
        if context.order is not None:
            return Plan(tasks=(task_of(context.order, context),))
        limit = self._max_tasks if max_tasks is None else max_tasks
        return assemble(context, read_request(context), limit)
