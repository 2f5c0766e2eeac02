"""Really remove a project, a thread or an asset: memory, vectors, checkpoints and files."""

from agents.remembering.forgetting import kept_files
from agents.wording import count_text
from audio.assets import AssetStore
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from grym_synth.studio import open_memory
from grym_synth.talks import Talk, read_talk, together
from grym_synth.thread_titles import GivenTitles
from memory.checkpoints import open_saver
from memory.databases import servers_of
from memory.forgetting.forgetting import Forgotten
from memory.repository import Repository


def forget(
    settings: Settings,
    project: str,
    thread: str | None = None,
    asset: str | None = None,
    entry: str | None = None,
) -> str:
    """Remove what is named and say what was removed.

    Checkpoints go with their thread; so do those of other threads that repeat what is forgotten.
    Files go when no project and no thread knows them any more.

    Raises:
        UnknownName: there is no such project, thread, asset or entry.
        BadInput: more than one of thread, asset and entry was named.
    """
    if sum(one is not None for one in (thread, asset, entry)) > 1:
        raise BadInput(
            f"forgetting in project {project}",
            "more than one of thread, asset and entry was named",
            "Name one",
        )
    whole = asset is None and entry is None
    home = settings.home_path
    with (
        open_memory(settings) as memory,
        open_saver(home / "checkpoints.sqlite", servers_of(settings).database) as saver,
    ):
        talks = [read_talk(saver, name) for name in saver.threads()]
        if all(talk.project != project for talk in talks):
            memory.require_project(project)
        shared = {talk.id for talk in talks if talk.id in memory.threads(project)}
        removed = _forget_entries(memory, talks, project, thread, asset, entry)
        gone = [
            talk.id
            for talk in talks
            if (whole and _is_named(talk, project, thread))
            or (talk.project == project and saver.holds(talk.id, removed.names | removed.texts))
            or (talk.id in shared and saver.holds(talk.id, removed.texts))
        ]
        saver.prune(gone, strategy="delete")
        saver.scrub()
        used = together(talk for talk in talks if talk.id not in gone).assets
        files = AssetStore(home / "assets", settings.limits).sweep(used | memory.known_assets())
        kept = kept_files(memory, removed.assets)
        if whole:
            GivenTitles(home).forget(project, thread)
    talks_gone, files_gone = count_text(len(gone), "conversation"), count_text(files, "file")
    return f"{removed.says}, {talks_gone} and {files_gone}{kept}"


def _forget_entries(
    memory: Repository,
    talks: list[Talk],
    project: str,
    thread: str | None,
    asset: str | None,
    entry: str | None,
) -> Forgotten:
    if entry is not None:
        return memory.forget_entry(project, entry)
    if asset is not None:
        return memory.forget_asset(project, asset)
    if thread is None:
        return memory.forget_project(project)
    mine = [talk for talk in talks if talk.project == project]
    own = [talk for talk in mine if talk.name == thread]
    elsewhere = together(talk for talk in mine if talk.name != thread)
    return memory.forget_thread(project, thread, together(own) if own else None, elsewhere)


def _is_named(talk: Talk, project: str, thread: str | None) -> bool:
    return talk.project == project and thread in (None, talk.name)
