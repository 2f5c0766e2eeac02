"""Whether a sound is a one-shot, a loop, a song or another recording."""

from audio.library.envelope import Envelope
from audio.library.sound import SoundKind
from audio.library.steady_pitch import SteadyPitch

_SHOT_SECONDS, _LOOP_SECONDS, _SONG_SECONDS = 15.0, 64.0, 50.0
_DIED_AWAY_DB = -20.0
_HELD, _CLEARLY_HELD, _STRUMMED = 0.6, 0.75, 0.5
"""Shares of the energy at one pitch."""
_WHOLE_BARS = 0.04
"""How far a loop's length may be from whole bars or half a bar."""
_SURE = 0.8
"""A pulse this sure may be a loop's though it doesn't fill whole bars."""
_SILENT_DB = -45.0
_FEWEST_EVENTS = 3


def kind_of_sound(
    seconds: float,
    envelope: Envelope,
    pitch: SteadyPitch | None,
    tempo: tuple[float, float] | None,
) -> SoundKind:
    """Say what a sound is for.

    Args:
        seconds: its length.
        envelope: how its level runs.
        pitch: the pitch that it holds; None for none.
        tempo: beats per minute and how sure they are; None for no pulse.
    """
    held = pitch.confidence if pitch is not None else 0.0
    if seconds < _SHOT_SECONDS and _is_single(envelope, held):
        return "one-shot"
    if tempo is not None and seconds < _LOOP_SECONDS and _is_cut(seconds, envelope, *tempo):
        return "loop"
    if seconds >= _SONG_SECONDS and tempo is not None:
        return "song"
    return "recording"


def bars_of(seconds: float, bpm: float) -> float:
    """The length in bars of four beats."""
    return seconds * bpm / 240


def _is_single(envelope: Envelope, held: float) -> bool:
    """Whether it is one event: struck once, or held at one pitch."""
    died = envelope.tail_db <= _DIED_AWAY_DB
    if envelope.events <= 1:
        return died or held >= _HELD
    return envelope.events == 2 and (held >= _CLEARLY_HELD or (died and held >= _STRUMMED))


def _is_cut(seconds: float, envelope: Envelope, bpm: float, sure: float) -> bool:
    """Whether it fills whole bars, or pulses on and breaks off without dying away."""
    bars = bars_of(seconds, bpm)
    whole = round(2 * bars) / 2
    if whole >= 0.5 and abs(bars - whole) <= _WHOLE_BARS:
        return True
    goes_on = envelope.tail_db > _SILENT_DB and envelope.events >= _FEWEST_EVENTS
    return seconds < _LOOP_SECONDS / 2 and sure >= _SURE and goes_on
