"""What is wrong between recordings that belong together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from audio.mastering.common_pulse import (
    Place,
    place_of,
    shared_pulse_hz,
    silence_moved,
    start_beside,
)
from audio.mastering.faults import Fault
from audio.mastering.likeness import Likeness, likeness
from audio.mastering.side_faults import HARD_PANNED_DB, LEAST_LEAN_DB, leaning
from audio.mastering.stem import Stem
from audio.mastering.timing import meets_without_silence, most_together, off_beat

SAME_SOUND = 0.5
"""Likeness from which on two stems hold the same sound."""
LATENCY_SECONDS = 0.002
"""A delay so short is no echo and no second take: something processed one of them later."""
_EXACT_SECONDS = 1.5e-5
"""Less than a sample at 48 kHz."""
DOUBLE_SECONDS = 0.04
"""Within this a doubled part may be meant to be late."""
_CENTRED_DB = 1.0
_EDGE_SECONDS = 0.03
_FADED_DB, _CUT_DB = -55.0, -35.0
"""A recording that ends so quietly has faded; one that ends so loudly was cut."""
_SHORTEST_OFFSET_SECONDS = 0.02
_LONGEST_SILENCE_SECONDS = 2.0
"""A stem that begins later enters later."""
_BESIDE_START_SECONDS = 0.025
"""Parts begin on the pulse; one that begins so far beside it was moved, or is free."""
_SAME_MOVE_SECONDS = 0.025
"""So close to a place of the pulse silence at a stem's start tells by how much it was moved."""


def faults_between(stems: Sequence[Stem]) -> list[Fault]:
    """All that is wrong between the stems of a session; nothing for one."""
    sounding = [one for one in stems if not one.is_silent()]
    found = [*_rates(stems), *_lone_leans(sounding)]
    found += _shifted(sounding)
    late = {one.stem for one in found if one.kind == "offset"}
    found += _copies(sounding, late)
    return found


def session_rate(stems: Sequence[Stem]) -> int:
    """The sample rate that most stems have, the higher one of two that as many have."""
    counts = Counter(one.heard.stream.sample_rate_hz for one in stems)
    return max(counts, key=lambda rate: (counts[rate], rate))


def _rates(stems: Sequence[Stem]) -> list[Fault]:
    """Stems of another rate than most; with the same number of frames, the label is wrong."""
    usual = session_rate(stems)
    frames = {one.heard.stream.frames for one in stems if one.heard.stream.sample_rate_hz == usual}
    found = []
    for one in stems:
        stream = one.heard.stream
        if stream.sample_rate_hz == usual:
            continue
        says = f"{one.name} has {stream.sample_rate_hz} Hz, the others {usual} Hz"
        mislabelled = len(frames) == 1 and stream.frames in frames and len(stems) > 2
        if mislabelled:
            says += (
                f"; it has exactly as many samples as they have, so the rate in its header is "
                f"likely wrong, and it plays {stream.sample_rate_hz / usual:.4g} times as fast"
            )
        found.append(
            one.fault(
                "sample_rate", says, stream.sample_rate_hz, "Hz", usual,
                "headers, and numbers of samples", numbers=(float(usual if mislabelled else 0),),
            )
        )  # fmt: skip
    return found


def _lone_leans(stems: Sequence[Stem]) -> list[Fault]:
    """A single source that leans where all others are in the middle: panned, or a wrong level."""
    beside = [one for one in stems if abs(one.lean_db()) >= _CENTRED_DB]
    if len(beside) != 1 or len(stems) < 2 or not beside[0].is_one_source():
        return []
    one, lean = beside[0], beside[0].lean_db()
    if not LEAST_LEAN_DB <= abs(lean) <= HARD_PANNED_DB or leaning(one, False) is not None:
        return []
    side = "right" if lean > 0 else "left"
    says = (
        f"{one.name} leans to the {side} by {abs(lean):.1f} dB, where all others are in the "
        "middle: it may be panned, or one channel may have a wrong level"
    )
    method = "RMS of right over left; both channels hold the same sound"
    return [
        one.fault(
            "imbalance", says, lean, "dB", LEAST_LEAN_DB, method, certain=False, numbers=(lean,)
        )
    ]


