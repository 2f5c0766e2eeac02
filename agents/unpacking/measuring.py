"""Measure a recording: rhythm, tonality, form, loudness, in one pass over the file."""

from pydantic import JsonValue

from agents.unpacking.analysis import Analysis, Told, spans_told
from audio.aspects import is_number
from audio.assets import AssetRef, AssetStore
from audio.measure import measure
from audio.measurement import Measurement
from audio.songs.keys import key_of, key_of_signature
from grym_synth.errors import SoundUnusable

SHORTEST_SECONDS = 2.0
"""Shorter sounds hold no bar that could be told."""
DOUBTED_OCTAVE = 0.1
"""From this confidence of the other octave on, the octave of a tempo is in doubt."""
_OCTAVE = 0.04
"""Two tempos are an octave apart within this share."""
_SILENT_DBTP = -70.0
_NAMES = {
    "tempo.bpm": "tempo",
    "tempo.alternatives_bpm": "tempo_alternatives",
    "beats": "beats",
    "downbeats": "downbeats",
    "meter": "meter",
    "key": "key",
    "chords": "chords",
    "structure.sections": "sections",
    "loudness.integrated_lufs": "loudness_integrated",
    "loudness.range_lu": "loudness_range",
    "loudness.true_peak_dbtp": "true_peak",
    "harmonic_percussive.ratio_db": "harmonic_percussive_ratio",
}
"""Aspects that are measured, and the names under which they are told."""
_SPANS = ("chords", "structure.sections")


def measure_recording(ref: AssetRef, assets: AssetStore) -> Analysis:
    """Say what a recording is measured to be.

    Raises:
        MediaRejected: nothing of it can be decoded.
        SoundUnusable: it is silent, or too short to hold music that could be told.
    """
    refuse_short(ref)
    path = assets.path(ref)
    measured = {one.aspect: one for one in measure(path, ("duration.seconds", *_NAMES))}
    seconds = measured["duration.seconds"].value
    length = float(seconds) if is_number(seconds) else 0.0
    _refuse_unusable(ref.name, length, measured["loudness.true_peak_dbtp"].value)
    facts = {name: _told(measured[aspect]) for aspect, name in _NAMES.items()}
    facts["relative_key"] = relative(facts["key"])
    facts["tempo_octave"] = other_octave(facts["tempo"], facts["tempo_alternatives"])
    return Analysis(
        file=ref.name,
        sha256=ref.id,
        seconds=length,
        sample_rate_hz=ref.sample_rate_hz or 0,
        channels=ref.channels or 0,
        facts=facts,
    )


def refuse_short(ref: AssetRef) -> None:
    """Refuse a recording whose header says that it is too short, before any work.

    Raises:
        SoundUnusable: it is.
    """
    if ref.seconds is not None and ref.seconds < SHORTEST_SECONDS:
        _refuse_unusable(ref.name, ref.seconds, 0.0)


def _refuse_unusable(name: str, seconds: float, peak: JsonValue) -> None:
    if seconds < SHORTEST_SECONDS:
        raise SoundUnusable(
            f"unpacking {name}",
            f"it lasts {seconds:.2f} s, {SHORTEST_SECONDS:.0f} s are needed to tell a bar",
            "Give a longer recording",
        )
    if not is_number(peak) or float(peak) < _SILENT_DBTP:
        raise SoundUnusable(
            f"unpacking {name}",
            f"it is silent: it never exceeds {_SILENT_DBTP:.0f} dBFS",
            "Give a recording of music",
        )


def _told(one: Measurement) -> Told:
    value = one.value
    if one.aspect in _SPANS and isinstance(value, list):
        value = spans_told(_spans(value))
    return Told(value=value, unit=one.unit, method=one.method, confidence=one.confidence)


def _spans(value: list[JsonValue]) -> list[tuple[float, float, str]]:
    return [
        (float(one[0]), float(one[1]), str(one[2]))
        for one in value
        if isinstance(one, list) and is_number(one[0]) and is_number(one[1])
    ]


def other_octave(tempo: Told, alternatives: Told) -> Told:
    """The tempo at half or twice the speed that is the beat instead, if the octave is wrong."""
    if not is_number(tempo.value) or not isinstance(alternatives.value, list):
        return Told(value=None, unit=tempo.unit, method=tempo.method, confidence=0.0)
    bpm = float(tempo.value)
    octaves = [
        round(bpm * factor, 2)
        for other in alternatives.value
        for factor in (0.5, 2.0)
        if is_number(other) and abs(float(other) / (bpm * factor) - 1) < _OCTAVE
    ]
    if not octaves:
        reason = "neither half nor twice the tempo pulses in the music"
        return Told(value=None, unit=tempo.unit, method=reason, confidence=0.0)
    sure = alternatives.confidence
    doubt = "the octave is in doubt" if sure >= DOUBTED_OCTAVE else "the octave is clear"
    method = f"{doubt}: chance that the beat is at this tempo, by the scores of both levels"
    return Told(value=octaves[0], unit=tempo.unit, method=method, confidence=sure)


def relative(key: Told) -> Told:
    """The key of the same notes: what the key most easily is mistaken for."""
    if not isinstance(key.value, str):
        return Told(value=None, method=key.method, confidence=0.0)
    told = key_of(key.value)
    other = key_of_signature(told.fifths, "minor" if told.mode == "major" else "major")
    method = "the major or minor key of the same notes; by arithmetic"
    return Told(value=other.name, method=method, confidence=key.confidence)
