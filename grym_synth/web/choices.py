"""The models that a turn was started with, kept until it has ended: a restart needs them."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.roles.models import Choice, Role
from grym_synth.drafts import write_whole
from grym_synth.settings import Profile
from grym_synth.thread_titles import file_of


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    project: str
    thread: str
    profile: Profile | None
    models: dict[Role, str]
    limits: dict[str, float] = {}


class Choices:
    """One small file in the home for each turn that chose models and has not ended."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "choices"

    def keep(self, project: str, thread: str, choice: Choice) -> None:
        """Remember what a turn that begins was started with."""
        place = file_of(self._folder, project, thread)
        if choice == Choice():
            place.unlink(missing_ok=True)
            return
        kept = _Kept(
            project=project,
            thread=thread,
            profile=choice.profile,
            models=dict(choice.models),
            limits=dict(choice.limits),
        )
        self._folder.mkdir(exist_ok=True)
        write_whole(place, kept.model_dump_json())

    def of(self, project: str, thread: str) -> Choice:
        """What the thread's turn that has not ended was started with."""
        try:
            kept = _Kept.model_validate_json(file_of(self._folder, project, thread).read_bytes())
        except (OSError, ValidationError):
            return Choice()
        same = (kept.project, kept.thread) == (project, thread)
        return Choice(kept.profile, kept.models, kept.limits) if same else Choice()

    def drop(self, project: str, thread: str) -> None:
        """Forget it: the turn has ended."""
        file_of(self._folder, project, thread).unlink(missing_ok=True)
