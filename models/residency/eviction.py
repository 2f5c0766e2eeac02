"""Which models make room for another: those whose going costs least."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from models.residency.words import Footprint, Held

_REMEMBERED = 64
"""How many uses the habit of a model is told from."""

_FADING = 0.98
"""How much less a use counts than the one after it."""

_ALL_SETS = 12
"""With more candidates than this, sets are built up greedily instead of all tried."""


class Habits:
    """How soon a model will be wanted again: by the plan where it says so, else by habit."""

    def __init__(self) -> None:
        self._uses: deque[str] = deque(maxlen=_REMEMBERED)
        self._expected: tuple[str, ...] = ()

    def used(self, name: str) -> None:
        """Note that a model is used now; the plan's first use of it is thereby over."""
        self._uses.append(name)
        if name in self._expected:
            at = self._expected.index(name)
            self._expected = self._expected[:at] + self._expected[at + 1 :]

    def expect(self, names: Iterable[str]) -> None:
        """Take what a plan will need next, the soonest first."""
        self._expected = tuple(names)

    def worth(self, footprint: Footprint) -> float:
        """Expected seconds that keeping a model loaded saves.

        The time to load it, times how soon it is wanted: 1 to 2 where the plan names it, by its
        place there; else the share of its uses among the latest, newer ones counting more.
        """
        name = footprint.name
        if name in self._expected:
            return footprint.load_seconds * (1 + 1 / (1 + self._expected.index(name)))
        ages = [age for age, used in enumerate(reversed(self._uses)) if used == name]
        whole = sum(_FADING**age for age in range(len(self._uses)))
        share = sum(_FADING**age for age in ages) / whole if whole else 0.0
        return footprint.load_seconds * share


def victims(
    lacking: int, candidates: Sequence[Held], worth: Mapping[str, float]
) -> frozenset[str] | None:
    """The models whose memory suffices and whose loss costs least; None where none suffices.

    Args:
        lacking: bytes that must become free.
        candidates: models that may go; busy ones end their answers before.
        worth: seconds that each saves by staying.
    """
    if sum(one.footprint.bytes for one in candidates) < lacking:
        return None
    if len(candidates) > _ALL_SETS:
        return _greedy(lacking, candidates, worth)
    sets = [
        chosen
        for size in range(1, len(candidates) + 1)
        for chosen in combinations(candidates, size)
        if sum(one.footprint.bytes for one in chosen) >= lacking
    ]
    return _names(min(sets, key=lambda chosen: _cost([*chosen], worth)))


def _greedy(lacking: int, candidates: Sequence[Held], worth: Mapping[str, float]) -> frozenset[str]:
    """By least worth per byte, until it suffices; what turns out to be spare stays."""
    chosen: list[Held] = []
    for one in sorted(candidates, key=lambda one: _density(one, worth)):
        if sum(held.footprint.bytes for held in chosen) < lacking:
            chosen.append(one)
    for one in sorted(chosen, key=lambda one: -worth[one.footprint.name]):
        rest = sum(held.footprint.bytes for held in chosen if held is not one)
        if rest >= lacking:
            chosen.remove(one)
    return _names(chosen)


def _density(one: Held, worth: Mapping[str, float]) -> tuple[bool, float]:
    return bool(one.users), worth[one.footprint.name] / max(1, one.footprint.bytes)


def _cost(chosen: Sequence[Held], worth: Mapping[str, float]) -> tuple[int, float, int]:
    """Busy models are waited for only where idle ones don't suffice."""
    busy = sum(bool(one.users) for one in chosen)
    freed = sum(one.footprint.bytes for one in chosen)
    return busy, sum(worth[one.footprint.name] for one in chosen), freed


def _names(chosen: Iterable[Held]) -> frozenset[str]:
    return frozenset(one.footprint.name for one in chosen)
