"""The musical instruments as measurements: rhythm, key, chords, melody, sections, tone and drum."""

from collections.abc import Collection

import numpy as np
from pydantic import JsonValue

from audio.blocks import Block, Stream
from audio.chords import find_chords
from audio.chroma import Chromagram, PitchMeter
from audio.hpss import HarmonicRatioMeter
from audio.key import find_key
from audio.measurement import Measurement, Reporter
from audio.melody import MelodyMeter
from audio.rhythm import Rhythm, RhythmMeter
from audio.structure import TimbreMeter, find_sections

RHYTHM_ASPECTS = (
    "tempo.bpm", "tempo.alternatives_bpm", "beats", "downbeats", "meter", "onsets.per_second",
)  # fmt: skip
TONAL_ASPECTS = ("key", "chords", "melody.notes", "structure.sections")
ASPECTS = (*RHYTHM_ASPECTS, *TONAL_ASPECTS, "harmonic_percussive.ratio_db")

_ON_BEATS = ("chords", "structure.sections")
"""Their boundaries are placed on beats, so the rhythm is measured for them too."""
_INAUDIBLE = 1e-6
"""Magnitude (-120 dBFS) below which a whole file counts as digital silence."""
_SHORTEST_SECONDS = 0.25
"""Shorter sounds hold no music that could be told."""
_ONSET_CONFIDENCE = 0.8
_RATIO_CONFIDENCE = 0.8


class MusicMeter:
    """Runs those musical instruments that the wanted aspects need."""

    def __init__(self, stream: Stream, wanted: Collection[str]) -> None:
        self._wanted = set(wanted)
        self._peak = 0.0
        self._seconds = stream.seconds
        self._rhythm = RhythmMeter(stream) if self._any(*RHYTHM_ASPECTS, *_ON_BEATS) else None
        self._pitch = PitchMeter(stream) if self._any(*TONAL_ASPECTS) else None
        self._melody = MelodyMeter(stream) if self._any("melody.notes") else None
        self._timbre = TimbreMeter(stream) if self._any("structure.sections") else None
        ratio = self._any("harmonic_percussive.ratio_db")
        self._ratio = HarmonicRatioMeter(stream) if ratio else None

    def push(self, block: Block) -> None:
        self._peak = max(self._peak, float(np.abs(block.samples).max(initial=0.0)))
        meters = (self._rhythm, self._pitch, self._melody, self._timbre, self._ratio)
        for meter in meters:
            if meter is not None:
                meter.push(block)

    def finish(self) -> list[Measurement]:
        wanted = [aspect for aspect in ASPECTS if aspect in self._wanted]
        if self._peak < _INAUDIBLE:
            return Reporter("musical").all_untold(wanted, "silent: no sample above -120 dBFS")
        if self._seconds < _SHORTEST_SECONDS:
            reason = f"shorter than {_SHORTEST_SECONDS} s"
            return Reporter("musical").all_untold(wanted, reason)
        rhythm = self._rhythm.finish() if self._rhythm else None
        beats = rhythm.beats if rhythm else []
        measured = [] if rhythm is None else _rhythm_measurements(rhythm)
        if self._pitch is not None:
            measured += self._tonal(self._pitch.finish(), beats)
        if self._ratio is not None:
            measured.append(_ratio_measurement(self._ratio))
        return [one for one in measured if one.aspect in self._wanted]

    def _any(self, *aspects: str) -> bool:
        return not self._wanted.isdisjoint(aspects)

    def _tonal(self, chromagram: Chromagram, beats: list[float]) -> list[Measurement]:
        measured = []
        if self._any("key"):
            measured.append(_key(chromagram))
        if self._any("chords"):
            measured.append(_chords(chromagram, beats))
        if self._melody is not None:
            measured.append(_melody(self._melody, chromagram))
        if self._timbre is not None:
            measured.append(_sections(self._timbre, chromagram, beats))
        return measured