def _shifted(stems: Sequence[Stem]) -> list[Fault]:
    """Stems that lie beside the notes of the others, or were moved as a whole.

    A late stem makes the others look early: so one is taken out after the other, first that which
    fits the others worst, as long as those that fit are the most.
    """
    rest, found = list(stems), list[Fault]()
    pulse_hz = shared_pulse_hz([one.heard.onsets for one in stems])
    while len(rest) > 1 and 2 * (len(found) + 1) < len(stems) + 1:
        suspects = {one.id: _shift(one, rest, pulse_hz) for one in rest}
        late = {one.id: fault for one in rest if (fault := suspects[one.id]) is not None}
        if not late:
            break
        certain = [id_ for id_, fault in late.items() if fault.certain]
        worst = max(certain or late, key=lambda id_: _unfit(id_, rest, suspects, pulse_hz))
        found.append(late[worst])
        rest = [one for one in rest if one.id != worst]
    return found


def _shift(stem: Stem, stems: Sequence[Stem], pulse_hz: float | None) -> Fault | None:
    others = [one for one in stems if one.id != stem.id]
    onsets = [one.heard.onsets for one in others]
    silenced = _silenced(stem, others, pulse_hz)
    if silenced is not None and silenced.certain:
        return silenced
    place = None if pulse_hz is None else place_of(stem.heard.onsets, onsets, pulse_hz)
    if place is None:
        return _beside_the_beat(stem, others) or _moved(stem, others) or silenced
    told = None if place.fits else _beside_the_pulse(stem, others, place)
    return told or _moved(stem, others) or silenced


def _unfit(
    id_: str,
    stems: Sequence[Stem],
    suspects: Mapping[str, Fault | None],
    pulse_hz: float | None,
) -> tuple[int, float]:
    """How many of the others fit together without a stem, and how long it begins with silence."""
    rest = [one for one in stems if one.id != id_]
    fit = sum(_shift(one, rest, pulse_hz) is None for one in rest)
    silence = next(one.heard.onsets.digital for one in stems if one.id == id_)
    fault = suspects[id_]
    return fit, silence if fault is not None and fault.value > 0 else 0.0


def _silenced(stem: Stem, others: Sequence[Stem], pulse_hz: float | None) -> Fault | None:
    """A stem that begins with silence, without which its notes lie with those of the others."""
    own, onsets = stem.heard.onsets, [one.heard.onsets for one in others]
    leading = [one for one in onsets if one.first <= _EDGE_SECONDS]
    late, certain = own.digital, True
    if len(leading) < 2 or 2 * len(leading) < len(others) or own.first - late > _EDGE_SECONDS:
        return None
    if not _SHORTEST_OFFSET_SECONDS <= late <= _LONGEST_SILENCE_SECONDS:
        return None
    met = meets_without_silence(own, onsets)
    if pulse_hz is not None and silence_moved(own, onsets, pulse_hz):
        method = "its notes lie beside the pulse of the others by as much as it begins with silence"
    elif met is not None:
        method = (
            f"{met.before:.0%} of its notes begin with notes of other stems, {met.after:.0%} would "
            "without the silence that it begins with"
        )
    else:
        beside = None if pulse_hz is None else start_beside(own.first, onsets, pulse_hz)
        if beside is None or beside < _BESIDE_START_SECONDS:
            return None
        certain = False
        method = (
            f"silence at its start: the others begin at once, and it {beside * 1000:.0f} ms beside "
            "their pulse; its notes don't tell"
        )
    says = f"{stem.name} is {late * 1000:.0f} ms late"
    if not certain:
        says = f"{stem.name} may be {late * 1000:.0f} ms late, or begin there on purpose"
    return stem.fault(
        "offset", says, late, "s", _SHORTEST_OFFSET_SECONDS, method, certain=certain,
        numbers=(late,),
    )  # fmt: skip


def _beside_the_pulse(stem: Stem, others: Sequence[Stem], place: Place) -> Fault:
    """A stem beside the pulse of the others, late by the silence at its start where that fits."""
    own, moves = stem.heard.onsets, place.moves()
    late = float(moves[np.argmin(np.abs(moves - own.digital))])
    if own.digital >= _SHORTEST_OFFSET_SECONDS and abs(late - own.digital) <= _SAME_MOVE_SECONDS:
        late = own.digital
    else:
        late = most_together(own, [one.heard.onsets for one in others], moves)
    says = f"{stem.name} is {abs(late) * 1000:.0f} ms {_word(late)}"
    method = (
        f"its notes lie {abs(place.beside_seconds) * 1000:.0f} ms beside the pulse of "
        f"{place.period_seconds * 1000:.0f} ms that {place.others} of the others share; how many "
        "pulses it is off is told by the silence at its start or by how many notes then meet"
    )
    return stem.fault(
        "offset", says, late, "s", _SHORTEST_OFFSET_SECONDS, method, numbers=(round(late, 6),)
    )


