"""The forms of what the boss decides: what a model writes, and the schema that holds it to it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from memory.context import AgentName, Level, Op

Value = int | float | str | bool | list[str] | None


class Form(BaseModel):
    """Base of all forms; the words below a field tell the model what belongs there."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class CriterionForm(Form):
    aspect: str
    """An aspect of the list."""
    op: Op
    value: int | float | str | None
    """In the aspect's unit, without the unit; null for "there is none"."""
    tolerance: float | None = None
    """For ==: how far off is still right; null for the usual."""


class StepForm(Form):
    name: str
    """One of the agent's instruments."""
    parameters: dict[str, Value] = {}


MOST_INPUTS = 64
"""Files that a task can list."""


class TaskForm(Form):
    draft: int = Field(default=0, ge=0, le=64)
    """Number of the draft's task that this one takes over; 0 for a task of your own."""
    agent: AgentName
    objective: str
    """What is to be done, in one sentence."""
    inputs: tuple[str, ...] = Field(default=(), max_length=MOST_INPUTS)
    """Handles of files; empty when the results of the tasks in needs are its files."""
    needs: tuple[int, ...] = Field(default=(), max_length=32)
    """Places in this list, from 1, of the tasks that must end before it."""
    priority: int = Field(default=1, ge=1, le=99)
    """1 is the most urgent."""
    reason: str
    """Why it is wanted."""
    criteria: tuple[CriterionForm, ...] = Field(default=(), max_length=32)
    steps: tuple[StepForm, ...] = Field(default=(), max_length=32)


class DropForm(Form):
    what: Literal["task", "question"]
    number: int = Field(ge=1, le=64)
    """Its number in the draft."""
    why: str


class AskForm(Form):
    question: str
    missing: Literal["audio", "image", "target", "choice"]


class PlanForm(Form):
    look_up: tuple[str, ...] = Field(default=(), max_length=8)
    """Handles that you must read before you can decide; while it is not empty, nothing else
    counts."""
    tasks: tuple[TaskForm, ...] = Field(default=(), max_length=32)
    dropped: tuple[DropForm, ...] = Field(default=(), max_length=32)
    """What of the draft is not wanted. What is neither taken over nor dropped stays."""
    asks: tuple[AskForm, ...] = Field(default=(), max_length=8)
    """What only the user can say, and without which nothing useful can be done."""
    recalls: tuple[str, ...] = Field(default=(), max_length=32)
    """Aspects whose remembered values answer the request without new work."""
    why: str = ""
    """The decision in one sentence, for the project's history."""


class RulingForm(Form):
    keep: int = Field(ge=0, le=64)
    """Number of the side that holds; 0 when it can't be told."""
    why: str
    """What explains the contradiction, in one sentence."""
    look: Literal["none", "listen", "draw"] = "none"
    """One more look that would settle it."""


class PointForm(Form):
    text: str
    """One sentence."""
    findings: tuple[str, ...] = Field(default=(), max_length=32)
    """Handles of all facts that it rests on."""


class SummaryForm(Form):
    sentences: tuple[PointForm, ...] = Field(max_length=16)


class AdviceForm(PointForm):
    aspect: str
    """The aspect that it is about."""


class NoteForm(PointForm):
    level: Level = "project"
    place: str = ""
    """Name of the section or element; empty for the project."""


class DistilledForm(Form):
    recommendations: tuple[AdviceForm, ...] = Field(default=(), max_length=12)
    """What should be done about it, the most useful first."""
    notes: tuple[NoteForm, ...] = Field(default=(), max_length=8)
    """What later turns must know and the facts don't say by themselves."""


class AnswerForm(Form):
    sentences: tuple[PointForm, ...] = Field(max_length=16)


class AdjustForm(Form):
    steps: tuple[StepForm, ...] = Field(max_length=32)
    """The steps as they are to be tried now."""
    why: str
