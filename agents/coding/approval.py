"""What needs a human's yes, how it is asked, and what may be answered.

The question has the form that chat interfaces of LangGraph show: ``action_requests`` beside
``review_configs``; so has the answer: one decision for each action, in their order.
"""

import difflib
import json
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from agents.coding.words import Draft, Wanted
from grym_synth.misfits import misfits
from grym_synth.settings import Action

RUN_CODE = "run_code"
"""The action's name."""

Verdict = Literal["approve", "edit", "reject"]
Approving = Literal["settings", "always", "never"]
"""When one run asks: as the settings say, about everything, or never, since no model writes code.
A run can't ask less than the settings want."""


@dataclass(frozen=True)
class Policy:
    """What needs a human's yes, and where results belong."""

    asks: frozenset[Action] = frozenset(get_args(Action))
    out: Path = Path("grym-out")
    """The output folder."""
    may_ask: bool = True
    """Whether a human may be asked in this run; else what needs a yes is left out."""
    is_served: bool = False
    """Whether requests come over HTTP: results then stay in the output folder and replace nothing,
    whatever anybody says."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ActionRequest(_Part):
    """One thing that is to be done."""

    name: str
    args: dict[str, JsonValue]
    """``program``, ``sha256`` over all files, ``files`` (source by name), ``tries``."""
    description: str
    """The same for a reader, Markdown."""


class ReviewConfig(_Part):
    """How an action may be answered."""

    action_name: str
    allowed_decisions: tuple[Verdict, ...] = ("approve", "edit", "reject")


class Approval(_Part):
    """The question to a human: each action is answered by itself."""

    action_requests: tuple[ActionRequest, ...]
    review_configs: tuple[ReviewConfig, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the files that would run and the places of their results."""
        return str(self.action_requests[0].args["sha256"])

    def after(self, fault: ValidationError) -> Self:
        """The same question once more, with what was wrong with the answer."""
        told = f"The answer could not be used ({misfits(fault)})."
        first, *others = self.action_requests
        again = first.model_copy(update={"description": f"{told}\n\n{first.description}"})
        return self.model_copy(update={"action_requests": (again, *others)})


class EditedAction(_Part):
    """An action as a human changed it."""

    name: str = RUN_CODE
    args: dict[str, JsonValue]


class Decision(_Part):
    """What a human says to one action."""

    type: Verdict
    message: str = ""
    """Why it is rejected; the author is told, and writes another version."""
    edited_action: EditedAction | None = None

    @model_validator(mode="after")
    def _edit_has_files(self) -> Self:
        if self.type == "edit" and not self.files:
            raise ValueError("edit needs edited_action with args.files: source text by file name")
        return self

    @property
    def files(self) -> dict[str, str]:
        """The source of each file as a human changed it."""
        given = self.edited_action.args.get("files") if self.edited_action else None
        files = given if isinstance(given, dict) else {}
        return {name: text for name, text in files.items() if isinstance(text, str)}


class Decisions(_Part):
    """The answer: one decision for each action, in their order."""

    decisions: tuple[Decision, ...] = Field(min_length=1, max_length=32)

    def about(self, approval: Approval) -> tuple[Decision, ...]:
        """One decision for each action; what nobody decided is not approved."""
        none = Decision(type="reject")
        padded = (*self.decisions, *(none for _ in approval.action_requests))
        return padded[: len(approval.action_requests)]


class Source(NamedTuple):
    """One file of a draft, as text."""

    name: str
    text: str


def approval_for(
    draft: Draft,
    sources: Sequence[Source],
    before: Collection[Source],
    objective: str,
    runs: bool,
    wanted: Sequence[Wanted],
) -> Approval:
    """Ask whether a draft may run and its results may be put where the user wants them.

    Args:
        draft: the code.
        sources: its files.
        before: the files of the version before it, to show what changed; empty for the first.
        objective: what it is to do.
        runs: whether running it needs a yes.
        wanted: what else needs one.
    """
    shared: dict[str, JsonValue] = {
        "program": draft.program,
        "sha256": draft.digest,
        "author": draft.author,
        "try": draft.number,
    }
    actions = [_running(draft, sources, before, objective, shared)] if runs else []
    for one in wanted:
        action, save = one.action, one.save
        does = "Replace what lies at" if action == "overwrite" else "Write outside of the folder"
        actions.append(
            ActionRequest(
                name=action,
                args={**shared, "file": save.file, "path": save.path},
                description=visible(
                    f"{does}: {save.path} (with {save.file or f'the result of {draft.program}'})"
                ),
            )
        )
    return Approval(
        action_requests=tuple(actions),
        review_configs=tuple(
            ReviewConfig(action_name=one.name)
            if one.name == RUN_CODE
            else ReviewConfig(action_name=one.name, allowed_decisions=("approve", "reject"))
            for one in actions
        ),
    )


def _running(
    draft: Draft, sources: Sequence[Source], before: Collection[Source], objective: str,
    shared: dict[str, JsonValue],
) -> ActionRequest:  # fmt: skip
    files: dict[str, JsonValue] = {one.name: one.text for one in sources}
    says = f"{draft.author} wrote {draft.program} (version {draft.number}): {objective}."
    parts = [
        visible(says),
        visible(draft.why),
        "It would run in the sandbox: without network, without your files but the ones at hand.",
        changes(before, sources) if before else "",
        *(f"{one.name}\n{_fenced(visible(one.text), 'python')}" for one in sources),
        f"SHA-256 {draft.digest}",
    ]
    return ActionRequest(
        name=RUN_CODE,
        args={**shared, "files": files},
        description="\n\n".join(part for part in parts if part),
    )


def changes(before: Collection[Source], after: Sequence[Source]) -> str:
    """What differs from the version before, as a unified diff; empty where nothing does."""
    held = {one.name: one.text for one in before}
    lines: list[str] = []
    for one in after:
        old, new = held.pop(one.name, "").splitlines(), one.text.splitlines()
        lines += difflib.unified_diff(old, new, one.name, one.name, lineterm="")
    lines += [f"--- {name} is gone" for name in held]
    return f"Changed:\n{_fenced(visible(chr(10).join(lines)), 'diff')}" if lines else ""


def visible(text: str) -> str:
    """Text in which nothing hides: what steers a terminal or turns the direction is spelt out."""
    return "".join(one if _is_plain(one) else _spelt(one) for one in text)


def _is_plain(one: str) -> bool:
    return one in "\n\t" or (one.isprintable() and unicodedata.category(one) != "Cf")


def _spelt(one: str) -> str:
    return json.dumps(one)[1:-1] if ord(one) < 0x10000 else f"\\U{ord(one):08x}"


def _fenced(text: str, language: str) -> str:
    """Text as a code block that it can't end."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
