"""The measured fields of a sound that can be sought: how each is read, called and written."""

from collections.abc import Callable
from dataclasses import dataclass

from audio.aspects import BAND_EDGES_HZ
from audio.library.sound import Sound


@dataclass(frozen=True)
class Field:
    """One number of a sound."""

    name: str
    of: Callable[[Sound], float | None]
    says: str
    """What it is called in results."""
    unit: str
    digits: int
    more: str
    """How a sound with more of it is called against others."""
    less: str

    def text(self, value: float) -> str:
        """The value in words."""
        if self.unit == "%":
            return f"{self.says} {100 * value:.{self.digits}f} %"
        return f"{self.says} {value:,.{self.digits}f} {self.unit}".rstrip()


def _band(name: str) -> Callable[[Sound], float | None]:
    def level(one: Sound) -> float | None:
        return one.bands_db.get(name)

    return level


_ALL = (
    Field("seconds", lambda one: one.seconds, "length", "s", 2, "longer", "shorter"),
    Field("tempo_bpm", lambda one: one.tempo_bpm, "tempo", "BPM", 1, "faster", "slower"),
    Field("bars", lambda one: one.bars, "bars", "", 1, "longer", "shorter"),
    Field("pitch_hz", lambda one: one.pitch_hz, "pitch", "Hz", 1, "higher", "lower"),
    Field("loudness_lufs", lambda one: one.loudness_lufs, "loudness", "LUFS", 1, "louder",
          "quieter"),
    Field("loudest_lufs", lambda one: one.loudest_lufs, "loudest 400 ms", "LUFS", 1, "louder",
          "quieter"),
    Field("true_peak_dbtp", lambda one: one.true_peak_dbtp, "true peak", "dBTP", 1, "hotter",
          "lower"),
    Field("crest_db", lambda one: one.crest_db, "crest", "dB", 1, "more dynamic", "flatter"),
    Field("centroid_hz", lambda one: one.centroid_hz, "centroid", "Hz", 0, "brighter", "darker"),
    Field("bandwidth_hz", lambda one: one.bandwidth_hz, "bandwidth", "Hz", 0, "broader",
          "narrower"),
    Field("low_share", lambda one: one.low_share, "below 120 Hz", "%", 0, "more bass", "less bass"),
    Field("high_share", lambda one: one.high_share, "above 4 kHz", "%", 1, "more treble",
          "less treble"),
    Field("noisiness", lambda one: one.noisiness, "noisiness", "", 3, "noisier", "cleaner"),
    Field("percussive_share", lambda one: one.percussive_share, "percussive", "%", 0,
          "more percussive", "more tonal"),
    Field("onsets_per_second", lambda one: one.onsets_per_second, "onsets", "a second", 1, "busier",
          "sparser"),
    Field("attack_seconds", lambda one: one.attack_seconds, "attack", "s", 3, "softer", "snappier"),
    Field("decay_seconds", lambda one: one.decay_seconds, "decay", "s", 2, "longer", "shorter"),
    Field("width", lambda one: one.width, "width", "%", 0, "wider", "narrower"),
    Field("channels", lambda one: float(one.channels), "channels", "", 0, "more", "fewer"),
    Field("sample_rate_hz", lambda one: float(one.sample_rate_hz), "rate", "Hz", 0, "higher",
          "lower"),
    *(
        Field(f"bands_db.{band}", _band(band), f"{low:.0f}-{high:.0f} Hz", "dB of all", 1, "more",
              "less")
        for band, (low, high) in BAND_EDGES_HZ.items()
    ),
)  # fmt: skip

FIELDS = {one.name: one for one in _ALL}
"""Every field by name."""

OF_ASPECT = {
    "duration.seconds": "seconds",
    "tempo.bpm": "tempo_bpm",
    "loudness.integrated_lufs": "loudest_lufs",
    "loudness.momentary_max_lufs": "loudest_lufs",
    "loudness.short_term_max_lufs": "loudest_lufs",
    "loudness.true_peak_dbtp": "true_peak_dbtp",
    "dynamics.crest_db": "crest_db",
    "spectrum.centroid_hz": "centroid_hz",
    "spectrum.rolloff_hz": "centroid_hz",
    "spectrum.bandwidth_hz": "bandwidth_hz",
    "stereo.width": "width",
    "onsets.per_second": "onsets_per_second",
    **{f"spectrum.band_db.{band}": f"bands_db.{band}" for band in BAND_EDGES_HZ},
}
"""The field that stands for an aspect of the glossary's terms."""
