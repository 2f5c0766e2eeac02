"""What the boss reads of a project: its package, and what it opens of it by handle."""

from dataclasses import dataclass
from typing import Protocol

from agents.contexts.supervisor import supervisor_package
from agents.opening.opening import Opener
from grym_synth.errors import UnknownName
from memory.context import ContextPackage, ProjectContext
from memory.packing.token_budget import TokenCounter
from memory.repository import Repository


class Archive(Protocol):
    """A project that can be read in parts."""

    def package(self, context: ProjectContext, most: int, counter: TokenCounter) -> ContextPackage:
        """The whole project as a hierarchy of summaries with handles, in at most so many tokens."""
        ...

    def opened(self, project: str, handle: str, counter: TokenCounter) -> str:
        """What a handle names; where there is nothing of that name, the names that are near."""
        ...


@dataclass(frozen=True)
class ProjectArchive:
    """The project memory as the boss reads it."""

    repository: Repository

    def package(self, context: ProjectContext, most: int, counter: TokenCounter) -> ContextPackage:
        """The supervisor's own package."""
        return supervisor_package(self.repository, context, most, counter)

    def opened(self, project: str, handle: str, counter: TokenCounter) -> str:
        """The text of a page or an entry, or why there is none."""
        try:
            items = Opener(self.repository, project, counter=counter).open(handle)
        except UnknownName as fault:
            return f"{fault.happened}. {fault.do}"
        return "\n".join(item.text for item in items)
