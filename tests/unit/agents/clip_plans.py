"""Plans for requests that come with one sound."""

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Plan, ProjectContext

CLIP = AssetRef(id="a" * 64, kind="audio", name="clip.wav", suffix="wav", size_bytes=1, seconds=180)


def plan(request: str) -> Plan:
    """What the supervisor plans on instruments for a request with the clip."""
    return Supervisor().plan(
        ProjectContext(
            project="p", thread="main", turn=1, request=request, assets=(CLIP,),
            attached=(CLIP.id,),
        )
    )  # fmt: skip
