"""What is known of one sound of a library: its light profile, as data."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

SoundKind = Literal["one-shot", "loop", "song", "recording"]
"""A single event, a cut pattern, a piece of music, or anything else."""

VERSION = 3
"""Of the profile and the vector together: sounds of another version are measured anew."""


class Sound(BaseModel):
    """The measured facts of one file; what can't be told is None."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: str
    """``wav``, ``flac``, ``mp3``, ``ogg`` or ``aiff``, by the content."""
    seconds: float
    sample_rate_hz: int
    channels: int
    kind: SoundKind
    tempo_bpm: float | None = None
    tempo_confidence: float = 0.0
    """0..1, the octave included."""
    tempo_alternatives: tuple[float, ...] = ()
    """Other tempos that fit, mostly octaves."""
    bars: float | None = None
    """Length in bars of four at the tempo."""
    key: str | None = None
    """Such as ``F minor``."""
    key_confidence: float = 0.0
    second_key: str | None = None
    """The next likely key."""
    note: str | None = None
    """Pitch of a sound that has one, such as ``F1``."""
    pitch_hz: float | None = None
    pitch_confidence: float = 0.0
    note_shares: tuple[float, ...] = ()
    """Share of each pitch class, from C, in a single voice's energy; empty where it has none."""
    loudness_lufs: float | None = None
    """Integrated; None below 400 ms."""
    loudest_lufs: float | None = None
    """Loudest 400 ms; of shorter sounds, as if silence followed."""
    true_peak_dbtp: float | None = None
    crest_db: float | None = None
    centroid_hz: float | None = None
    bandwidth_hz: float | None = None
    bands_db: dict[str, float] = {}
    """Energy of each band of ``audio.aspects.BAND_EDGES_HZ`` under that of all, in dB."""
    low_share: float | None = None
    """Share of the energy below 120 Hz, 0..1."""
    high_share: float | None = None
    """Share of the energy above 4 kHz, 0..1."""
    noisiness: float | None = None
    """Spectral flatness of the loud frames, 0 (tones) to 1 (white noise)."""
    percussive_share: float | None = None
    """Share of percussive energy, 0..1."""
    onsets_per_second: float | None = None
    attack_seconds: float | None = None
    """From a tenth of the peak to the peak of the envelope."""
    decay_seconds: float | None = None
    """From the peak until the envelope is 20 dB below it; None where it never falls so far."""
    width: float | None = None
    """Side energy over all energy, 0..1; 0 for one channel."""
    tags: dict[str, str] = {}
    """Title, artist … as the file says: never believed, only searched."""
    remarks: tuple[str, ...] = ()
    """What is odd about the file, such as that it breaks off."""
