"""Songs that the tests write and read."""

import random

from audio.songs.instruments import INSTRUMENTS
from audio.songs.song import (
    PPQ,
    ChordSpan,
    MeterMark,
    Note,
    Song,
    SongSection,
    TempoMark,
    Track,
)

CHORDS = ("C", "Am", "F", "G")


def track(name: str, notes: list[Note]) -> Track:
    instrument = INSTRUMENTS[name]
    return Track(
        name=name,
        instrument=name,
        program=instrument.program,
        is_drums=instrument.is_drums,
        notes=tuple(notes),
    )


def pop_song(bpm: float = 120.0, bars: int = 8, key: str = "C major") -> Song:
    """Piano, bass and drums on C, Am, F, G: a bar each."""
    piano, bass, drums = [], [], []
    roots = {"C": 48, "Am": 45, "F": 41, "G": 43}
    thirds = {"C": 4, "Am": 3, "F": 4, "G": 4}
    for bar in range(bars):
        chord, start = CHORDS[bar % 4], bar * 4 * PPQ
        root = roots[chord]
        for step in (0, thirds[chord], 7):
            piano += [
                Note(start=start + beat * PPQ, length=PPQ - 30, pitch=root + 12 + step, velocity=70)
                for beat in range(4)
            ]
        bass += [
            Note(start=start + eighth * PPQ // 2, length=PPQ // 2, pitch=root - 12, velocity=90)
            for eighth in range(8)
        ]
        for beat in range(4):
            sound = 36 if beat % 2 == 0 else 38
            drums += [Note(start=start + beat * PPQ, length=60, pitch=sound, velocity=100)]
        drums += [
            Note(start=start + eighth * PPQ // 2, length=60, pitch=42, velocity=70)
            for eighth in range(8)
        ]
    return Song(
        title="Vier Akkorde für alle",
        key=key,
        bars=bars,
        tempos=(TempoMark(bpm=bpm),),
        sections=(
            SongSection(name="Verse 1", role="verse", first_bar=1, bars=bars // 2),
            SongSection(
                name="Chorus", role="chorus", first_bar=bars // 2 + 1, bars=bars - bars // 2
            ),
        ),
        chords=tuple(
            ChordSpan(start=bar * 4 * PPQ, length=4 * PPQ, name=CHORDS[bar % 4])
            for bar in range(bars)
        ),
        tracks=(track("Piano", piano), track("Electric Bass", bass), track("Drum Kit", drums)),
    )


def wild_song(seed: int, grid: int = 10) -> Song:
    """Changing meters and tempos, tuplets, long ties and overlaps, on a grid of ticks."""
    dice = random.Random(seed)
    meters, bar = [MeterMark(beats=dice.choice((3, 4, 5)), unit=4)], 1
    for beats, unit in ((7, 8), (2, 2), (6, 8), (3, 16), (4, 4)):
        bar += dice.randint(1, 3)
        meters.append(MeterMark(bar=bar, beats=beats, unit=unit))
    bars = bar + 3
    length = Song(bars=bars, tempos=(TempoMark(bpm=97.3),), meters=tuple(meters)).ticks
    tempos = [TempoMark(bpm=dice.choice((61.25, 97.3, 174)))]
    for tick in sorted(dice.sample(range(grid, length, grid), 4)):
        tempos.append(TempoMark(tick=tick, bpm=round(dice.uniform(40, 220), 2)))
    tracks = []
    for name in ("Piano", "Double Bass", "Violin", "Jazz Kit"):
        instrument, notes = INSTRUMENTS[name], []
        for _ in range(dice.randint(5, 60)):
            start = dice.randrange(0, length - grid, grid)
            longest = min(length - start, dice.choice((grid, 160, 480, 4000)))
            notes.append(
                Note(
                    start=start,
                    length=max(grid, dice.randrange(0, longest + 1, grid)),
                    pitch=dice.randint(instrument.low, instrument.high),
                    velocity=dice.randint(1, 127),
                )
            )
        tracks.append(track(name, notes))
    return Song(
        title="Wild",
        key=dice.choice(("", "F# minor", "Cb major", "D major")),
        bars=bars,
        tempos=tuple(tempos),
        meters=tuple(meters),
        sections=(
            SongSection(name="Intro", role="intro", first_bar=1, bars=2),
            SongSection(name="A & <B>", first_bar=3, bars=bars - 2),
        ),
        tracks=tuple(tracks),
    )
