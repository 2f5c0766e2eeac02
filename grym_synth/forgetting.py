"""Really remove a project, a thread or an asset: memory, vectors, checkpoints and files."""

from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from grym_synth.studio import open_studio


def forget(settings: Settings, project: str, thread: str | None, asset: str | None) -> str:
    """Remove what is named and say what was removed.

    Raises:
        UnknownName: there is no such project, thread or asset.
        BadInput: both a thread and an asset were named.
    """
    if thread is not None and asset is not None:
        raise BadInput(
            f"forgetting in project {project}", "a thread and an asset were named", "Name one"
        )
    with open_studio(settings=settings) as studio:
        memory = studio.deps.repository
        memory.require_project(project)
        threads: tuple[str, ...] = () if thread is None else (thread,)
        if asset is not None:
            removed = memory.forget_asset(project, asset)
        elif thread is not None:
            removed = memory.forget_thread(project, thread)
        else:
            threads = memory.threads(project)
            removed = memory.forget_project(project)
        for name in threads:
            studio.graph.forget(studio.config(project, name))
        for ref in removed.assets:
            studio.deps.assets.remove(ref)
    return removed.says
