"""A sound drawn in as many pictures as show it well, and what instruments read in them."""

from collections.abc import Iterator, Sequence

from agents.seeing.music import Music
from agents.seeing.truth import Scene, in_words, measured_event
from agents.seeing.view import View
from audio.blocks import open_stream
from audio.musical_time import MusicalTime
from audio.sight.drawing import draw_for_eyes
from audio.sight.layout import Budget, Crop, tiles
from memory.context import Finding

MOST_PICTURES = 8
"""Of one sound: each takes about a thousand tokens."""
_MOST_TOLD = 6


def views_of(
    sound: Music, crop: Crop | None, budget: Budget, time: MusicalTime | None = None
) -> Iterator[View]:
    """A sound, or a part of it, as spectrograms for eyes.

    Args:
        sound: the sound.
        crop: the part; None for all.
        budget: what is seen at once.
        time: its bars, where they are known.

    Raises:
        BadInput: nothing of the sound is in the part.
        MediaRejected: it can't be decoded.
    """
    stream = open_stream(sound.path)
    whole = tiles(stream.seconds, stream.sample_rate_hz, budget)
    parts = [crop] if crop is not None else [*whole]
    if len(parts) > MOST_PICTURES:
        step = stream.seconds / MOST_PICTURES
        parts = [Crop(at * step, (at + 1) * step) for at in range(MOST_PICTURES)]
    for part in parts:
        drawn = draw_for_eyes(sound.path, sound.asset.name, budget, part)
        name, subject = sound.asset.name, sound.subject
        yield View(drawn.png, name, subject, sound, drawn.axes, "measured", time)


def read_by_instruments(views: Sequence[View]) -> list[Finding]:
    """What instruments read in pictures that were drawn of a sound."""
    return [
        measured_event(event.kind, event, Scene.of(view))
        for view in views
        for event in view.events or ()
    ]


def told_by_instruments(name: str, views: Sequence[View]) -> str:
    """The same in a sentence."""
    events = [event for view in views for event in view.events or ()]
    if not events:
        return f"In the spectrogram of {name}, the instruments read no event."
    told = "; ".join(in_words(one) for one in events[:_MOST_TOLD])
    more = f"; and {len(events) - _MOST_TOLD} more" if len(events) > _MOST_TOLD else ""
    return f"In the spectrogram of {name}, the instruments read {told}{more}."
