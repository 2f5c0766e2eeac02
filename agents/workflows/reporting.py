"""A workflow's report: for people (Markdown), for scripts (JSON), and for the turn."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from pydantic import JsonValue

from agents.base import source_of
from agents.workflows.checks import Check
from audio.assets import AssetRef, AssetStore
from memory.context import (
    Artifact,
    ArtifactKind,
    ContextPackage,
    Degraded,
    Finding,
    Report,
    Task,
    WorkflowName,
)
from memory.packing.packages import seen, slice_report

_SIGNS = {"==": "", "<=": "at most ", ">=": "at least "}
_MARKS = {"met": "met", "not_met": "**not met**", "not_checked": "not checked"}


def artifact_of(ref: AssetRef, kind: ArtifactKind, folder: str, task: Task) -> Artifact:
    """A file that a workflow leaves for the user.

    Args:
        ref: the file in the asset store; its name is the user's name for it.
        kind: what it is to the user.
        folder: the folder that it belongs in, relative to where results go.
        task: the workflow's task.
    """
    name: WorkflowName | str = task.order.workflow if task.order is not None else "workflow"
    return Artifact(
        id=ref.id,
        name=ref.name,
        kind=kind,
        made_by=source_of(task.agent, name),
        task=task.id,
        folder=folder,
    )


def write_report(
    title: str,
    checks: Sequence[Check],
    facts: Mapping[str, JsonValue],
    text: str,
    assets: AssetStore,
) -> tuple[AssetRef, AssetRef]:
    """Store ``report.json`` and ``report.md``: the checks, and what the workflow tells beside them.

    Args:
        title: what was made of what.
        checks: all that was checked, met or not.
        facts: what scripts read beside the checks: inputs, files, figures with their methods.
        text: Markdown that follows the checks.
        assets: where files go.

    Returns:
        The JSON and the Markdown.
    """
    told: dict[str, JsonValue] = {
        "title": title,
        "made_by": f"grym-synth {version('grym-synth')}",
        "status": status_of(checks),
        "checks": [one.model_dump(mode="json") for one in checks],
        **facts,
    }
    page = f"# {title}\n\n{checks_text(checks)}\n\n{text.strip()}\n"
    return (
        stored_json(told, "report.json", assets),
        assets.add_bytes(page.encode(), "text", "report.md"),
    )


def status_of(checks: Iterable[Check]) -> str:
    """``done`` where no check failed, else ``not_met``."""
    return "not_met" if any(one.status == "not_met" for one in checks) else "done"


def checks_text(checks: Sequence[Check]) -> str:
    """The checks as a Markdown table, what is not met first."""
    order = {"not_met": 0, "not_checked": 1, "met": 2}
    rows = [_row(one) for one in sorted(checks, key=lambda one: order[one.status])]
    head = "| | check | wanted | measured | method |\n|---|---|---|---|---|"
    return "\n".join([head, *rows])


def report_of(
    task: Task,
    package: ContextPackage,
    checks: Sequence[Check],
    artifacts: Iterable[Artifact],
    *,
    findings: Iterable[Finding] = (),
    summary: str = "",
    degraded: Iterable[Degraded] = (),
) -> Report:
    """What the turn gets: every check that was made as a judged criterion of the task.

    Args:
        task: the workflow's task.
        package: what it was handed of the project memory.
        checks: all that was checked.
        artifacts: the files that it leaves.
        findings: what was measured of them.
        summary: one or two sentences.
        degraded: what ran on less than was wanted.
    """
    return Report(
        task=task.id,
        agent=task.agent,
        findings=tuple(findings),
        artifacts=tuple(artifacts),
        slice=slice_report(package),
        summary=summary,
        saw=seen(package),
        degraded=tuple(degraded),
        criteria=tuple(one.criterion() for one in checks if one.status != "not_checked"),
    )


def stored_json(value: JsonValue, name: str, assets: AssetStore) -> AssetRef:
    """Store JSON under a name, always with the same bytes for the same value."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return assets.add_bytes(text.encode(), "text", name)


def _row(check: Check) -> str:
    wanted = "it holds" if check.target is True else f"{_SIGNS[check.op]}{_told(check.target)}"
    if check.tolerance:
        wanted += f" ± {_told(check.tolerance)}"
    if check.unit and check.target is not True:
        wanted += f" {check.unit}"
    measured = "" if check.measured is None else f"{_told(check.measured)} {check.unit}".strip()
    what = f"{check.what} — {check.why}" if check.why else check.what
    return " | ".join(("", _MARKS[check.status], what, wanted, measured, check.method, "")).strip()


def _told(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value).replace("|", "/")
