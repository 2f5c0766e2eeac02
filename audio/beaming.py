"""Beams over the short notes of each beat of a score, as its reader expects them.

A beam joins eighths and shorter notes of one voice that follow each other within a beat: a quarter,
or three eighths where the meter counts in threes of them (6/8, 9/8, 12/8). Each shorter value has a
beam of its own under the first one; a note that stands alone in it gets a hook.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

_LEVELS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5, "256th": 6}
"""How many beams a note of each value has."""
_BEHIND = ("notations", "lyric", "play", "listen")
"""What stands behind the beams in a note."""


class _Short(NamedTuple):
    """A note that has beams, or the first note of such a chord."""

    element: Element
    levels: int
    start: float
    """Quarters from the start of the bar."""
    end: float


def beamed(musicxml: str | bytes) -> str:
    """A partwise document with beams.

    Args:
        musicxml: a document without any.
    """
    root = fromstring(musicxml)
    for part in root.findall("part"):
        divisions, beat = 1.0, 1.0
        for measure in part.findall("measure"):
            divisions = float(measure.findtext("attributes/divisions") or divisions)
            beat = _beat(measure, beat)
            for voice in _voices(measure, divisions):
                for group in _groups(voice, beat):
                    _beam(group)
    return tostring(root, encoding="unicode")


def _beat(measure: Element, before: float) -> float:
    """Quarters of a beat."""
    beats, unit = (measure.findtext(f"attributes/time/{one}") for one in ("beats", "beat-type"))
    if not (beats and beats.isdigit() and unit and unit.isdigit()):
        return before
    in_threes = int(unit) >= 8 and int(beats) > 3 and int(beats) % 3 == 0
    return 12 / int(unit) if in_threes else 1.0


def _voices(measure: Element, divisions: float) -> Iterator[list[_Short | None]]:
    """The short notes of each voice in order; None where something else parts them."""
    voices: dict[str, list[_Short | None]] = {}
    now = 0.0
    for one in measure:
        length = float(one.findtext("duration") or 0) / divisions
        if one.tag in ("backup", "forward"):
            now += length if one.tag == "forward" else -length
        if one.tag != "note" or one.find("chord") is not None or one.find("grace") is not None:
            continue
        levels = _LEVELS.get(one.findtext("type") or "", 0)
        is_short = levels > 0 and one.find("rest") is None
        short = _Short(one, levels, now, now + length) if is_short else None
        voices.setdefault(one.findtext("voice") or "1", []).append(short)
        now += length
    yield from voices.values()


def _groups(voice: Sequence[_Short | None], beat: float) -> Iterator[list[_Short]]:
    """Short notes that follow each other within one beat, two at least."""
    group: list[_Short] = []
    for one in [*voice, None]:
        last = group[-1] if group else None
        goes_on = (
            one is not None
            and last is not None
            and abs(one.start - last.end) < 1e-6
            and int(one.start / beat + 1e-6) == int(group[0].start / beat + 1e-6)
        )
        if not goes_on:
            if len(group) > 1:
                yield group
            group = []
        if one is not None:
            group.append(one)


def _beam(group: Sequence[_Short]) -> None:
    for level in range(1, max(one.levels for one in group) + 1):
        for at, one in enumerate(group):
            if one.levels < level:
                continue
            before = at > 0 and group[at - 1].levels >= level
            after = at + 1 < len(group) and group[at + 1].levels >= level
            hook = "backward hook" if at else "forward hook"
            word = {(False, True): "begin", (True, True): "continue", (True, False): "end"}
            _add(one.element, level, word.get((before, after), hook))


def _add(note: Element, level: int, word: str) -> None:
    beam = SubElement(note, "beam", number=str(level))
    beam.text = word
    behind = next((at for at, one in enumerate(note) if one.tag in _BEHIND), None)
    if behind is not None:
        note.remove(beam)
        note.insert(behind, beam)
