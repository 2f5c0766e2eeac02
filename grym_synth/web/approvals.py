"""Questions to a human as the page reads them, and its answers as the studio takes them."""

import difflib

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agents.coding.approval import RUN_CODE, Approval, Decision, EditedAction, Verdict, visible
from grym_synth.errors import BadInput

Sources = dict[str, str]
"""Text by name of file."""


class Verdicts(BaseModel):
    """What the page says to an open question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Verdict
    id: str = ""
    """Which question; empty: the one that is open longest."""
    message: str = Field(default="", max_length=4000)
    """Why it is rejected; the author is told."""
    code: str | None = Field(default=None, max_length=1_000_000)
    """The program as the human changed it."""
    files: dict[str, str] | None = None
    """All files as the human changed them; in place of ``code``."""


def decision_of(said: Verdicts, approval: Approval) -> Decision:
    """The decision about a question.

    Raises:
        BadInput: it changes nothing, or what can't be changed.
    """
    if said.type != "edit":
        return Decision(type=said.type, message=said.message)
    tried, first = "changing the code", approval.action_requests[0]
    if first.name != RUN_CODE:
        raise BadInput(tried, "no code is in question", "Approve or reject")
    files: dict[str, JsonValue] = {**sources_of(approval)}
    if said.files is not None:
        files = {**said.files}
    elif said.code is not None:
        files[str(first.args["program"])] = said.code
    else:
        raise BadInput(tried, "no code came with it", "Send `code`, or `files`")
    return Decision(type="edit", edited_action=EditedAction(args={"files": files}))


def sources_of(approval: Approval) -> Sources:
    """The files that would run."""
    files = approval.action_requests[0].args.get("files")
    given = files if isinstance(files, dict) else {}
    return {name: text for name, text in given.items() if isinstance(text, str)}


def approval_json(approval: Approval, before: Sources) -> dict[str, JsonValue]:
    """A question as the page shows it.

    Args:
        approval: the question.
        before: the files of the version that was asked about before; empty for the first.
    """
    shown = approval.model_dump(mode="json")
    diff = _diff(before, sources_of(approval)) if before else ""
    return {"id": approval.digest, **shown, "diff": diff}


def _diff(before: Sources, after: Sources) -> str:
    """What differs, as a unified diff in which nothing hides."""
    lines: list[str] = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        lines += difflib.unified_diff(old, new, name, name, lineterm="")
    return visible("\n".join(lines))
