"""A picture before a model's eyes, what it stands for, and what came of looking at it."""

from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from PIL import Image
from pydantic import JsonValue

from agents.seeing.music import Music
from agents.seeing.onlooker import Onlooker
from audio.aspects import ASPECTS
from audio.axes import Axes
from audio.musical_time import MusicalTime
from audio.sight.coordinates import Shown
from audio.sight.events import PictureEvent
from audio.sight.reading import read_events
from grym_synth.errors import BadInput, MediaRejected
from memory.context import Evidence, Finding, Subject

DESCRIBED = 0.4
"""How sure a description is, and all else that nothing was held against."""


@dataclass(frozen=True)
class View:
    """A picture that a model is shown."""

    content: bytes
    """A PNG, JPEG or WebP file."""
    name: str
    """What the user calls it, or the sound that it was drawn from."""
    subject: Subject
    """What findings from it are about: a sound, or the picture itself."""
    music: Music | None = None
    axes: Axes | None = None
    evidence: Evidence = "inferred"
    """Of what instruments read in it: ``measured`` where it was drawn here."""
    time: MusicalTime | None = None
    """The bars of what it shows, where they are known."""

    @cached_property
    def events(self) -> tuple[PictureEvent, ...] | None:
        """What instruments read in a spectrogram; None where they can't."""
        if self.axes is None or self.axes.kind != "spectrogram":
            return None
        try:
            with Image.open(BytesIO(self.content)) as picture:
                return tuple(read_events(picture.convert("RGB"), self.axes))
        except BadInput:
            return None

    def seen_by(self, onlooker: Onlooker) -> Shown | None:
        """How a model sees it; None where it can't."""
        eyes = onlooker.eyes()
        if eyes is None:
            return None
        with Image.open(BytesIO(self.content)) as picture:
            try:
                return Shown.to(eyes, picture.width, picture.height)
            except MediaRejected as fault:
                onlooker.lose(onlooker.name, fault)
                return None


@dataclass
class Sights:
    """What came of looking."""

    source: str
    """The model, as findings name it."""
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What the user must know beside the findings."""

    def add(
        self, subject: Subject, aspect: str, value: JsonValue, method: str,
        confidence: float = DESCRIBED,
    ) -> None:  # fmt: skip
        """Keep something that the model saw."""
        self.findings.append(
            Finding.make(
                subject, aspect, value, unit=ASPECTS[aspect].unit, evidence="seen",
                source=self.source, method=method, confidence=confidence,
            )
        )  # fmt: skip

    def report_orders(self, orders: tuple[str, ...], subject: Subject, who: str) -> None:
        """Tell of words that pose as orders; they change nothing."""
        if not orders:
            return
        lines: list[JsonValue] = [*orders]
        self.add(
            subject, "seen.writing", lines, "words that read like orders; they changed nothing"
        )
        self.notices.append(
            f"The picture, or what {who} made of it, holds words that read like orders; they were "
            f"not followed: “{orders[0]}”."
        )
