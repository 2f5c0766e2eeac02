"""Which aspects a word such as "loudness" or "stereo" stands for."""

from collections.abc import Iterable

_LOUDNESS = (
    "loudness.integrated_lufs", "loudness.short_term_max_lufs", "loudness.momentary_max_lufs",
)  # fmt: skip
_SPECTRUM = (
    "spectrum.band_db.sub", "spectrum.band_db.bass", "spectrum.band_db.low_mid",
    "spectrum.band_db.mid", "spectrum.band_db.high_mid", "spectrum.band_db.presence",
    "spectrum.band_db.brilliance", "spectrum.centroid_hz", "spectrum.rolloff_hz",
    "spectrum.bandwidth_hz", "spectrum.cutoff_hz",
)  # fmt: skip

MEANT: dict[str, tuple[str, ...]] = {
    "tempo": ("tempo.bpm", "tempo.alternatives_bpm"),
    "key": ("key",),
    "chords": ("chords", "key"),
    "melody": ("melody.notes",),
    "beats": ("beats", "downbeats", "tempo.bpm"),
    "meter": ("meter", "downbeats"),
    "loudness": _LOUDNESS,
    "range": ("loudness.range_lu", "dynamics.crest_db"),
    "true_peak": ("loudness.true_peak_dbtp",),
    "crest": ("dynamics.crest_db",),
    "clipping": ("clipping.samples", "loudness.true_peak_dbtp"),
    "dc": ("dc_offset",),
    "silence": ("silence.start_seconds", "silence.end_seconds"),
    "spectrum": _SPECTRUM,
    "centroid": ("spectrum.centroid_hz", "spectrum.rolloff_hz"),
    "cutoff": ("spectrum.cutoff_hz", "spectrum.rolloff_hz"),
    "stereo": ("stereo.correlation", "stereo.width", "stereo.balance_db"),
    "width": ("stereo.width", "stereo.correlation"),
    "balance": ("stereo.balance_db",),
    "hum": ("hum.hz",),
    "structure": ("structure.sections",),
    "onsets": ("onsets.per_second",),
    "percussive": ("harmonic_percussive.ratio_db",),
    "duration": ("duration.seconds",),
    "format": ("sample_rate.hz", "channels", "duration.seconds"),
    "noise": ("hum.hz", "clipping.samples", *_SPECTRUM),
    "swing": ("tempo.bpm", "beats", "downbeats", "onsets.per_second"),
    "instruments": (),
}
"""Aspects by the vocabulary's name; none where no instrument measures it."""


def aspects_of(names: Iterable[str]) -> tuple[str, ...]:
    """The aspects to measure, each once; empty (the full profile) when a name stands for none."""
    groups = [MEANT[name] for name in names]
    if not all(groups):
        return ()
    return tuple(dict.fromkeys(aspect for group in groups for aspect in group))
