"""The projects of a home: which there are, and what concerns one as a whole."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import UnknownName
from memory.bundles.importing import Imported, import_bundle
from memory.bundles.transfer import export
from memory.context import Word
from memory.filing.forms import bring_to_form
from memory.filing.keys import PROJECTS
from memory.filing.names import check_name
from memory.filing.records import FORM
from memory.forgetting.forgetting import (
    NOTHING,
    Forgotten,
    Uses,
    forget_asset,
    forget_entry,
    forget_project,
    forget_thread,
)
from memory.shelf.shelf import Shelf
from memory.storage.entries import Entry, EntryStore


class ProjectSummary(Word):
    """One line about a project."""

    name: str
    created: str
    """ISO 8601 time, UTC."""
    threads: int
    turns: int
    assets: int
    findings: int
    """Findings that are believed now or were once."""


class Projects:
    """Projects, each a shelf of its own in one store."""

    def __init__(self, store: EntryStore) -> None:
        self._store = store
        self._modern: set[str] = set()
        """Projects whose entries are known to have the form of today."""

    def together(self) -> AbstractContextManager[None]:
        """Keep all that is written in the block, or nothing of it; nothing is searched in it."""
        return self._store.together()

    def at_once(self) -> AbstractContextManager[None]:
        """Read all in the block in one transaction, which takes less time; nothing is searched."""
        return self._store.at_once()

    def ensure_project(self, name: str) -> None:
        """Make a project unless it is there.

        Raises:
            BadInput: the name is none.
        """
        check_name(name)
        if not self._store.read(PROJECTS, [name]):
            created = datetime.now(UTC).isoformat(timespec="seconds")
            self._store.write(
                [Entry(PROJECTS, name, {"name": name, "created": created, "form": FORM})]
            )

    def require_project(self, name: str) -> None:
        """Refuse a project that isn't there.

        Raises:
            UnknownName: there is no project of this name.
        """
        if not self._store.read(PROJECTS, [name]):
            raise UnknownName(
                f"opening project {name}", "there is none of that name", "See `grym project list`"
            )

    def projects(self) -> tuple[ProjectSummary, ...]:
        """Every project, oldest first."""
        return tuple(
            self._summary(entry.key, str(entry.value["created"]))
            for entry in self._store.entries(PROJECTS)
        )

    def _summary(self, name: str, created: str) -> ProjectSummary:
        shelf = self._shelf(name)
        return ProjectSummary(
            name=name,
            created=created,
            threads=len(shelf.threads()),
            turns=self._store.count(shelf.place("turns")),
            assets=self._store.count(shelf.place("assets")),
            findings=self._store.count(shelf.place("findings")),
        )

    def forget_project(self, project: str) -> Forgotten:
        """Really remove a project; the caller removes the files and checkpoints."""
        return forget_project(self._shelf(project))

    def forget_thread(
        self, project: str, thread: str, own: Uses | None = None, elsewhere: Uses = NOTHING
    ) -> Forgotten:
        """Really remove a thread, and the findings and assets that nothing uses any more.

        Args:
            project: the project's name.
            thread: the thread's name within it.
            own: what the thread's checkpoints use; None when it has none.
            elsewhere: what the checkpoints of the project's other threads use.
        """
        return forget_thread(self._shelf(project), thread, own, elsewhere)

    def forget_asset(self, project: str, asset: str) -> Forgotten:
        """Really remove an asset, by its id, the start of it, or its name, and its findings."""
        return forget_asset(self._shelf(project), asset)

    def forget_entry(self, project: str, handle: str) -> Forgotten:
        """Really remove an entry in all its versions, and what quotes it."""
        return forget_entry(self._shelf(project), handle)

    def known_assets(self) -> frozenset[str]:
        """Ids of the assets of all projects."""
        names = [entry.key for entry in self._store.entries(PROJECTS)]
        return frozenset(asset.id for name in names for asset in self._shelf(name).assets())

    def users_of(self, asset: str) -> tuple[str, ...]:
        """Names of the projects that know an asset, by its id."""
        names = [entry.key for entry in self._store.entries(PROJECTS)]
        return tuple(one for one in names if self._shelf(one).assets_of([asset]))

    def export(self, project: str, folder: Path, assets: AssetStore) -> tuple[AssetRef, ...]:
        """Write a project into a new folder and return the assets whose files are gone."""
        return export(self._shelf(project), folder, assets)

    def import_bundle(self, folder: Path, assets: AssetStore, name: str | None = None) -> Imported:
        """Make a project from what an export wrote; ``name`` is what it is to be called."""
        return import_bundle(self._store, folder, assets, name)

    def repair(self) -> str:
        """Check the memory, build its indexes anew, and say what was done."""
        return "\n".join(self._store.repair())

    def _shelf(self, project: str) -> Shelf:
        if project not in self._modern:
            bring_to_form(self._store, project)
            self._modern.add(project)
        return Shelf(self._store, project)
