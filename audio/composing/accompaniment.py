"""Accompaniment: chords in the style's rhythm, chords held out, and lines of long notes."""

from audio.composing.harmony import Sounding
from audio.composing.meters import Meter
from audio.composing.patterns import Stroke, strokes
from audio.composing.streams import Stream
from audio.composing.voicing import Voicing, lead
from audio.songs.instruments import Instrument
from audio.songs.song import Note

_LOWEST, _HIGHEST = 48, 72
"""Where chords are played, as far as the instrument goes so far."""
_POWER = ("Overdriven Guitar", "Distorted Guitar")
"""Instruments on which thirds blur: they play roots and fifths."""
_CALM = 0.45
_INNER = (53, 74)
"""Where inner lines lie before they go to their instruments' octaves."""
_MOVING = 0.6
"""Share of the chords within which a line moves on, where there is time."""


def chordal_range(player: Instrument) -> tuple[int, int]:
    """The register of an instrument's chords: within C3 to C5, at least an octave and a half."""
    low = max(player.low, min(_LOWEST, player.high - 19))
    return low, min(player.high, max(_HIGHEST, low + 19))


def voicings(
    chords: tuple[Sounding, ...], player: Instrument, voices: int, parallels: bool
) -> tuple[Voicing, ...]:
    """How an instrument plays each of the chords."""
    low, high = chordal_range(player)
    if player.name in _POWER:
        return tuple(_power(one, player) for one in chords)
    return lead([one.chord for one in chords], low, high, voices, parallels)


def comped(
    stream: Stream,
    meter: Meter,
    chords: tuple[Sounding, ...],
    bars: int,
    patterns: tuple[str, ...],
    player: Instrument,
    energy: float,
    parallels: bool,
) -> tuple[Note, ...]:
    """Play chords in a rhythm: struck together, or their lowest note and the rest in turn."""
    pattern = stream.one(patterns)
    held = voicings(chords, player, 4 if player.family in ("keys", "guitar") else 3, parallels)
    events = strokes(pattern, meter)
    if energy < _CALM and len(meter.strong_ticks) < len(events):
        events = _thinned(events, meter)
    notes: list[Note] = []
    for bar in range(bars):
        for number, event in enumerate(events):
            notes += _struck(event, number, bar * meter.ticks, chords, held)
    return tuple(notes)


def held_out(
    chords: tuple[Sounding, ...], meter: Meter, player: Instrument, parallels: bool
) -> tuple[Note, ...]:
    """Hold each chord as long as it lasts, at most four bars at a time."""
    notes: list[Note] = []
    for chord, voicing in zip(chords, voicings(chords, player, 3, parallels), strict=True):
        for start in range(chord.start, chord.end, 4 * meter.ticks):
            length = min(chord.end - start, 4 * meter.ticks)
            notes += [Note(start=start, length=length, pitch=pitch) for pitch in voicing]
    return tuple(notes)


def counter_line(
    stream: Stream,
    meter: Meter,
    chords: tuple[Sounding, ...],
    player: Instrument,
    index: int,
    count: int,
) -> tuple[Note, ...]:
    """One voice of the chords as a line of long notes, which moves on within a chord at times.

    Args:
        stream: decides.
        meter: the meter.
        chords: the chords.
        player: who plays it.
        index: which line it is, from the highest.
        count: how many lines there are; together they tell the chords, with least motion.
    """
    voices = min(count, 4)
    led = lead([one.chord for one in chords], *_INNER, max(2, voices), False)
    line = [voicing[-1 - index % min(voices, len(voicing))] for voicing in led]
    octave = octave_into(line, player)
    notes: list[Note] = []
    for chord, voice in zip(chords, line, strict=True):
        pitch = folded(voice + octave, player)
        split = _split(meter, chord)
        tones = _beside(chord, pitch, player) if split and stream.chance(_MOVING) else []
        length = min(chord.length, 2 * meter.ticks)
        notes.append(Note(start=chord.start, length=split if tones else length, pitch=pitch))
        if tones:
            rest = min(length, chord.length) - split
            notes.append(Note(start=chord.start + split, length=rest, pitch=stream.one(tones)))
    return tuple(notes)


def octave_into(line: list[int], player: Instrument) -> int:
    """The octaves, in semitones, that bring most of a line into the middle of a range."""
    low, high = player.low + 3, player.high - 3

    def fit(shift: int) -> tuple[int, int]:
        return (sum(low <= pitch + shift <= high for pitch in line), -abs(shift))

    return max(range(-36, 37, 12), key=fit)


def folded(pitch: int, player: Instrument) -> int:
    """A pitch brought into a range by octaves."""
    while pitch < player.low:
        pitch += 12
    while pitch > player.high:
        pitch -= 12
    return pitch


def _split(meter: Meter, chord: Sounding) -> int:
    """Where a line may move on within a chord: at a bar's middle or its last beat; else 0."""
    at = meter.half if meter.half < meter.ticks else meter.beats[-1].start
    return at if 0 < at < min(chord.length, 2 * meter.ticks) else 0


def _beside(chord: Sounding, pitch: int, player: Instrument) -> list[int]:
    """Other tones of a chord within a fourth of a pitch."""
    return [
        one
        for one in range(max(player.low, pitch - 5), min(player.high, pitch + 5) + 1)
        if one % 12 in chord.chord.pitch_classes and one != pitch
    ]


def _power(sounding: Sounding, player: Instrument) -> Voicing:
    """Root, fifth and octave; where the chord has no fifth, root and octave."""
    chord = sounding.chord
    root = next(one for one in range(player.low, player.low + 12) if one % 12 == chord.root)
    fifth = (root + 7,) if 7 in chord.quality.intervals else ()
    return (root, *fifth, root + 12)


def _thinned(events: tuple[Stroke, ...], meter: Meter) -> tuple[Stroke, ...]:
    """In calm sections chords ring from strong beat to strong beat."""
    letter = "x" if all(one.letter == "x" for one in events) else "t"
    ends = [*meter.strong_ticks[1:], meter.ticks]
    pairs = zip(meter.strong_ticks, ends, strict=True)
    return tuple(Stroke(at, end - at, letter.replace("t", "x"), True) for at, end in pairs)


def _struck(
    event: Stroke,
    number: int,
    bar_start: int,
    chords: tuple[Sounding, ...],
    held: tuple[Voicing, ...],
) -> list[Note]:
    start = bar_start + event.start
    for chord, voicing in zip(chords, held, strict=True):
        if chord.start <= start < chord.end:
            length = min(event.length, chord.end - start)
            if event.letter == "b":
                pitches: tuple[int, ...] = voicing[:1]
            elif event.letter == "t" and len(voicing) > 1:
                rest = voicing[1:]
                pitches = rest if event.strong else (rest[number % len(rest)],)
            else:
                pitches = voicing
            return [Note(start=start, length=length, pitch=pitch) for pitch in pitches]
    return []
