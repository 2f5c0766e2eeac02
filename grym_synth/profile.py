"""The full profile of one file, without memory or graph."""

import tempfile
import time
from pathlib import Path

from pydantic import BaseModel

from agents.contexts.gama import gama_slice
from agents.gama import Gama
from audio.assets import AssetStore
from grym_synth.errors import BadInput
from grym_synth.result import FindingResult, show_finding
from grym_synth.settings import Settings
from memory.context import Operation, ProjectContext, Recommendation, Task


class Profile(BaseModel):
    """What ``grym measure`` prints."""

    findings: tuple[FindingResult, ...]
    recommendations: tuple[Recommendation, ...]
    seconds: float


def profile(path: Path, settings: Settings) -> Profile:
    """Measure every aspect of a sound file with gama's instruments.

    Raises:
        BadInput: the file can't be read or exceeds a limit.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grym-") as folder:
        assets = AssetStore(Path(folder), settings.limits)
        ref = assets.add(path, "audio")
        task = Task(
            id="measure",
            agent="gama",
            objective="Measure everything",
            inputs=(ref.id,),
            operations=(Operation(name="measure"),),
        )
        context = ProjectContext(
            project="none", thread="none", turn=1, request="", assets=(ref,), attached=(ref.id,)
        )
        report = Gama(assets).work(gama_slice(task, context, ()))
    if report.failure is not None:
        raise BadInput(f"measuring {path.name}", report.failure.why, "Try another file")
    return Profile(
        findings=tuple(map(show_finding, report.findings)),
        recommendations=report.recommendations,
        seconds=round(time.monotonic() - began, 3),
    )
