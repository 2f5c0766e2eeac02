"""What stands in a score, as findings, held against the notes that the project knows."""

from collections.abc import Sequence

from pydantic import JsonValue

from agents.seeing.forms import Note, ScoreReading
from audio.aspects import NOTE_CLASSES, is_number, parse_key
from memory.context import Finding, Subject

_SURE, _BORNE_OUT, _REFUTED = 0.4, 0.8, 0.1
_AGREE = 0.8
"""Least share of the notes in their order that two readings of one score have in common."""
_SHOWN_NOTES = 6


def score_findings(
    read: ScoreReading, subject: Subject, symbols: Sequence[Finding], source: str
) -> tuple[list[Finding], list[str]]:
    """Key, meter, tempo and notes of a score, and what its check against symbols says.

    Args:
        read: what the model read.
        subject: what the score shows: the music where that is known, else the picture.
        symbols: ``melody.notes`` that the project has of that music.
        source: the model, as findings name it.
    """

    def finding(aspect: str, value: JsonValue, unit: str, method: str, sure: float) -> Finding:
        return Finding.make(
            subject, aspect, value, unit=unit, evidence="seen", source=source,
            method=method, confidence=sure,
        )  # fmt: skip

    found: list[Finding] = []
    if parse_key(read.key) is not None:
        found.append(finding("key", read.key, "", "read from the score", _SURE))
    if read.meter:
        found.append(finding("meter", read.meter, "", "read from the score", _SURE))
    if read.bpm:
        found.append(finding("tempo.bpm", read.bpm, "BPM", "the score's tempo mark", _SURE))
    if not read.notes:
        return found, []
    known = _known_pitches(symbols)
    share = in_common([midi_of(one) for one in read.notes], known) if known else None
    method, sure, notices = "read from the score", _SURE, list[str]()
    if share is not None:
        method = f"{share:.0%} of the notes are those that the project knows, in their order"
        sure = _BORNE_OUT if share >= _AGREE else _REFUTED
        if share < _AGREE:
            notices.append(
                f"Of the notes read from the score, only {share:.0%} are those measured."
            )
    notes: list[JsonValue] = [[one.bar, one.pitch, one.quarters] for one in read.notes]
    found.append(finding("seen.notes", notes, "", method, sure))
    return found, notices


def midi_of(note: Note) -> int:
    """A note's MIDI number; C4 is 60."""
    letters = note.pitch.rstrip("0123456789").rstrip("-")
    octave = int(note.pitch[len(letters) :])
    natural = NOTE_CLASSES[letters[0]]
    return natural + letters.count("#") - letters[1:].count("b") + 12 * (octave + 1)


def in_common(read: Sequence[int], known: Sequence[int]) -> float:
    """Share of the notes read that are in the known ones, in the same order (longest such row).

    What was read may be a part: a page of a longer piece counts in full.
    """
    row = [0] * (len(known) + 1)
    for pitch in read:
        before = 0
        for at, other in enumerate(known, 1):
            held = row[at]
            row[at] = before + 1 if pitch == other else max(row[at], row[at - 1])
            before = held
    return row[-1] / len(read) if read else 0.0


def _known_pitches(symbols: Sequence[Finding]) -> list[int]:
    held = next((one.value for one in reversed(symbols) if one.aspect == "melody.notes"), None)
    notes = held if isinstance(held, list) else []
    return [
        round(one[2])
        for one in notes
        if isinstance(one, list) and len(one) > 2 and is_number(one[2])
    ]
