"""Talk to a studio, and read what it keeps of that."""

from audio.assets import AssetRef
from grym_synth.studio import Studio


def ask(studio: Studio, request: str, *files: AssetRef) -> str:
    return studio.ask(request, files).answer


def stated(studio: Studio, field: str) -> list[str]:
    held = studio.deps.repository.settings("default")
    return [one.value for one in held if one.field == field]
