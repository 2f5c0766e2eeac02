"""What a model points at, held against what instruments measured at that place.

The instruments read the same picture, and measure the sound behind it where it is known. A claim
that they bear out gains confidence; for one that they don't, what was measured there is put beside
it, so that the conflict is on record and settled by the evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import JsonValue

from agents.base import source_of
from agents.seeing.marks import Sighted
from agents.seeing.view import View
from audio.aspects import ASPECTS
from audio.musical_time import MusicalTime
from audio.pitch_names import midi_of_hertz, note_of_midi
from audio.sight.coordinates import bars_of
from audio.sight.events import EventKind, PictureEvent
from memory.context import Evidence, Finding, Subject

ASPECT_OF: dict[EventKind, str] = {
    "tone": "tone.hz", "sweep": "sweep.hz", "hum": "hum.hz", "dropout": "dropouts",
    "cutoff": "spectrum.cutoff_hz", "click": "clicks",
}  # fmt: skip
"""The aspect that each kind of event is a value of."""
UNCHECKED, BORNE_OUT, REFUTED = 0.4, 0.8, 0.1
"""How sure a sighting is: alone, with the instruments, and against them."""

_LASTING: tuple[EventKind, ...] = ("hum", "cutoff")
_SLACK_SECONDS = 0.25
"""Ends that lie so close are the same: models point in coarse steps."""
_WITHIN = {"tone": 0.06, "sweep": 0.1, "hum": 0.06, "cutoff": 0.06}
"""Frequencies agree within this share: about a semitone."""
_ALL_ALONG = 0.9

Verdict = Literal["borne out", "refuted"]


@dataclass(frozen=True)
class Scene:
    """The stretch of a thing that a picture shows, and what instruments know of it."""

    subject: Subject
    """What the picture shows: a sound, or the picture itself."""
    start: float
    """Where the picture begins, in seconds."""
    end: float
    events: tuple[PictureEvent, ...] | None
    """What the instruments read in it; None where they can't read it."""
    evidence: Evidence
    """``measured`` where the picture was drawn here, else ``inferred``: its axes are a claim."""
    time: MusicalTime | None = None
    """Bars of what is shown, where they are known."""

    @classmethod
    def of(cls, view: View) -> Self:
        """What a spectrogram with axes shows."""
        assert view.axes is not None
        x = view.axes.x
        return cls(view.subject, x.low, x.high, view.events, view.evidence, view.time)

    def place(self, event: PictureEvent) -> Subject:
        """The stretch that an event takes; the whole where it goes all along."""
        whole = event.end - event.start >= _ALL_ALONG * (self.end - self.start)
        if event.kind in _LASTING and whole:
            return self.subject
        times = {"start": round(event.start, 3), "end": round(event.end, 3)}
        return self.subject.model_copy(update=times)


def held_against(
    seen: Sequence[Sighted], scene: Scene, source: str
) -> tuple[list[Finding], list[str]]:
    """The sightings as findings with what was measured beside them, and what was refuted in words.

    Args:
        seen: what the model pointed at.
        scene: what it was shown.
        source: the model, as findings name it.
    """
    judged = [(one, _counterpart(one, scene)) for one in seen]
    found: list[Finding] = []
    refuted: list[str] = []
    for one, measured in judged:
        if scene.events is None:
            found.append(_seen(one, scene, source, UNCHECKED, "no instrument can check it"))
        elif measured is not None:
            says = f"the instruments read {in_words(measured)} there"
            found.append(_seen(one, scene, source, BORNE_OUT, says))
            found.append(measured_event(one.event.kind, measured, scene))
        else:
            found.append(_seen(one, scene, source, REFUTED, "the instruments don't read it there"))
            found += _instead(one.event, scene, judged)
            refuted.append(in_words(one.event))
    return found, refuted


def in_words(event: PictureEvent) -> str:
    """An event in a few words."""
    times = f"at {event.start:.2f} s" if event.kind == "click" else (
        f"from {event.start:.2f} to {event.end:.2f} s"
    )  # fmt: skip
    if event.hertz is None:
        return f"a {event.kind} {times}"
    to = f" to {event.end_hertz:.0f}" if event.end_hertz is not None else ""
    preposition = "at" if event.kind == "cutoff" else "of"
    return f"a {event.kind} {preposition} {event.hertz:.0f}{to} Hz {times}"


def _counterpart(one: Sighted, scene: Scene) -> PictureEvent | None:
    """The measured event that bears a sighting out: the nearest of its kind within the bounds."""
    fitting = [
        event
        for event in scene.events or ()
        if event.kind == one.event.kind and _same_time(one, event) and same_hertz(one, event)
    ]
    return min(fitting, key=lambda event: abs(event.start - one.event.start), default=None)


