"""Runs that begin at an earlier point of a thread: only at one that is still kept.

LangGraph takes an unknown checkpoint for an empty state, which would then be the thread's newest;
the saver refuses that (``memory.checkpoints``), and here the server says it in its own form.
"""

from langgraph_sdk import get_client
from pydantic import JsonValue
from starlette.exceptions import HTTPException

from grym_synth.errors import UnknownName

Json = dict[str, JsonValue]


async def check_kept(path: str, asked: Json) -> None:
    """Refuse a run, or a change of the state, at a point of its thread that is gone.

    Args:
        path: of the request, such as ``/threads/ID/runs/stream``.
        asked: its body.

    Raises:
        HTTPException: the thread keeps no such checkpoint.
    """
    parts, point = path.strip("/").split("/"), _point(asked)
    if not point or len(parts) < 3 or parts[0] != "threads" or parts[2] not in ("runs", "state"):
        return
    try:
        await get_client().threads.get_state(parts[1], checkpoint_id=point)
    except UnknownName as fault:
        raise HTTPException(
            409,
            "this point of the conversation is not kept any more, so that nothing can go on from "
            "it; ask again at the end of the conversation, or begin a new one",
        ) from fault


def _point(asked: Json) -> str:
    """The id of the checkpoint that a request names in any of three places; empty for none."""
    config = asked.get("config")
    configured = config.get("configurable") if isinstance(config, dict) else None
    for place in (asked.get("checkpoint"), asked, configured):
        named = place.get("checkpoint_id") if isinstance(place, dict) else None
        if named and isinstance(named, str):
            return named
    return ""
