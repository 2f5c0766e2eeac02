"""Find what earlier turns made, and show it."""

import shutil
import subprocess
import sys
from pathlib import Path

from grym_synth.errors import UnknownName
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio


def find_artifact(wanted: str, project: str, settings: Settings) -> Path:
    """The stored file of an artifact, by its id, the start of it, or its name (the newest).

    Raises:
        UnknownName: no turn of this project made it.
    """
    with open_studio(settings=settings) as studio:
        return artifact_in(studio, wanted, project)


def artifact_in(studio: Studio, wanted: str, project: str) -> Path:
    """The same where the studio is open.

    Raises:
        UnknownName: no turn of this project made it.
    """
    for turn in reversed(studio.deps.repository.history(project)):
        for artifact in reversed(turn.artifacts):
            if wanted and (artifact.name == wanted or artifact.id.startswith(wanted)):
                return studio.deps.assets.path(studio.deps.assets.ref(artifact.id))
    raise UnknownName(
        f"opening {wanted or 'a file'}",
        f"no turn of project {project} made it",
        "See `grym project history`",
    )


def show(path: Path) -> None:
    """Hand a file to the desktop, where there is one."""
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener and sys.stdout.isatty():
        subprocess.Popen([opener, str(path)], stderr=subprocess.DEVNULL)
