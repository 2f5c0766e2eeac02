"""The plan alone: what a request would do, with nothing run and nothing written."""

from collections.abc import Iterable
from pathlib import Path

from agents.supervisor import Supervisor
from agents.turn.scheduling import plan_turn
from audio.assets import AssetStore
from audio.media import AssetKind
from grym_synth.settings import Settings
from memory.context import Plan, ProjectContext
from memory.databases import is_there, servers_of
from memory.filing.names import check_name
from memory.repository import Repository
from memory.store import GrymStore


def plan_only(
    request: str,
    files: Iterable[tuple[Path, AssetKind | None]],
    project: str,
    thread: str,
    settings: Settings,
) -> Plan:
    """Plan a request from its attachments and from what the project knows, read-only.

    Raises:
        BadInput: an attachment can't be used, or the project's name is no name.
    """
    check_name(project)
    assets = AssetStore(settings.home_path / "assets", settings.limits)
    refs = tuple(assets.inspect(path, kind) for path, kind in files)
    context = _known(request, project, thread, tuple(ref.id for ref in refs), settings)
    known = {ref.id: ref for ref in (*context.assets, *refs)}
    context = context.model_copy(update={"assets": tuple(known.values())})
    plan = plan_turn(Supervisor(settings.max_tasks), context, settings.max_tasks)
    tasks = (task.model_copy(update={"status": "planned"}) for task in plan.tasks)
    return plan.model_copy(update={"tasks": tuple(tasks)})


def _known(
    request: str, project: str, thread: str, attached: tuple[str, ...], settings: Settings
) -> ProjectContext:
    """What memory holds; a home that isn't there yet holds nothing and isn't made."""
    servers = servers_of(settings)
    if not is_there(settings.home_path, servers.database):
        return ProjectContext(
            project=project, thread=thread, turn=1, request=request, attached=attached
        )
    with GrymStore.read_only(settings.home_path, servers) as store:
        repository = Repository(store)
        turn = repository.last_turn(project, thread) + 1
        return repository.context(project, thread, turn, request, attached)
