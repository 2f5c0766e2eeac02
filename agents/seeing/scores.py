"""What stands in a score, as findings, held against the notes that the project knows of the music.

Where a file holds them as symbols (MusicXML, MIDI), each bar is compared, and what it says is put
beside what was read. Of a recording the melody was measured, in which only the order of the notes
counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.base import source_of
from agents.seeing.forms import Note, ScoreReading
from agents.seeing.note_check import BarCheck, NoteCheck, check_notes
from audio.agreement import agree
from audio.aspects import ASPECTS, is_number, parse_key
from audio.pitch_names import midi_of_note
from audio.songs.keys import key_of, key_of_signature
from audio.written_music import WrittenMusic
from memory.context import Finding, Subject

NOTES = "score.notes"
_SURE, _BORNE_OUT, _REFUTED = 0.4, 0.8, 0.1
_AGREE = 0.8
"""Least share of the notes in their order that a reading has in common with the music."""
_SAME_BARS = 0.5
"""A MIDI file with fewer right bars may count others than the score does: it need tell no meter."""
_MOST_SIGNS = 7
_TOLD_BARS = 3
"""So many wrong bars are told note by note."""


@dataclass(frozen=True)
class Known:
    """What a score can be held against."""

    name: str = ""
    """Of the file."""
    written: WrittenMusic | None = None
    """Its symbols, where it holds any."""
    melody: Sequence[Finding] = ()
    """Else what was measured of the sound."""


def score_findings(
    read: ScoreReading, subject: Subject, known: Known, source: str
) -> tuple[list[Finding], list[str]]:
    """Key, meter, tempo and notes of a score with what is known beside them; what differs in words.

    Args:
        read: what the model read.
        subject: what the score shows: the music where that is known, else the picture.
        known: what the project has of that music.
        source: the model, as findings name it.
    """
    stand = _Stand(subject, source, known.name)
    written = known.written or WrittenMusic(staves=[])
    found = _key(read.key, written.fifths, stand)
    found += _plain("meter", read.meter, written.meter, "read from the score", stand)
    found += _plain("tempo.bpm", read.bpm, written.bpm, "the score's tempo mark", stand)
    if not read.notes:
        return found, []
    check = check_notes(read.notes, written)
    if check is None:
        notes, notices = _by_order(read.notes, _pitches(known.melody), stand)
    elif check.share < _SAME_BARS and not written.lengths and _in_order(read.notes, check):
        notes, notices = _by_order(read.notes, check.pitches, stand)
    else:
        notes, notices = _by_bars(check, stand)
    return [*found, *notes], notices


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


@dataclass(frozen=True)
class _Stand:
    """What findings of one reading have in common."""

    subject: Subject
    source: str
    name: str

    def seen(self, aspect: str, value: JsonValue, method: str, sure: float) -> Finding:
        """What the model read."""
        return Finding.make(
            self.subject, aspect, value, unit=ASPECTS[aspect].unit, evidence="seen",
            source=self.source, method=method, confidence=sure,
        )  # fmt: skip

    def known(self, aspect: str, value: JsonValue, method: str) -> Finding:
        """What the file holds."""
        return Finding.make(
            self.subject, aspect, value, unit=ASPECTS[aspect].unit, evidence="measured",
            source=source_of("qwen_vl", "symbols"), method=method, confidence=1.0,
        )  # fmt: skip


def _plain(
    aspect: str, told: JsonValue, held: JsonValue, method: str, stand: _Stand
) -> list[Finding]:
    """A value that was read, and the one that the file holds."""
    if not told:
        return []
    if not held:
        return [stand.seen(aspect, told, method, _SURE)]
    right = agree(aspect, told, held)
    seen = stand.seen(aspect, told, method, _BORNE_OUT if right else _REFUTED)
    return [seen, stand.known(aspect, held, f"as {stand.name} holds it")]


def _key(told: str, fifths: int | None, stand: _Stand) -> list[Finding]:
    """The key that was read: a file tells its signature, which two keys have."""
    if parse_key(told) is None:
        return []
    if fifths is None or abs(fifths) > _MOST_SIGNS:
        return [stand.seen("key", told, "read from the score", _SURE)]
    if key_of(told).fifths == fifths:
        method = f"read from the score; it has the signature of {stand.name}"
        return [stand.seen("key", told, method, _BORNE_OUT)]
    keys = [key_of_signature(fifths, mode).name for mode in ("major", "minor")]
    method = f"the signature in {stand.name}, which {keys[1]} has as well"
    seen = stand.seen("key", told, "read from the score", _REFUTED)
    return [seen, stand.known("key", keys[0], method)]


def _by_bars(check: NoteCheck, stand: _Stand) -> tuple[list[Finding], list[str]]:
    """Notes of which symbols are known: each bar in the piece's own counting."""
    read: list[JsonValue] = [
        [bar.bar, one.pitch, one.quarters] for bar in check.bars for one in bar.read
    ]
    held: list[JsonValue] = [
        entry for bar in check.bars for entry in _held(bar, lengths=check.lengths)
    ]
    where = f"{stand.name}{f' ({check.staff})' if check.staff else ''}"
    right = len(check.bars) - len(check.wrong)
    method = f"{right} of {len(check.bars)} bars are as {where} has them"
    sure = _BORNE_OUT if not check.wrong else max(_REFUTED, _SURE * check.share)
    found = [
        stand.seen(NOTES, read, method, sure),
        stand.known(NOTES, held, f"what {where} has in those bars"),
    ]
    if not check.wrong:
        return found, []
    told = "; ".join(map(_in_words, check.wrong[:_TOLD_BARS]))
    more = len(check.wrong) - _TOLD_BARS
    rest = f"; and {more} more" if more > 0 else ""
    return found, [f"Read otherwise than {where} has it: {told}{rest}. The file counts."]


