"""What needs a human's yes, how it is asked, and what may be answered.

The question has the form that chat interfaces of LangGraph show: ``action_requests`` beside
``review_configs``; so has the answer: one decision for each action, in their order.
"""

import difflib
import json
import unicodedata
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from agents.coding.words import Draft

RUN_CODE = "run_code"
"""The action's name."""

Verdict = Literal["approve", "edit", "reject"]


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
    """The question to a human."""

    action_requests: tuple[ActionRequest, ...]
    review_configs: tuple[ReviewConfig, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the files that would run."""
        return str(self.action_requests[0].args["sha256"])

    def after(self, fault: ValidationError) -> Self:
        """The same question once more, with what was wrong with the answer."""
        errors = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors())
        told = f"The answer could not be used ({'; '.join(errors)})."
        (action,) = self.action_requests
        again = action.model_copy(update={"description": f"{told}\n\n{action.description}"})
        return self.model_copy(update={"action_requests": (again,)})


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
    """The answer: one decision, for there is one action."""

    decisions: tuple[Decision, ...] = Field(min_length=1, max_length=1)


class Source(NamedTuple):
    """One file of a draft, as text."""

    name: str
    text: str


def approval_for(
    draft: Draft, sources: Sequence[Source], before: Collection[Source], objective: str
) -> Approval:
    """Ask whether a draft may run.

    Args:
        draft: the code.
        sources: its files.
        before: the files of the version before it, to show what changed; empty for the first.
        objective: what it is to do.
    """
    files: dict[str, JsonValue] = {one.name: one.text for one in sources}
    args: dict[str, JsonValue] = {
        "program": draft.program,
        "sha256": draft.digest,
        "author": draft.author,
        "try": draft.number,
        "files": files,
    }
    says = f"{draft.author} wrote {draft.program} (version {draft.number}): {objective}."
    parts = [
        visible(says),
        visible(draft.why),
        "It would run in the sandbox: without network, without your files but the ones at hand.",
        changes(before, sources) if before else "",
        *(f"{one.name}\n{_fenced(visible(one.text), 'python')}" for one in sources),
        f"SHA-256 {draft.digest}",
    ]
    return Approval(
        action_requests=(
            ActionRequest(
                name=RUN_CODE, args=args, description="\n\n".join(part for part in parts if part)
            ),
        ),
        review_configs=(ReviewConfig(action_name=RUN_CODE),),
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
