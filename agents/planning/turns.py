"""Who comes first where a request says so: "measure it first", "then …", "that one is urgent"."""

from collections.abc import Sequence

from agents.planning.reading import Reading
from agents.planning.segments import Segment
from memory.context import AgentName


def line_up(segment: Segment, reading: Reading, fresh: Sequence[AgentName]) -> None:
    """Put those whose work a segment asks for into line; without any, it speaks of the last ones.

    Args:
        segment: a part of the request.
        reading: what was understood so far; it is changed.
        fresh: whose work the segment has brought.
    """
    line = reading.turns
    reading.ordered |= bool(line or fresh) and segment.has("grammar", "result")
    meant = [*fresh] or line[-1:]
    line.extend(fresh)
    if _opens(segment, "first") or segment.has("grammar", "urgent"):
        line[:] = [*meant, *(one for one in line if one not in meant)]
        reading.ordered = True
    elif _opens(segment, "last"):
        line[:] = [*(one for one in line if one not in meant), *meant]
        reading.ordered = True


def _opens(segment: Segment, name: str) -> bool:
    """Whether the word is no part of a thing: "first …" and "… first", no "first ten seconds"."""
    ends = {tag.end for tag in segment.tags if (tag.group, tag.name) == ("grammar", name)}
    return segment.opens_with("grammar", name) or len(segment.tokens) in ends


def place_in_line(reading: Reading, agent: AgentName) -> int:
    """How many others work before an agent because the request wants it so."""
    held = reading.ordered and agent in reading.turns
    return reading.turns.index(agent) if held else 0
