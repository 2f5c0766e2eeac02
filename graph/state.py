"""Every key that the nodes share, the slice that each node gets, and what it may change."""

from collections.abc import Sequence
from typing import Annotated, Literal, cast

from langchain_core.messages import AnyMessage, RemoveMessage
from langgraph.graph.message import Messages, add_messages
from langgraph.types import Overwrite
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from agents.coding.approval import Approving
from agents.roles.models import INSTRUMENTS, Choice, Role
from memory.context import (
    Artifact,
    Conflict,
    Degraded,
    Finding,
    Order,
    Plan,
    ProjectContext,
    Recommendation,
    Report,
    SliceReport,
    Task,
    Thought,
)

WINDOW = 20
"""Messages that a thread keeps; older turns are in the project's history."""


def keep_window(held: list[AnyMessage], new: list[AnyMessage]) -> list[AnyMessage]:
    """Merge messages by id and keep the newest of them, so that a thread never grows."""
    merged = add_messages(cast(Messages, held), cast(Messages, new))
    return cast(list[AnyMessage], merged)[-WINDOW:]


def collect_reports(held: tuple[Report, ...], new: tuple[Report, ...]) -> tuple[Report, ...]:
    """Keep the newest report of each task, in the order of the tasks' first reports."""
    return tuple({report.task: report for report in (*held, *new)}.values())


def add_thoughts(held: tuple[Thought, ...], new: tuple[Thought, ...]) -> tuple[Thought, ...]:
    """Keep what was thought in this turn, in its order, each once."""
    return tuple(dict.fromkeys((*held, *new)))


_MODEL = (
    " Empty: as the settings say. `instruments`: no model. Else `ollama:NAME` for an Ollama on the "
    "server's own machine, or a model that the settings name"
)


