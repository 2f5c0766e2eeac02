"""From faults to the steps that repair them, where they are certain and their repair is ordered."""

from agents.mastering.facts import Inspected, StemFacts
from agents.mastering.order import MasterOrder
from agents.mastering.steps import (
    Gain,
    Invert,
    Move,
    Notch,
    RemoveOffset,
    Resample,
    Spread,
    StemChain,
    Step,
)
from audio.mastering.faults import Fault

_NOTCH_HZ = 2.0


def stem_chain(stem: StemFacts, inspected: Inspected, order: MasterOrder) -> StemChain:
    """What is done to a stem before it is mixed.

    Args:
        stem: the recording.
        inspected: all inputs, their faults, and what the mix is.
        order: what may be repaired.
    """
    own = [one for one in inspected.faults if one.stem == stem.id and one.certain]
    rate = inspected.sample_rate_hz
    steps = [step for one in own if one.kind in order.repair for step in _repair(one, stem, rate)]
    early = [one for one in steps if not isinstance(one, Move)]
    if stem.sample_rate_hz != rate:
        early.append(Resample(sample_rate_hz=rate))
    if stem.channels != inspected.channels:
        early.append(Spread(channels=inspected.channels))
    late = [one for one in steps if isinstance(one, Move)]
    return StemChain(source=stem.id, name=stem.name, steps=(*early, *late))


def _repair(fault: Fault, stem: StemFacts, rate: int) -> list[Step]:
    channels = stem.channels
    match fault.kind:
        case "dc":
            return [RemoveOffset(offsets=fault.numbers)]
        case "polarity":
            which = tuple(range(channels)) if fault.numbers[0] < 0 else (int(fault.numbers[0]),)
            return [Invert(channels=which)]
        case "hum":
            below = stem.sample_rate_hz / 2
            lines = tuple(line for line in fault.numbers if line < below)
            return [Notch(lines_hz=lines, width_hz=_NOTCH_HZ)]
        case "offset":
            return [Move(frames=-round(fault.numbers[0] * rate))]
        case "imbalance" if channels == 2:
            half = fault.numbers[0] / 2
            return [Gain(db=(round(half, 3), round(-half, 3)))]
        case _:
            return []


def repaired(fault: Fault, order: MasterOrder) -> bool:
    """Whether a fault is repaired."""
    return fault.certain and (fault.kind in order.repair or fault.kind == "sample_rate")