def _beside_the_beat(stem: Stem, others: Sequence[Stem]) -> Fault | None:
    late = off_beat(stem.heard.onsets, [one.heard.onsets for one in others])
    if late is None:
        return None
    says = f"{stem.name} is {abs(late.seconds) * 1000:.0f} ms {_word(late.seconds)}"
    method = (
        f"{late.before:.0%} of its notes begin with notes of other stems, "
        f"{late.after:.0%} would if it were moved"
    )
    return stem.fault(
        "offset", says, late.seconds, "s", _SHORTEST_OFFSET_SECONDS, method, numbers=(late.seconds,)
    )


def _moved(stem: Stem, others: Sequence[Stem]) -> Fault | None:
    """A stem that silence was put before: it is as much longer, or its end is cut off."""
    late = stem.heard.onsets.digital
    begins = [one.heard.onsets.first for one in others]
    if len(others) < 2 or late < _SHORTEST_OFFSET_SECONDS or max(begins) > _EDGE_SECONDS:
        return None
    if stem.heard.onsets.first - late > _EDGE_SECONDS:
        return None
    lengths = [one.heard.stream.seconds for one in others]
    even = max(lengths) - min(lengths) < 0.001
    longer = stem.heard.stream.seconds - lengths[0]
    faded = max(one.heard.onsets.ends_at_db for one in others) < _FADED_DB
    cut = faded and stem.heard.onsets.ends_at_db > _CUT_DB and abs(longer) < 0.001
    if not even or not (cut or abs(longer - late) < _EDGE_SECONDS / 10):
        return None
    shows = "its end is cut off where theirs fade" if cut else "it is as much longer than they are"
    says = f"{stem.name} begins {late * 1000:.0f} ms after all others, and {shows}"
    return stem.fault(
        "offset", says, late, "s", _SHORTEST_OFFSET_SECONDS, "silence at its start, and its length",
        numbers=(late,),
    )  # fmt: skip


def _copies(stems: Sequence[Stem], late: set[str]) -> list[Fault]:
    """Stems that hold the same sound, later or inverted."""
    found: dict[tuple[str, str], Fault] = {}
    for one, other in combinations(stems, 2):
        alike = likeness(one.heard.shape, other.heard.shape)
        if abs(alike.share) < SAME_SOUND:
            continue
        quieter, louder = sorted((one, other), key=lambda stem: float(np.sum(stem.heard.rms**2)))
        sign = 1 if quieter is other else -1
        alike = alike._replace(late_seconds=sign * alike.late_seconds)
        for fault in _copy_faults(quieter, louder, alike):
            if quieter.id not in late or fault.kind != "offset":
                found.setdefault((fault.stem, fault.kind), fault)
    return list(found.values())


def _copy_faults(stem: Stem, louder: Stem, alike: Likeness) -> list[Fault]:
    found, lag = [], alike.late_seconds
    method = f"phases of {alike.bins} frequencies, alike by {alike.share:+.2f}"
    if alike.share < 0 and abs(lag) < DOUBLE_SECONDS:
        says = f"{stem.name} holds the same sound as {louder.name}, inverted: they cancel"
        found.append(
            stem.fault("polarity", says, alike.share, "", -SAME_SOUND, method, numbers=(-1.0,))
        )
    if _EXACT_SECONDS <= abs(lag) < DOUBLE_SECONDS:
        says = (
            f"{stem.name} holds the same sound as {louder.name}, {abs(lag) * 1000:.2f} ms "
            f"{_word(lag)}"
        )
        certain = abs(lag) <= LATENCY_SECONDS
        found.append(
            stem.fault(
                "offset", says if certain else f"{says}, which may be meant", lag, "s",
                _EXACT_SECONDS, method, certain=certain, numbers=(lag,),
            )
        )  # fmt: skip
    return found


def _word(seconds: float) -> str:
    return "late" if seconds > 0 else "early"
