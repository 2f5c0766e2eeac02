"""A model looks at one picture, or at a sound drawn for its eyes; what it says becomes findings.

It describes, and points at what it means. A finding lands on the sound that the picture shows,
where that is known, in seconds and hertz; each is held against the instruments (``truth``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from agents.base import source_of
from agents.seeing.describing import describe
from agents.seeing.forms import Glance
from agents.seeing.guarding import orders_in
from agents.seeing.kinds import Recognised, settled
from agents.seeing.music import Music
from agents.seeing.onlooker import GLANCE_TOKENS, Onlooker
from agents.seeing.parts import views_of
from agents.seeing.pointing import point_at_events, point_at_places, read_score, read_screen
from agents.seeing.view import Sights, View
from audio.assets import AssetRef
from audio.axes import Axes
from audio.musical_time import MusicalTime
from audio.picture_reading import PictureReading
from audio.sight.layout import Budget, Crop
from memory.context import Finding, Subject
from memory.hierarchy.spans import time_of


class Looking:
    """One model's look at the pictures of one task."""

    def __init__(
        self, onlooker: Onlooker, question: str, known: str, facts: Sequence[Finding] = ()
    ) -> None:
        """Take who looks.

        Args:
            onlooker: the model and its limits.
            question: what the user asks.
            known: what the project knows, as text.
            facts: what is known of the music.
        """
        self._onlooker, self._question, self._known = onlooker, question, known
        self._facts = facts

    def at_picture(
        self, picture: AssetRef, path: Path, reading: PictureReading, kind: Recognised,
        music: Music | None,
    ) -> Sights:  # fmt: skip
        """Look at a picture of the user's.

        Args:
            picture: the picture.
            path: where it lies.
            reading: what instruments read of it.
            kind: what sort of picture it is, as far as they can tell.
            music: what it shows, where that is known.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        itself = Subject(kind="asset", id=picture.id)
        view = View(
            path.read_bytes(), picture.name, music.subject if music else itself, music, kind.axes,
            "measured" if kind.basis == "ours" else "inferred", self.time_of(music),
        )  # fmt: skip
        sights = self._sights()
        describe(self._onlooker, view, self._question, self._known, sights)
        if kind.basis == "looks":
            kind = self._glance(view, reading, kind, itself, sights)
        if kind.sort == "score":
            read_score(self._onlooker, view, picture, sights)
        elif kind.sort == "screen":
            read_screen(self._onlooker, view, picture, sights)
        elif kind.sort == "spectrogram":
            for one in self._anew(view, music):
                point_at_events(self._onlooker, one, sights)
        elif kind.axes is not None:
            point_at_places(self._onlooker, view, sights)
        return sights

    def at_sound(self, sound: Music, views: Sequence[View]) -> Sights:
        """Look at a sound that was drawn for the model's eyes.

        Args:
            sound: the sound.
            views: its pictures, in order of time.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        sights = self._sights()
        for number, view in enumerate(views):
            if number == 0 and view.axes is not None:
                first = replace(view, subject=_stretch(sound.asset, view.axes))
                describe(self._onlooker, first, self._question, self._known, sights)
            point_at_events(self._onlooker, view, sights)
        return sights

    @property
    def budget(self) -> Budget:
        """What the model sees at once; the usual where it can't be asked."""
        eyes = self._onlooker.eyes()
        return Budget.of(eyes) if eyes is not None else Budget()

    def time_of(self, music: Music | None) -> MusicalTime | None:
        """The bars of a file, as far as they were measured."""
        if music is None:
            return None
        return time_of(one for one in self._facts if one.subject.id == music.asset.id)

    def _sights(self) -> Sights:
        return Sights(source_of("qwen_vl", self._onlooker.name))

    def _glance(
        self, view: View, reading: PictureReading, kind: Recognised, picture: Subject,
        sights: Sights,
    ) -> Recognised:  # fmt: skip
        """Ask what sort of picture it is, where instruments only guess."""
        glance = self._onlooker.read(view.content, "glance", Glance, view.name, GLANCE_TOKENS)
        if glance is not None:
            sights.add(picture, "picture.kind", glance.kind, "by its looks")
            sights.report_orders(orders_in(glance.writing), picture, self._onlooker.name)
        return settled(kind, reading, glance)

    def _anew(self, view: View, music: Music | None) -> Iterator[View]:
        """A spectrogram drawn anew for the model's eyes where its sound is there; else itself."""
        if music is not None and music.is_sound:
            crop = _crop_of(view.axes) if view.axes is not None else None
            yield from views_of(music, crop, self.budget, view.time)
        elif view.axes is not None:
            yield view


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