def _by_order(
    notes: Sequence[Note], known: Sequence[int], stand: _Stand
) -> tuple[list[Finding], list[str]]:
    """Notes of music whose bars are not known: so many of them are in it, in their order."""
    read: list[JsonValue] = [[one.bar, one.pitch, one.quarters] for one in notes]
    if not known:
        return [stand.seen(NOTES, read, "read from the score", _SURE)], []
    share = in_common([midi_of_note(one.pitch) for one in notes], known)
    method = f"{share:.0%} of the notes are in {stand.name}, in their order"
    if share >= _AGREE:
        return [stand.seen(NOTES, read, method, _BORNE_OUT)], []
    notice = f"Of the notes read from the score, only {share:.0%} are in {stand.name}."
    return [stand.seen(NOTES, read, method, _REFUTED)], [notice]


def _in_order(notes: Sequence[Note], check: NoteCheck) -> bool:
    return in_common([midi_of_note(one.pitch) for one in notes], check.pitches) >= _AGREE


def _pitches(melody: Sequence[Finding]) -> list[int]:
    held = next((one.value for one in reversed(melody) if one.aspect == "melody.notes"), None)
    notes = held if isinstance(held, list) else []
    return [
        round(one[2])
        for one in notes
        if isinstance(one, list) and len(one) > 2 and is_number(one[2])
    ]


def _held(bar: BarCheck, lengths: bool) -> list[JsonValue]:
    """What a file has in a bar; of tied notes the length that was read is as right."""
    if bar.right:
        return [[bar.bar, one.pitch, one.quarters] for one in bar.read]
    if lengths:
        return [[bar.bar, one.pitch, one.quarters] for one in bar.known]
    return [[bar.bar, one.pitch] for one in bar.known]


def _in_words(bar: BarCheck) -> str:
    read = " ".join(one.pitch for one in bar.read)
    known = " ".join(one.pitch for one in bar.known) or "nothing"
    return f"bar {bar.bar}: {read} for {known}"
