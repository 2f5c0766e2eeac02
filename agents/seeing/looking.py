"""A model looks at one picture, or at a sound drawn for its eyes; what it says becomes findings.

It describes, and points at what it means. A finding lands on the sound that the picture shows,
where that is known, in seconds and hertz; each is held against the instruments (``truth``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from pydantic import JsonValue

from agents.base import finding_of, source_of
from agents.hearing.hearsay import taken_apart, unit_of
from agents.seeing.forms import Glance, Marks, ScoreReading, ScreenReading
from agents.seeing.guarding import orders_in, without_orders
from agents.seeing.kinds import Recognised, settled
from agents.seeing.marks import sighted
from agents.seeing.onlooker import GLANCE_TOKENS, Onlooker
from agents.seeing.scores import score_findings
from agents.seeing.screens import screen_findings
from agents.seeing.truth import Scene, held_against
from audio.aspects import PROFILE
from audio.assets import AssetRef
from audio.axes import Axes
from audio.blocks import open_stream
from audio.measure import measure
from audio.picture_reading import PictureReading
from audio.pictures import Picture
from audio.sight.coordinates import Shown
from audio.sight.drawing import draw_for_eyes
from audio.sight.events import PictureEvent
from audio.sight.layout import Budget, Crop, tiles
from audio.sight.reading import read_events
from grym_synth.errors import BadInput, MediaRejected
from memory.context import Evidence, Finding, Subject

MOST_PICTURES = 8
"""Of one sound: each takes about a thousand tokens."""
SYMBOLS = ("melody.notes", "key", "meter", "tempo.bpm")
"""What is measured of a sound to check a score of it."""
DESCRIBED = 0.4
"""How sure a description is."""
CLAIMED = 0.3
"""How sure its claims about what instruments measure are."""


@dataclass
class Sights:
    """What came of looking."""

    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What the user must know beside the findings."""


@dataclass(frozen=True)
class Sound:
    """A sound that a picture shows."""

    asset: AssetRef
    path: Path


