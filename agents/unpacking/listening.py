"""Hear the notes, the drums and the chords of a recording, and keep what can be believed."""

from agents.unpacking.analysis import Analysis, Told, spans_told
from agents.unpacking.believing import believed, is_heard
from agents.unpacking.measuring import relative
from agents.unpacking.separating import Stems
from audio.agreement import agree, chord_of
from audio.assets import AssetRef, AssetStore
from audio.chords import find_chords
from audio.chroma import Chromagram
from audio.key import find_key
from audio.songs.keys import Key, key_of
from audio.transcribing.drums import find_strokes
from audio.transcribing.hearing import Hearing, Transcript
from audio.transcribing.notes import HeardNote, HeardStroke
from memory.context import Word

_BASS_WEIGHT, _BAND_BASS_WEIGHT = 2.5, 4.0
"""How much a bass note speaks for the chord on it: more where there are drums, since bands play
most chords in root position."""


class Heard(Word):
    """All notes of a recording, in seconds: what ``notes.json`` holds."""

    melody: tuple[HeardNote, ...] = ()
    bass: tuple[HeardNote, ...] = ()
    harmony: tuple[HeardNote, ...] = ()
    drums: tuple[HeardStroke, ...] = ()
    solo: bool = False
    """One line is all that sounds."""
    source: str
    """The instrument that heard the pitches, in words."""
    reason: str = ""
    """Why no pitched notes are told; empty where they are."""


class Listened(Word):
    """A recording after it was heard."""

    analysis: Analysis
    heard: Heard


def listen(
    ref: AssetRef, stems: Stems, analysis: Analysis, assets: AssetStore, *, drums: bool = True
) -> Listened:
    """Hear the notes of a recording, tell its chords anew from them, and drop what is not music.

    Args:
        ref: the recording.
        stems: its parts; drums are heard in the percussive one.
        analysis: as it was measured.
        assets: where files are.
        drums: whether drums are to be heard.
    """
    hearing = Hearing(assets.path(ref))
    transcript = hearing.transcript()
    strokes = find_strokes(assets.path(stems.percussive)) if drums and not transcript.solo else ()
    weight = _BAND_BASS_WEIGHT if strokes else _BASS_WEIGHT
    told = _with_harmony(analysis, hearing.chromagram(), transcript.source, weight)
    told = believed(told, transcript.held)
    return Listened(analysis=told, heard=_heard(told, transcript, strokes))


def _with_harmony(
    analysis: Analysis, chromagram: Chromagram, source: str, bass_weight: float
) -> Analysis:
    """Key and chords told anew, from the notes that were heard beside the spectrum."""
    facts: dict[str, Told] = {}
    key, before = find_key(chromagram), analysis.facts["key"]
    if key.key is not None and before.value is not None:
        name = key_of(key.key).name
        method = f"key profiles over tuned chroma of the spectrum and of {source}"
        if not agree("key", name, before.value):
            method += f"; the spectrum alone would say {before.value}"
        if key.second:
            method += f"; next likely {key.second}"
        told = Told(value=name, method=method, confidence=round(key.confidence, 3))
        facts |= {"key": told, "relative_key": relative(told)}
    beats = analysis.times("beats")
    chords = find_chords(chromagram, beats, bass_weight)
    if spans := chords.spans:
        steps = "beats" if beats else "quarter seconds"
        tonality = key_of(key.key or "C major")
        facts["chords"] = Told(
            value=spans_told((one.start, one.end, _spelt(one.label, tonality)) for one in spans),
            method=f"Viterbi path over 24 triads and none, by {steps}; notes of {source} and the "
            "spectrum",
            confidence=round(chords.confidence, 3),
        )
    return analysis.with_facts(facts)


def _spelt(label: str, key: Key) -> str:
    """A chord as it is written in a key, such as ``C#m`` in A major and ``Dbm`` in A flat."""
    chord = chord_of(label)
    if chord is None or chord[0] < 0:
        return label
    return key.name_of(chord[0]) + chord[1]


def _heard(analysis: Analysis, transcript: Transcript, strokes: tuple[HeardStroke, ...]) -> Heard:
    if not is_heard(analysis, transcript.held):
        reason = "hardly any note is held, as in speech or noise"
        return Heard(source=transcript.source, drums=_if_pulse(analysis, strokes), reason=reason)
    return Heard(
        melody=transcript.melody,
        bass=transcript.bass,
        harmony=transcript.harmony,
        drums=_if_pulse(analysis, strokes),
        solo=transcript.solo,
        source=transcript.source,
    )


def _if_pulse(analysis: Analysis, strokes: tuple[HeardStroke, ...]) -> tuple[HeardStroke, ...]:
    """Drums without a pulse are consonants or noise."""
    return strokes if analysis.times("beats") else ()
