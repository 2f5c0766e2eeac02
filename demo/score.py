"""The demo song as a score: what is played, and the truth that follows from it.

Times in the score are counted in beats from the first downbeat. Pitches are MIDI numbers.
"""

from typing import NamedTuple

from pydantic import JsonValue

BPM = 112
KEY = "F minor"
BEATS_PER_BAR = 4
SILENCE_START_SECONDS = 0.6
SILENCE_END_SECONDS = 1.5
SAMPLE_RATE_HZ = 44100
HUM_HZ = 50.0
HUM_DBFS = -58.0
"""RMS of the mains hum with its harmonics, in each channel."""
DC_OFFSET = 0.0032
"""Added to both channels between the silences, full scale 1."""


class Note(NamedTuple):
    """One pitched note of a part."""

    beat: float
    beats: float
    pitch: int
    velocity: float
    """0..1"""


class Hit(NamedTuple):
    """One stroke on the drum kit."""

    beat: float
    drum: str
    velocity: float
    """0..1"""


class Section(NamedTuple):
    """A named part of the form, with one chord per bar."""

    name: str
    chords: tuple[str, ...]


class Voicing(NamedTuple):
    """How a chord is played: the bass note, and three notes for the hands."""

    bass: int
    hands: tuple[int, int, int]


FORM = (
    Section("intro", ("F:min", "Db:maj", "Bb:min", "C:maj")),
    Section("verse", ("F:min", "Ab:maj", "Bb:min", "C:maj")),
    Section("chorus", ("Db:maj", "Eb:maj", "F:min", "C:maj")),
    Section("outro", ("F:min", "Db:maj", "C:maj", "F:min")),
)

VOICINGS = {
    "F:min": Voicing(29, (53, 56, 60)),
    "Ab:maj": Voicing(44, (51, 56, 60)),
    "Bb:min": Voicing(34, (53, 58, 61)),
    "C:maj": Voicing(36, (52, 55, 60)),
    "Db:maj": Voicing(37, (53, 56, 61)),
    "Eb:maj": Voicing(39, (51, 55, 58)),
}

# One bar a line: (beats, pitch), one after the other.
MELODY = {
    "verse": (
        ((1, 72), (0.5, 68), (0.5, 67), (1.5, 65), (0.5, 67)),
        ((1, 68), (0.5, 72), (0.5, 70), (1.5, 63), (0.5, 68)),
        ((1, 70), (0.5, 73), (0.5, 72), (1, 70), (0.5, 68), (0.5, 70)),
        ((1.5, 67), (0.5, 68), (0.5, 67), (0.5, 64), (1, 72)),
    ),
    "chorus": (
        ((1.5, 77), (0.5, 75), (1, 73), (0.5, 73), (0.5, 75)),
        ((1.5, 79), (0.5, 77), (1, 75), (0.5, 70), (0.5, 75)),
        ((1.5, 80), (0.5, 79), (1, 77), (0.5, 72), (0.5, 77)),
        ((1, 79), (0.5, 77), (0.5, 76), (1.5, 72), (0.5, 76)),
    ),
    "outro": (
        ((2, 72), (2, 68)),
        ((2, 65), (2, 68)),
        ((1.5, 67), (0.5, 68), (1, 67), (1, 64)),
        ((4, 65),),
    ),
}


def bars() -> list[str]:
    """The chord of every bar, in order."""
    return [chord for section in FORM for chord in section.chords]


def seconds(beat: float) -> float:
    """Where a beat of the score lies in the file."""
    return SILENCE_START_SECONDS + beat * 60 / BPM


def end_seconds() -> float:
    """Where the music ends and the closing silence begins."""
    return seconds(len(bars()) * BEATS_PER_BAR)


def melody(section: str) -> list[Note]:
    """The melody of one section; empty where it has none."""
    notes = []
    beat = 0.0
    for name, chords in FORM:
        start = beat
        for bar in MELODY.get(name, ()) if name == section else ():
            for beats, pitch in bar:
                accent = 0.9 if start % BEATS_PER_BAR == 0 else 0.75
                notes.append(Note(start, beats, pitch, accent))
                start += beats
        beat += len(chords) * BEATS_PER_BAR
    return notes


def truth() -> dict[str, JsonValue]:
    """What is known about the file because it was rendered from this score, by aspect."""
    beats: list[JsonValue] = [
        round(seconds(beat), 4) for beat in range(len(bars()) * BEATS_PER_BAR)
    ]
    spans = [(round(seconds(i * 4), 4), round(seconds(i * 4 + 4), 4)) for i in range(len(bars()))]
    chords: list[JsonValue] = [[*span, chord] for span, chord in zip(spans, bars(), strict=True)]
    sections: list[JsonValue] = []
    bar = 0
    for name, section in FORM:
        sections.append([spans[bar][0], spans[bar + len(section) - 1][1], name])
        bar += len(section)
    notes: list[JsonValue] = [
        [round(seconds(note.beat), 4), round(seconds(note.beat + note.beats), 4), note.pitch]
        for name, _ in FORM
        for note in melody(name)
    ]
    sounding = end_seconds() - SILENCE_START_SECONDS
    whole = end_seconds() + SILENCE_END_SECONDS
    return {
        "duration.seconds": round(whole, 4),
        "sample_rate.hz": SAMPLE_RATE_HZ,
        "channels": 2,
        "tempo.bpm": BPM,
        "meter": f"{BEATS_PER_BAR}/4",
        "key": KEY,
        "beats": beats,
        "downbeats": beats[::BEATS_PER_BAR],
        "chords": chords,
        "structure.sections": sections,
        "melody.notes": notes,
        "silence.start_seconds": SILENCE_START_SECONDS,
        "silence.end_seconds": SILENCE_END_SECONDS,
        "hum.hz": HUM_HZ,
        "dc_offset": round(DC_OFFSET * sounding / whole, 5),
    }