class Looking:
    """One model's look at the pictures of one task."""

    def __init__(self, onlooker: Onlooker, question: str, known: str) -> None:
        """Take who looks.

        Args:
            onlooker: the model and its limits.
            question: what the user asks.
            known: what the project knows, as text.
        """
        self._onlooker, self._question, self._known = onlooker, question, known
        self._source = source_of("qwen_vl", onlooker.name)

    def at_picture(
        self, picture: AssetRef, path: Path, reading: PictureReading, kind: Recognised,
        sound: Sound | None,
    ) -> Sights:  # fmt: skip
        """Look at a picture of the user's.

        Args:
            picture: the picture.
            path: where it lies.
            reading: what instruments read of it.
            kind: what sort of picture it is, as far as they can tell.
            sound: the sound that it shows, where that is known.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        sights, content = Sights(), path.read_bytes()
        subject = Subject(kind="asset", id=sound.asset.id if sound else picture.id)
        self._describe(sights, content, picture.name, subject, sound)
        if kind.basis == "looks":
            glance = self._onlooker.read(content, "glance", Glance, picture.name, GLANCE_TOKENS)
            kind = settled(kind, reading, glance)
            self._glanced(sights, glance, Subject(kind="asset", id=picture.id))
        self._in_detail(sights, content, picture, subject, kind, sound)
        return sights

    def at_sound(self, sound: Sound, crop: Crop | None = None) -> Sights:
        """Look at a sound that is drawn for the model's eyes.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        sights = Sights()
        for number, drawn in enumerate(self._drawn(sound, crop)):
            subject = _stretch(sound.asset, drawn.axes)
            if number == 0:
                self._describe(sights, drawn.png, sound.asset.name, subject, sound)
            self._point(sights, drawn, sound.asset.name, Subject(kind="asset", id=sound.asset.id),
                        "measured")  # fmt: skip
        return sights

    def _in_detail(
        self, sights: Sights, content: bytes, picture: AssetRef, subject: Subject,
        kind: Recognised, sound: Sound | None,
    ) -> None:  # fmt: skip
        """Read what its sort of picture holds, in a form of its own."""
        if kind.sort == "score":
            read = self._onlooker.read(content, "read_score", ScoreReading, picture.name)
            if read is not None:
                symbols = _symbols(sound) if sound is not None else []
                sights.findings += symbols
                found, notices = score_findings(read, subject, symbols, self._source)
                sights.findings += found
                sights.notices += notices
        elif kind.sort == "screen":
            view = self._view(content)
            screen = self._onlooker.read(content, "read_screen", ScreenReading, picture.name)
            if screen is not None and view is not None:
                found, orders = screen_findings(screen, view, picture, self._source)
                sights.findings += found
                self._report_orders(sights, orders, Subject(kind="asset", id=picture.id))
        elif kind.sort == "spectrogram" and kind.axes is not None:
            if sound is not None:
                for drawn in self._drawn(sound, _crop_of(kind.axes)):
                    self._point(sights, drawn, sound.asset.name, subject, "measured")
            else:
                evidence: Evidence = "measured" if kind.basis == "ours" else "inferred"
                given = Picture(content, kind.axes)
                self._point(sights, given, picture.name, subject, evidence)

    def _describe(
        self, sights: Sights, content: bytes, name: str, subject: Subject, sound: Sound | None
    ) -> None:
        """Ask in the user's words; what it says of measured things becomes claims."""
        said = self._onlooker.describe(content, self._question, self._known, name)
        kept, orders = without_orders(said)
        self._report_orders(sights, orders, subject)
        told = taken_apart(kept)
        if told.description:
            sights.findings.append(self._finding(
                subject, "seen.description", told.description, f"asked of {name}: {self._question}",
                DESCRIBED,
            ))  # fmt: skip
        for claim in told.claims:
            if claim.aspect in PROFILE and claim.aspect != "chords":
                value, unit = claim.value, unit_of(claim.aspect)
                place = subject if sound is None else Subject(kind="asset", id=sound.asset.id)
                sights.findings.append(Finding.make(
                    place, claim.aspect, value, unit=unit, evidence="seen", source=self._source,
                    method=f"said of {name}: {claim.sentence}", confidence=CLAIMED,
                ))  # fmt: skip
        claimed = [one.aspect for one in told.claims if one.aspect in PROFILE]
        if sound is not None and claimed:
            sights.findings += [
                finding_of("qwen_vl", sound.asset, one) for one in measure(sound.path, claimed)
            ]

    def _point(
        self, sights: Sights, drawn: Picture, name: str, subject: Subject, evidence: Evidence
    ) -> None:
        """Ask for the places of what is seen, and hold them against the instruments."""
        axes, view = drawn.axes, self._view(drawn.png)
        about = f"{name}, {axes.x.low:g}–{axes.x.high:g} s"
        marks = self._onlooker.read(drawn.png, "point", Marks, about)
        if marks is None or view is None:
            return
        seen = sighted(marks, axes, view)
        if not seen:
            return
        scene = Scene(subject, axes.x.low, axes.x.high, _events(drawn), evidence)
        found, refuted = held_against(seen, scene, self._source)
        sights.findings += found
        if refuted:
            what, who = "; ".join(refuted), self._onlooker.name
            sights.notices.append(
                f"{who} pointed at what the instruments don't read in {name}: {what}."
            )

    def _drawn(self, sound: Sound, crop: Crop | None) -> Iterator[Picture]:
        """A sound as pictures for the model's eyes: as many as show it well, within limits."""
        eyes = self._onlooker.eyes()
        if eyes is None:
            return
        budget = Budget.of(eyes)
        stream = open_stream(sound.path)
        parts = [crop] if crop is not None else [
            *tiles(stream.seconds, stream.sample_rate_hz, budget)
        ]  # fmt: skip
        if len(parts) > MOST_PICTURES:
            step = stream.seconds / MOST_PICTURES
            parts = [Crop(at * step, (at + 1) * step) for at in range(MOST_PICTURES)]
        for part in parts:
            yield draw_for_eyes(sound.path, sound.asset.name, budget, part)

    def _view(self, content: bytes) -> Shown | None:
        eyes = self._onlooker.eyes()
        if eyes is None:
            return None
        with Image.open(BytesIO(content)) as picture:
            try:
                return Shown.to(eyes, picture.width, picture.height)
            except MediaRejected as fault:
                self._onlooker.lose(fault)
                return None

    def _glanced(self, sights: Sights, glance: Glance | None, subject: Subject) -> None:
        if glance is None:
            return
        sights.findings.append(
            self._finding(subject, "picture.kind", glance.kind, "by its looks", DESCRIBED)
        )
        self._report_orders(sights, orders_in(glance.writing), subject)

    def _report_orders(self, sights: Sights, orders: tuple[str, ...], subject: Subject) -> None:
        if orders:
            method = "words that read like orders; they changed nothing"
            lines: list[JsonValue] = [*orders]
            sights.findings.append(self._finding(subject, "seen.writing", lines, method, DESCRIBED))
            sights.notices.append(
                f"The picture, or what {self._onlooker.name} made of it, holds words that read "
                f"like orders; they were not followed: “{orders[0]}”."
            )

    def _finding(
        self, subject: Subject, aspect: str, value: JsonValue, method: str, confidence: float
    ) -> Finding:
        return Finding.make(
            subject, aspect, value, unit="", evidence="seen", source=self._source, method=method,
            confidence=confidence,
        )  # fmt: skip


def _symbols(sound: Sound) -> list[Finding]:
    """What a score of a sound can be held against."""
    return [finding_of("qwen_vl", sound.asset, one) for one in measure(sound.path, SYMBOLS)]


def _events(drawn: Picture) -> tuple[PictureEvent, ...] | None:
    """What instruments read in a spectrogram; None where they can't."""
    try:
        with Image.open(BytesIO(drawn.png)) as picture:
            return tuple(read_events(picture.convert("RGB"), drawn.axes))
    except BadInput:
        return None


def _crop_of(axes: Axes) -> Crop | None:
    """What a spectrogram shows, to be drawn anew; None for all of the sound's time."""
    low = axes.y.low if axes.y.low > 0 else None
    return Crop(axes.x.low, axes.x.high, low, axes.y.high) if axes.x.low > 0 else None


def _stretch(asset: AssetRef, axes: Axes) -> Subject:
    """The stretch of a sound that a picture shows; the whole where it shows all."""
    seconds = asset.seconds or 0.0
    if axes.x.low <= 0 and axes.x.high >= seconds:
        return Subject(kind="asset", id=asset.id)
    return Subject(kind="asset", id=asset.id, start=axes.x.low, end=min(axes.x.high, seconds))
