"""The music that a picture shows: a sound that instruments measure, or a file of symbols."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agents.base import finding_of
from agents.seeing.scores import Known
from agents.seeing.symbols import symbols_of
from audio.assets import AssetRef
from audio.measure import measure
from memory.context import Finding, Subject

MELODY = ("melody.notes", "key", "meter", "tempo.bpm")
"""What is measured of a sound to check a score of it."""


@dataclass(frozen=True)
class Music:
    """A file that a picture shows."""

    asset: AssetRef
    path: Path

    @property
    def is_sound(self) -> bool:
        """Whether instruments can measure and draw it."""
        return self.asset.kind == "audio"

    @property
    def subject(self) -> Subject:
        """All of it."""
        return Subject(kind="asset", id=self.asset.id)

    def measured(self, aspects: Sequence[str]) -> list[Finding]:
        """What instruments measure of it; nothing of symbols."""
        if not self.is_sound or not aspects:
            return []
        return [finding_of("qwen_vl", self.asset, one) for one in measure(self.path, aspects)]

    @cached_property
    def known(self) -> Known:
        """What a score of it is held against."""
        if self.is_sound:
            return Known(self.asset.name, melody=self.measured(MELODY))
        return Known(self.asset.name, written=symbols_of(self.asset, self.path))