class Context(BaseModel):
    """What may change per run: plain values, all with defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Run")

    project: str = Field("default", description="Name of the project whose memory is used")
    language: Literal["auto", "en", "de", "es", "fr"] = Field(
        "auto", description="Language of the request; `auto` tells it by its words"
    )
    models: Literal["settings", "auto", "instruments", "local", "services"] = Field(
        "settings",
        description="Models of the roles that name none below: as the settings say, what is there, "
        "none, this machine's, or services over HTTP",
    )
    supervisor_model: str = Field("", max_length=500, description=f"Who plans.{_MODEL}")
    gama_model: str = Field("", max_length=500, description=f"Who listens.{_MODEL}")
    qwen_vl_model: str = Field("", max_length=500, description=f"Who looks.{_MODEL}")
    coder_model: str = Field("", max_length=500, description=f"Who writes code.{_MODEL}")
    approval: Approving = Field(
        "settings",
        description="When a human must agree before code that a model wrote runs, or results "
        "leave the output folder: as the settings say, `always`, or `never`: what needs a yes is "
        "not done, and no model writes code",
    )
    max_rounds: int = Field(
        4, ge=1, le=20, description="Most rounds of work in one turn; the settings may allow less"
    )
    max_tasks: int = Field(
        8, ge=1, le=32, description="Most tasks in one turn; the settings may allow less"
    )
    model_seconds: float = Field(
        600.0,
        ge=1,
        le=7200,
        description="Most seconds of a model in one step; the settings may allow less",
    )

    def choice(self) -> Choice:
        """The models that the run asks for."""
        named: dict[Role, str] = {
            "supervisor": self.supervisor_model,
            "gama": self.gama_model,
            "qwen_vl": self.qwen_vl_model,
            "coder": INSTRUMENTS if self.approval == "never" else self.coder_model,
        }
        return Choice(
            None if self.models == "settings" else self.models,
            {role: spec for role, spec in named.items() if spec},
        )


class Request(TypedDict, total=False):
    """What a turn is started with."""

    messages: Annotated[list[AnyMessage], keep_window]
    """What the user says, with attachments as content blocks."""
    order: Order | None
    """A workflow to run with the attachments, in place of what the words would be read as."""


class State(TypedDict, total=False):
    """The state of one thread."""

    messages: Annotated[list[AnyMessage], keep_window]
    """Written by the user, intake (references for attachments) and respond; read by intake."""
    order: Order | None
    """Written by the user, cleared by intake, which hands it on in the context."""
    context: ProjectContext
    """Written by intake; read by supervisor, the routing, integrate and respond."""
    rejected: tuple[str, ...]
    """Attachments that intake could not take, in words; read by respond."""
    plan: Plan | None
    """Written by supervisor, cleared by intake; read by intake, integrate and respond."""
    tasks: tuple[Task, ...]
    """Written by supervisor (planned) and integrate (judged); read by all but the specialists."""
    round: int
    """Rounds of work of this turn; written by supervisor, read by it and by integrate."""
    reports: Annotated[tuple[Report, ...], collect_reports]
    """Written by the specialists, cleared by intake; read by integrate."""
    findings: tuple[Finding, ...]
    """What this turn found; written by integrate; read by supervisor, the routing and respond."""
    recommendations: tuple[Recommendation, ...]
    """Written by integrate; read by respond."""
    conflicts: tuple[Conflict, ...]
    """Written by integrate; read by respond."""
    artifacts: tuple[Artifact, ...]
    """Written by integrate; read by respond."""
    slices: tuple[SliceReport, ...]
    """How much each specialist was handed; written by integrate."""
    summaries: tuple[str, ...]
    """What gama and qwen_vl say beside their findings; written by integrate, read by respond."""
    degraded: tuple[Degraded, ...]
    """Written by supervisor, integrate and respond; read by them."""
    thoughts: Annotated[tuple[Thought, ...], add_thoughts]
    """What the supervisor's model thought and said in this turn, for inspection; written by
    supervisor, integrate and respond, cleared by intake; respond reads who it was."""
    answered: int
    """The last turn that was answered; written by respond, read by intake."""


class Update(TypedDict, total=False):
    """What a node may change."""

    messages: Sequence[AnyMessage | RemoveMessage]
    order: Order | None
    context: ProjectContext
    rejected: tuple[str, ...]
    plan: Plan | None
    tasks: tuple[Task, ...]
    round: int
    reports: tuple[Report, ...] | Overwrite
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[Artifact, ...]
    slices: tuple[SliceReport, ...]
    summaries: tuple[str, ...]
    degraded: tuple[Degraded, ...]
    thoughts: tuple[Thought, ...] | Overwrite
    answered: int


class IntakeSlice(TypedDict, total=False):
    """What intake sees: the messages, and how the thread's last turn ended."""

    messages: Annotated[list[AnyMessage], keep_window]
    order: Order | None
    context: ProjectContext
    plan: Plan | None
    tasks: tuple[Task, ...]
    answered: int


class SupervisorSlice(TypedDict, total=False):
    """What the supervisor sees: the complete context and the work so far."""

    context: ProjectContext
    plan: Plan | None
    tasks: tuple[Task, ...]
    round: int
    degraded: tuple[Degraded, ...]


class RouteSlice(SupervisorSlice, total=False):
    """What the routing sees to cut the specialists' slices."""

    findings: tuple[Finding, ...]


class IntegrateSlice(TypedDict, total=False):
    """What integrate sees: the reports, and what they are judged and merged against."""

    context: ProjectContext
    plan: Plan | None
    tasks: tuple[Task, ...]
    round: int
    reports: Annotated[tuple[Report, ...], collect_reports]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[Artifact, ...]
    slices: tuple[SliceReport, ...]
    degraded: tuple[Degraded, ...]


class SummariseSlice(TypedDict, total=False):
    """What summarise sees: whose memory it is, and whether a model worked in this turn."""

    context: ProjectContext
    tasks: tuple[Task, ...]
    degraded: tuple[Degraded, ...]
    thoughts: Annotated[tuple[Thought, ...], add_thoughts]


class RespondSlice(TypedDict, total=False):
    """What respond sees: everything that the answer is made of."""

    context: ProjectContext
    rejected: tuple[str, ...]
    plan: Plan | None
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[Artifact, ...]
    summaries: tuple[str, ...]
    degraded: tuple[Degraded, ...]
    thoughts: Annotated[tuple[Thought, ...], add_thoughts]
