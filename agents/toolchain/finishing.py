"""The end of a build: all checks in a report, all files where they belong."""

import sys
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from agents.toolchain.designing import NOT_BUILT
from agents.toolchain.products import Designed, Tried, Written, WrittenFile
from agents.toolchain.specification import Specification
from agents.toolchain.writing import interface_of
from agents.workflows.checks import Check
from agents.workflows.reporting import artifact_of, report_of, status_of, write_report
from audio.assets import AssetStore
from memory.context import Artifact, ArtifactKind, ContextPackage, Report, Task

_KINDS: dict[str, ArtifactKind] = {"png": "image", "csv": "report", "md": "report"}


def finish(
    designed: Designed,
    written: Written,
    tried: Sequence[Tried],
    task: Task,
    package: ContextPackage,
    assets: AssetStore,
) -> Report:
    """Write the report and hand over everything.

    Args:
        designed: what was to be built.
        written: the package.
        tried: what came of its tests and measurements.
        task: the workflow's task.
        package: what it was handed of the project memory.
        assets: where files are.
    """
    specification, name = designed.specification, designed.specification.name
    checks = [check for one in tried for check in one.checks]
    facts: dict[str, JsonValue] = {
        "specification": interface_of(specification),
        "text": specification.text,
        "left_open": list(specification.notes),
        "author": written.author or "the project's own sources",
        "wheel": {"name": written.wheel.name, "sha256": written.wheel.id},
        "sdist": {"name": written.sdist.name, "sha256": written.sdist.id},
    }
    later = [file for one in tried for file in one.files]
    files = {one.path: one for one in (*written.files, *later)}.values()  # a later one counts
    title = f"{specification.title}: built and measured"
    pages = write_report(title, checks, facts, _page(designed, written, files), assets)
    artifacts = [
        artifact_of(written.wheel, "script", name, task),
        artifact_of(written.sdist, "script", name, task),
        *(_artifact(one, name, task) for one in files),
        *(artifact_of(page, "report", name, task) for page in pages),
    ]
    report = report_of(
        task, package, checks, artifacts,
        summary=_summary(designed, written, checks),
        degraded=[one for part in tried for one in part.degraded],
    )  # fmt: skip
    return report.model_copy(update={"trials": written.trials})


def _artifact(file: WrittenFile, name: str, task: Task) -> Artifact:
    folder, _, last = file.path.rpartition("/")
    kind = _KINDS.get(last.rpartition(".")[2], "script")
    return artifact_of(file.ref, kind, f"{name}/{folder}".rstrip("/"), task)


def _page(designed: Designed, written: Written, files: Iterable[WrittenFile]) -> str:
    """What the report says below its checks."""
    specification = designed.specification
    faust = next((one.path for one in files if one.path.endswith(".dsp")), "")
    told = f"## Faust\n\n`{faust}` is the same processor as Faust source.\n\n" if faust else ""
    open_ = "\n".join(f"- {one}" for one in specification.notes) or "Nothing."
    return (
        f"## Install\n\n`pip install --no-deps {written.wheel.name}` (Python 3.11 or later, numpy, "
        f"scipy)\n\n## Response\n\n![measured response](response.png)\n\nThe numbers are in "
        f"`response.csv`, the interface in `src/{specification.name}/specification.json`.\n\n"
        f"{told}## What the specification left open\n\n{open_}\n\n"
        f"## Specification as given\n\n```\n{specification.text.strip()}\n```\n"
    )


def _summary(designed: Designed, written: Written, checks: Sequence[Check]) -> str:
    specification = designed.specification
    made = sum(one.status != "not_checked" for one in checks)
    met = sum(one.status == "met" for one in checks)
    failed = [one.name for one in checks if one.status == "not_met"]
    what = f"{specification.title} is built as the package {specification.name}"
    if status_of(checks) == "done":
        told = f"{what}: {met} of {made} checks are met, {written.wheel.name} installs it."
        return " ".join((told, *_installed(checks), *_unread(specification)))
    told = f"{what}, but {len(failed)} of {made} checks are not met: {', '.join(failed[:5])}."
    return " ".join((told, *_installed(checks)))


def _installed(checks: Sequence[Check]) -> list[str]:
    """Whether it was installed, where that was wanted, in a sentence."""
    for one in checks:
        if one.name == "installed":
            done = one.status == "met"
            return [f"It is installed in {sys.prefix}." if done else f"Not installed: {one.why}."]
    return []


def _unread(specification: Specification) -> list[str]:
    """What the answer must say was left out, in a sentence."""
    left = [one.removeprefix(NOT_BUILT) for one in specification.notes if one.startswith(NOT_BUILT)]
    return [f"Not understood, and not built: {', '.join(left)}."] if left else []
