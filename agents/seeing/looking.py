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
from agents.seeing.pointing import point_at_events, point_at_places, read_score, read_screen
from agents.seeing.view import Sights, View
from audio.assets import AssetRef
from audio.axes import Axes
from audio.blocks import open_stream
from audio.musical_time import MusicalTime
from audio.picture_reading import PictureReading
from audio.pictures import Picture
from audio.sight.drawing import draw_for_eyes
from audio.sight.layout import Budget, Crop, tiles
from memory.context import Finding, Subject
from memory.hierarchy.spans import time_of

MOST_PICTURES = 8
"""Of one sound: each takes about a thousand tokens."""


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
            "measured" if kind.basis == "ours" else "inferred", self._time(music),
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

    def at_sound(self, sound: Music, crop: Crop | None = None) -> Sights:
        """Look at a sound that is drawn for the model's eyes.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        sights = self._sights()
        for number, view in enumerate(self._views(sound, crop)):
            if number == 0 and view.axes is not None:
                stretch = _stretch(sound.asset, view.axes)
                first = replace(view, subject=stretch)
                describe(self._onlooker, first, self._question, self._known, sights)
            point_at_events(self._onlooker, view, sights)
        return sights

    def _sights(self) -> Sights:
        return Sights(source_of("qwen_vl", self._onlooker.name))

    def _time(self, music: Music | None) -> MusicalTime | None:
        """The bars of a file, as far as they were measured."""
        if music is None:
            return None
        return time_of(one for one in self._facts if one.subject.id == music.asset.id)

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
            yield from self._views(music, _crop_of(view.axes) if view.axes is not None else None)
        elif view.axes is not None:
            yield view

    def _views(self, sound: Music, crop: Crop | None) -> Iterator[View]:
        """A sound as pictures for the model's eyes: as many as show it well, within limits."""
        time = self._time(sound)
        for drawn in self._drawn(sound, crop):
            yield View(
                drawn.png, sound.asset.name, sound.subject, sound, drawn.axes, "measured", time,
            )  # fmt: skip

    def _drawn(self, sound: Music, crop: Crop | None) -> Iterator[Picture]:
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
