"""The project memory: typed reads and writes over any store of entries."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, UnknownName
from memory.context import (
    Conflict,
    Finding,
    ProjectContext,
    ProjectSetting,
    TurnRecord,
    Word,
)
from memory.entries import Entry, EntryStore
from memory.forgetting import NOTHING, Forgotten, Uses, forget_asset, forget_project, forget_thread
from memory.recall import recall
from memory.shelf import Shelf
from memory.transfer import export

PROJECTS = ("projects",)
"""The namespace that lists the projects."""

_NAME = re.compile(r"(?! )[\w .-]{1,64}(?<! )")


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


class Repository:
    """Projects, and what each knows. Every write may be repeated: it adds nothing twice."""

    def __init__(self, store: EntryStore) -> None:
        self._store = store

    def ensure_project(self, name: str) -> None:
        """Make a project unless it is there.

        Raises:
            BadInput: the name is none.
        """
        check_name(name)
        if not self._store.read(PROJECTS, [name]):
            created = datetime.now(UTC).isoformat(timespec="seconds")
            self._store.write([Entry(PROJECTS, name, {"name": name, "created": created})])

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
            threads=len(self.threads(name)),
            turns=self._store.count(shelf.place("turns")),
            assets=self._store.count(shelf.place("assets")),
            findings=self._store.count(shelf.place("findings")),
        )

    def set(self, project: str, setting: ProjectSetting) -> None:
        """State a goal, style guideline, constraint, deadline, section or element."""
        self._shelf(project).put_setting(setting)

    def settings(self, project: str) -> tuple[ProjectSetting, ...]:
        """What the user stated, in the order in which it was first stated."""
        return self._shelf(project).settings()

    def add_assets(self, project: str, assets: Iterable[AssetRef]) -> None:
        """Remember assets."""
        self._shelf(project).put_assets(assets)

    def assets(self, project: str) -> tuple[AssetRef, ...]:
        """The project's assets, in the order in which they came."""
        return self._shelf(project).assets()

    def add_findings(self, project: str, findings: Iterable[Finding]) -> None:
        """Remember findings; ``memory.shelf.supersedes`` says which older ones they replace."""
        self._shelf(project).put_findings(findings)

    def findings(
        self,
        project: str,
        *,
        subjects: Collection[str] | None = None,
        superseded: bool = False,
    ) -> tuple[Finding, ...]:
        """What is believed now, oldest first.

        Args:
            project: the project's name.
            subjects: ids of assets, or names of sections and elements; by default all.
            superseded: also what newer findings replaced.
        """
        return self._shelf(project).findings(subjects, superseded=superseded)

    def add_conflicts(self, project: str, conflicts: Iterable[Conflict]) -> None:
        """Remember conflicts between known findings; each replaces the one about its question."""
        self._shelf(project).put_conflicts(conflicts)

    def conflicts(self, project: str) -> tuple[Conflict, ...]:
        """The conflicts that hold now, open and settled, in the order in which they were found."""
        return tuple(self._shelf(project).conflicts().values())

    def add_turn(self, project: str, turn: TurnRecord) -> None:
        """Remember a turn."""
        self._shelf(project).put_turn(turn)

    def history(
        self, project: str, thread: str | None = None, limit: int | None = None
    ) -> tuple[TurnRecord, ...]:
        """Turns of the project or of one thread, oldest first; at most the ``limit`` newest."""
        return self._shelf(project).turns(thread, limit)

    def last_turn(self, project: str, thread: str) -> int:
        """The number of the thread's newest turn; 0 when it has none."""
        return max((turn.turn for turn in self.history(project, thread, 1)), default=0)

    def threads(self, project: str) -> tuple[str, ...]:
        """Names of the threads that have a turn, oldest first."""
        return self._shelf(project).threads()

    def context(
        self, project: str, thread: str, turn: int, request: str, attached: Sequence[str]
    ) -> ProjectContext:
        """What a turn starts from: see ``memory.recall``.

        Args:
            project: the project's name.
            thread: the thread's name within it.
            turn: the number of the turn that begins.
            request: what the user says.
            attached: ids of the assets that came with it.
        """
        return recall(self._shelf(project), thread, turn, request, attached)

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

    def known_assets(self) -> frozenset[str]:
        """Ids of the assets of all projects."""
        names = [entry.key for entry in self._store.entries(PROJECTS)]
        return frozenset(asset.id for name in names for asset in self.assets(name))

    def export(self, project: str, folder: Path, assets: AssetStore) -> tuple[AssetRef, ...]:
        """Write a project into a new folder and return the assets whose files are gone."""
        return export(self._shelf(project), folder, assets)

    def repair(self) -> str:
        """Check the memory, build its indexes anew, and say what was done."""
        return "\n".join(self._store.repair())

    def _shelf(self, project: str) -> Shelf:
        return Shelf(self._store, project)


def check_name(name: str) -> None:
    """Refuse what is no project name.

    Raises:
        BadInput: it isn't 1 to 64 letters, digits, spaces, dots, dashes or underscores.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"naming a project {name!r}",
            "a name is 1 to 64 letters, digits, spaces, dots, dashes or underscores",
            "Choose another name",
        )


def make_setting(field: str, value: str) -> ProjectSetting:
    """Read a setting from the command line.

    Raises:
        BadInput: there is no such field, or the value is empty.
    """
    try:
        setting = ProjectSetting.model_validate({"field": field, "value": value.strip()})
    except ValidationError as fault:
        raise BadInput(
            f"setting {field}",
            "there is no such setting",
            "Use goal, style, constraint, deadline, section or element",
        ) from fault
    if not setting.value:
        raise BadInput(f"setting {field}", "the value is empty", "Say what it is")
    return setting
