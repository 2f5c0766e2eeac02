"""What the workflows' graphs are handed, share between their stages, and return."""

import operator
from typing import Annotated

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from audio.assets import AssetRef
from graph.state import collect_reports
from memory.context import ContextPackage, Report, Task


class Handed(TypedDict, total=False):
    """What a workflow is started with: an order by itself, or a task that the supervisor sends."""

    parameters: Annotated[
        dict[str, JsonValue], Field(description="What to do, as the workflow's guide describes")
    ]
    files: Annotated[tuple[str, ...], Field(description="Ids (SHA-256) of stored files to work on")]
    task: Annotated[Task, Field(description="Given by the supervisor; leave it out")]
    assets: Annotated[
        tuple[AssetRef, ...], Field(description="Given by the supervisor; leave it out")
    ]
    package: Annotated[ContextPackage, Field(description="Given by the supervisor; leave it out")]


class Reported(TypedDict, total=False):
    """What a workflow returns."""

    reports: Annotated[tuple[Report, ...], collect_reports]
    """One report: its checks as criteria, its files, and what was measured of them."""


class WorkflowState(Handed, Reported, total=False):
    """What every workflow's stages share; each adds its own keys."""

    spent: Annotated[float, operator.add]
    """Seconds that the ended stages took."""
