"""What is checked of a song's notes: against the brief, the instruments, the key and the chords."""

from agents.composing.drafting import Draft
from agents.composing.session import Session
from agents.workflows.checks import Check, compared, held
from audio.composing.counting import (
    chord_tones,
    in_key,
    in_key_or_chord,
    out_of_range,
    shared_steps,
)
from audio.songs.instruments import instrument_of
from audio.songs.song import Note, Song

_LEAST_FOUND = 0.6
"""Share of a sketch's runs of four notes that makes it recognisable."""


def note_checks(draft: Draft, session: Session) -> tuple[Check, ...]:
    """Check what was written against what was ordered."""
    checks = [*_brief_checks(session), *_playable(session.song), *_harmony_checks(session)]
    if draft.sketch is not None:
        checks += _sketch_checks(draft, session.song)
    return tuple(checks)


def _brief_checks(session: Session) -> list[Check]:
    """Tempo, meter, bars and band are what the brief says, where it says any."""
    order, song, plan = session.order, session.song, session.plan
    made = []
    method = "read from the song's own words"
    if order.tempo is not None:
        what = "The tempo is the brief's."
        bpm = song.tempos[0].bpm
        made.append(
            compared(
                "brief.tempo", what, bpm, "==", order.tempo, method, unit="bpm", tolerance=0.01
            )
        )
    if order.meter is not None:
        meter = f"{song.meters[0].beats}/{song.meters[0].unit}"
        holds = meter == order.meter and len(song.meters) == 1
        made.append(
            held("brief.meter", f"The meter is {order.meter}.", holds, method, measured=meter)
        )
    bars = sum(one.bars for one in order.form if one.bars) or order.bars
    if bars and (order.bars or all(one.bars for one in order.form)):
        what = "The song has as many bars as the brief says."
        made.append(compared("brief.bars", what, song.bars, "==", bars, method, unit="bars"))
    if order.key is not None:
        holds = plan.scale == order.key
        what = f"The song is in {order.key}."
        made.append(held("brief.key", what, holds, method, measured=plan.scale))
    band = {instrument_of(one.name).name for one in order.instruments} - set(order.without)
    if band:
        played = {track.instrument for track in song.tracks if track.notes}
        silent = sorted(band - played)
        what = "Every instrument of the brief plays."
        why = f"without notes: {', '.join(silent)}"
        made.append(held("brief.instruments", what, not silent, "notes counted", why=why))
    return made


def _playable(song: Song) -> list[Check]:
    outside = out_of_range(song)
    notes = [note for track in song.tracks for note in track.notes]
    places = "; ".join(f"{name}: pitch {note.pitch}" for name, note in outside[:5])
    return [
        compared(
            "notes.outside_range",
            "Every note lies inside its instrument's range.",
            len(outside),
            "==",
            0,
            "pitches against the table of instruments",
            unit="notes",
            why=places,
        ),
        compared(
            "notes.without_length",
            "No note has zero length.",
            sum(note.length <= 0 for note in notes),
            "==",
            0,
            f"lengths of all {len(notes)} notes, in ticks",
            unit="notes",
        ),
    ]


def _harmony_checks(session: Session) -> list[Check]:
    song, plan, order = session.song, session.plan, session.order
    scale, meter = plan.scale_words, plan.meter_words
    own = bool(order.chords or any(one.chords for one in order.form))
    strict, key_share = in_key(song, scale), in_key(song, scale)
    method = f"pitch classes of {strict.of} pitched notes against {scale.name}"
    if own:
        key_share = in_key_or_chord(song, scale)
        method += f", or the brief's own chord where they begin ({strict.value:.1%} without that)"
    strong = chord_tones(song, meter)
    return [
        compared(
            "notes.in_key",
            "Enough notes belong to the key.",
            round(key_share.value, 4),
            ">=",
            order.least_in_key,
            method,
        ),
        compared(
            "notes.chord_tones",
            "Enough notes on strong beats belong to the chord.",
            round(strong.value, 4),
            ">=",
            order.least_chord_tones,
            f"{strong.of} pitched notes that begin on a strong beat against the written chord",
        ),
    ]


def _sketch_checks(draft: Draft, song: Song) -> list[Check]:
    sketch = draft.sketch
    assert sketch is not None
    shares = [
        shared_steps(list(sketch.line), track.notes) for track in song.tracks if not track.is_drums
    ]
    best = max(shares, key=lambda one: one.value)
    return [
        compared(
            "sketch.found",
            "The sketch is recognisable in the song.",
            round(best.value, 4),
            ">=",
            _LEAST_FOUND,
            f"share of its {best.of} runs of four notes whose intervals and rhythm one track has",
            why=sketch.missing,
        ),
        compared(
            "sketch.kept",
            "Notes of the sketch stand in the song as they were, moved together.",
            sketch.kept,
            ">=",
            min(1, sketch.notes),
            f"of {sketch.notes} notes, moved by {sketch.shift} semitones",
            unit="notes",
            why=sketch.missing,
        ),
    ]


def changed_notes(before: Song, after: Song) -> dict[str, list[Note]]:
    """Notes that only one of two songs has, by track."""
    names = {track.name for song in (before, after) for track in song.tracks}
    made = {}
    for name in sorted(names):
        a, b = before.track(name), after.track(name)
        old, new = set(a.notes if a else ()), set(b.notes if b else ())
        if old != new:
            made[name] = sorted(old ^ new, key=lambda one: (one.start, one.pitch))
    return made
