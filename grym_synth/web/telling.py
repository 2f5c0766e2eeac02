"""What the studio knows as the JSON that the page reads; files become addresses."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from grym_synth.addresses import sign
from grym_synth.errors import BadInput, GrymError, MediaRejected, ThreadBusy, UnknownName
from grym_synth.result import ArtifactResult, TurnResult, show_task
from memory.context import Artifact, Task

Json = dict[str, JsonValue]


def fault_json(fault: GrymError) -> Json:
    """What went wrong, in its three parts."""
    return {"tried": fault.tried, "happened": fault.happened, "do": fault.do}


def status_of(fault: GrymError) -> int:
    """The HTTP status of a fault."""
    kinds: Mapping[type[GrymError], int] = {
        UnknownName: 404, ThreadBusy: 409, MediaRejected: 422, BadInput: 400,
    }  # fmt: skip
    return next((code for kind, code in kinds.items() if isinstance(fault, kind)), 503)


def asset_json(home: Path, project: str, asset: AssetRef) -> Json:
    """A file of a project, with its address."""
    told = asset.model_dump(mode="json", exclude_none=True)
    return {**told, "url": address(home, project, asset.id, asset.name)}


def address(home: Path, project: str, asset: str, name: str) -> str:
    """Where the bytes of a file are: only who was told can open it."""
    last = quote(name.replace("/", "_"), safe="") or "file"
    return f"/files/{sign(home, project, asset)}/{last}"


def artifact_json(home: Path, project: str, artifact: Artifact, assets: AssetStore) -> Json:
    """A file that a turn made, with its address, and how long it plays."""
    return {
        **_seconds(artifact.id, assets),
        "id": artifact.id,
        "name": artifact.name,
        "folder": artifact.folder,
        "path": place_of(artifact),
        "kind": artifact.kind,
        "sha256": artifact.id,
        "made_by": artifact.made_by,
        "url": address(home, project, artifact.id, artifact.name),
    }


def task_json(task: Task) -> Json:
    """A task as scripts see it, and why it could not be done."""
    return {**show_task(task).model_dump(mode="json"), "why": task.why}


def _seconds(asset: str, assets: AssetStore) -> Json:
    try:
        seconds = assets.ref(asset).seconds
    except UnknownName:
        return {}
    return {"seconds": seconds} if seconds is not None else {}


def place_of(artifact: Artifact) -> str:
    """Where an artifact belongs in a folder of results."""
    return "/".join(filter(None, (artifact.folder, artifact.name)))


def hand_over(
    artifacts: Iterable[Artifact], assets: AssetStore, out: Path
) -> tuple[ArtifactResult, ...]:
    """Artifacts as they are told of without copies: ``path`` is relative to wherever they go."""
    return tuple(
        ArtifactResult(
            id=one.id, path=place_of(one), kind=one.kind, sha256=one.id, made_by=one.made_by
        )
        for one in artifacts
    )


def result_json(home: Path, result: TurnResult, assets: AssetStore) -> Json:
    """A turn's result, as `grym ask --json` prints it, with addresses of what it made."""
    told = result.model_dump(mode="json")
    told["artifacts"] = [
        {
            **one.model_dump(mode="json"),
            "folder": one.path.rpartition("/")[0],
            "name": (name := one.path.rpartition("/")[2]),
            "url": address(home, result.project, one.id, name),
            **_seconds(one.id, assets),
        }
        for one in result.artifacts
    ]
    return told