def _rhythm_measurements(rhythm: Rhythm) -> list[Measurement]:
    say = Reporter("rhythm")
    others: JsonValue = [round(bpm, 2) for bpm in rhythm.alternatives_bpm]
    bpm = None if rhythm.bpm is None else round(rhythm.bpm, 2)
    onsets = round(rhythm.onsets_per_second, 2) if rhythm.onset_times else None
    tempo = rhythm.tempo_method, rhythm.confidence
    downbeats = _times(rhythm.downbeats)
    told: list[tuple[str, JsonValue, str, float]] = [
        ("tempo.bpm", bpm, *tempo),
        ("tempo.alternatives_bpm", others if bpm else None, *_octave(rhythm)),
        ("beats", _times(rhythm.beats), rhythm.beats_method, rhythm.beats_confidence),
        ("downbeats", downbeats, rhythm.meter_method, rhythm.downbeats_confidence),
        ("meter", rhythm.meter, rhythm.meter_method, rhythm.meter_confidence),
        ("onsets.per_second", onsets, rhythm.onsets_method, _ONSET_CONFIDENCE),
    ]
    return [
        say.untold(aspect, method if aspect != "onsets.per_second" else "no note onset was found")
        if value is None
        else say.told(aspect, value, method, confidence)
        for aspect, value, method, confidence in told
    ]


def _octave(rhythm: Rhythm) -> tuple[str, float]:
    """Method and confidence of the alternatives: how likely the other octave is the beat."""
    if rhythm.bpm is None:
        return rhythm.tempo_method, 0.0
    told = "confidence is that of the first at half or twice the tempo against the tempo"
    return f"{rhythm.tempo_method}; {told}", rhythm.octave_confidence


def _times(times: list[float]) -> JsonValue:
    return [round(time, 3) for time in times] or None


def _key(chromagram: Chromagram) -> Measurement:
    tonality, say = find_key(chromagram), Reporter("key")
    if tonality.key is None:
        return say.untold("key", tonality.reason)
    method = f"key profiles over tuned chroma (A4 = {chromagram.tuning_hz:.1f} Hz)"
    if tonality.second:
        method += f"; next likely {tonality.second}"
    return say.told("key", tonality.key, method, tonality.confidence)


def _chords(chromagram: Chromagram, beats: list[float]) -> Measurement:
    chords, say = find_chords(chromagram, beats), Reporter("chords")
    if not chords.spans:
        return say.untold("chords", chords.reason)
    spans: JsonValue = [[round(one.start, 3), round(one.end, 3), one.label] for one in chords.spans]
    steps = "beats" if beats else "quarter seconds"
    method = f"Viterbi path over 24 triads and none, by {steps}"
    return say.told("chords", spans, method, chords.confidence)


def _melody(meter: MelodyMeter, chromagram: Chromagram) -> Measurement:
    melody, say = meter.finish(chromagram), Reporter("melody")
    if not melody.notes:
        return say.untold("melody.notes", melody.reason)
    notes: JsonValue = [[round(one.start, 3), round(one.end, 3), one.midi] for one in melody.notes]
    return say.told("melody.notes", notes, "smoothest line of salience", melody.confidence)


def _sections(meter: TimbreMeter, chromagram: Chromagram, beats: list[float]) -> Measurement:
    structure, say = find_sections(chromagram, meter.finish(), beats), Reporter("structure")
    if not structure.sections:
        return say.untold("structure.sections", structure.reason)
    sections: JsonValue = [
        [round(one.start, 3), round(one.end, 3), one.label] for one in structure.sections
    ]
    method = "novelty of harmony and timbre; like sections share a letter"
    return say.told("structure.sections", sections, method, structure.confidence)


def _ratio_measurement(meter: HarmonicRatioMeter) -> Measurement:
    aspect, ratio, say = "harmonic_percussive.ratio_db", meter.finish(), Reporter("hpss")
    if ratio.ratio_db is None:
        return say.untold(aspect, ratio.reason)
    method = "median-filter separation of the short spectra below 8 kHz"
    return say.told(aspect, round(ratio.ratio_db, 2), method, _RATIO_CONFIDENCE)