def _same_time(one: Sighted, event: PictureEvent) -> bool:
    if event.kind in _LASTING:
        return True
    slack = _SLACK_SECONDS + one.seconds_error
    seen = one.event
    near = abs(seen.start - event.start) <= slack and abs(seen.end - event.end) <= slack
    common = min(seen.end, event.end) - max(seen.start, event.start)
    return near or common >= 0.5 * (max(seen.end, event.end) - min(seen.start, event.start)) > 0


def same_hertz(one: Sighted, event: PictureEvent) -> bool:
    """Whether a sighting's frequencies are an event's, as far as it can be told."""
    pairs = ((one.event.hertz, event.hertz), (one.event.end_hertz, event.end_hertz))
    within = _WITHIN.get(event.kind, 0.0)
    return all(
        told is None or held is None or abs(told - held) <= max(within * held, one.hertz_error)
        for told, held in pairs
    )


def _instead(
    event: PictureEvent, scene: Scene, judged: Sequence[tuple[Sighted, PictureEvent | None]]
) -> list[Finding]:
    """What was measured in place of a refuted event: another of its kind there, or none."""
    same = [
        one
        for one in scene.events or ()
        if one.kind == event.kind and (event.kind in _LASTING or _overlap(one, event) >= 0.5)
    ]
    others = [one for seen, one in judged if one is not None and seen.event.kind == event.kind
              and _overlap(seen.event, event) > 0]  # fmt: skip
    if same and len(others) < 2:
        nearest = min(same, key=lambda one: abs((one.hertz or 0.0) - (event.hertz or 0.0)))
        return [measured_event(event.kind, nearest, scene, scene.place(event))]
    if same or others:
        return []  # several are there: one measured value would deny the others too
    return [_none_there(event, scene)]


def _overlap(one: PictureEvent, other: PictureEvent) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    whole = max(one.end, other.end) - min(one.start, other.start)
    return common / whole if whole > 0 else float(one.start == other.start)


def _value(event: PictureEvent) -> JsonValue:
    if event.hertz is None:
        return [[round(event.start, 3), round(event.end, 3)]]
    if event.end_hertz is not None:
        return [round(event.hertz, 1), round(event.end_hertz, 1)]
    return round(event.hertz, 1)


def _seen(one: Sighted, scene: Scene, source: str, confidence: float, says: str) -> Finding:
    aspect = ASPECT_OF[one.event.kind]
    musical = _in_music(one.event, scene.time)
    bound = f"± {one.seconds_error:.2g} s"
    bound += f", ± {one.hertz_error:.2g} Hz" if one.event.hertz is not None else ""
    return Finding.make(
        scene.place(one.event),
        aspect,
        _value(one.event),
        unit=ASPECTS[aspect].unit,
        evidence="seen",
        source=source,
        method=f"{in_words(one.event)}{musical} ({bound}, {one.bound}); {says}",
        confidence=confidence,
    )


def _in_music(event: PictureEvent, time: MusicalTime | None) -> str:
    """An event's note and bars, as far as it has any."""
    note = ""
    if event.kind in ("tone", "hum") and event.hertz:
        note = f", near {note_of_midi(round(midi_of_hertz(event.hertz)))}"
    if time is None or event.kind in _LASTING:
        return note
    return f"{note}, {bars_of(event.start, event.end, time)}"


def measured_event(
    kind: EventKind, event: PictureEvent, scene: Scene, place: Subject | None = None
) -> Finding:
    """What instruments read in a spectrogram, at its place or at another one."""
    aspect = ASPECT_OF[kind]
    return Finding.make(
        place or scene.place(event),
        aspect,
        _value(event),
        unit=ASPECTS[aspect].unit,
        evidence=scene.evidence,
        source=source_of("qwen_vl", "sight"),
        method=f"{in_words(event)}, read off the spectrogram's pixels",
        confidence=0.8,
    )


def _none_there(event: PictureEvent, scene: Scene) -> Finding:
    aspect = ASPECT_OF[event.kind]
    return Finding.make(
        scene.place(event),
        aspect,
        [] if ASPECTS[aspect].kind == "list" else None,
        unit=ASPECTS[aspect].unit,
        evidence=scene.evidence,
        source=source_of("qwen_vl", "sight"),
        method=f"no {event.kind} there, by the spectrogram's pixels",
        confidence=0.8,
        absent=ASPECTS[aspect].kind != "list",
    )
