"""A probabilistic grammar of chords: phrases from tonic, subdominant and dominant regions.

The rules follow the functional grammar of Rohrmeier, "Towards a generative syntax of tonal harmony"
(Journal of Mathematics and Music 5, 2011): a phrase is a tonic region, a dominant region and, where
it closes, the tonic; a dominant region is made ready by a subdominant one; regions divide; any
chord can be made ready by a dominant of its own. Functions are played by scale steps with weights
that differ by mode. A derivation is told how many chords it has room for.
"""

from typing import NamedTuple

from audio.composing.streams import Stream


class Step(NamedTuple):
    """A chord by its place in the scale."""

    degree: int
    """Scale step, 0 is the tonic."""
    kind: str = ""
    """Empty as the scale has it; ``dominant`` with a major third; ``applied``: the dominant of
    that step; ``borrowed`` from the parallel mode."""


Functions = dict[str, dict[Step, float]]

_D = Step(4, "dominant")
_FUNCTIONS: dict[str, Functions] = {
    "major": {
        "T": {Step(0): 0.72, Step(5): 0.21, Step(2): 0.07},
        "S": {Step(3): 0.55, Step(1): 0.35, Step(5): 0.1},
        "D": {Step(4): 0.92, Step(2): 0.08},
    },
    "minor": {
        "T": {Step(0): 0.74, Step(5): 0.18, Step(2): 0.08},
        "S": {Step(3): 0.56, Step(5): 0.36, Step(2): 0.08},
        "D": {_D: 0.55, Step(6): 0.27, Step(4): 0.18},
    },
    "dorian": {
        "T": {Step(0): 0.75, Step(2): 0.25},
        "S": {Step(3): 0.65, Step(1): 0.35},
        "D": {Step(6): 0.55, Step(4): 0.45},
    },
    "phrygian": {
        "T": {Step(0): 0.75, Step(5): 0.25},
        "S": {Step(3): 0.5, Step(5): 0.3, Step(2): 0.2},
        "D": {Step(1): 0.7, Step(6): 0.3},
    },
    "lydian": {
        "T": {Step(0): 0.75, Step(5): 0.15, Step(2): 0.1},
        "S": {Step(1): 0.75, Step(5): 0.25},
        "D": {Step(4): 0.55, Step(1): 0.3, Step(6): 0.15},
    },
    "mixolydian": {
        "T": {Step(0): 0.75, Step(5): 0.25},
        "S": {Step(3): 0.7, Step(1): 0.3},
        "D": {Step(6): 0.65, Step(4): 0.35},
    },
    "locrian": {
        "T": {Step(0): 0.7, Step(5): 0.3},
        "S": {Step(3): 0.5, Step(2): 0.5},
        "D": {Step(1): 0.6, Step(4): 0.4},
    },
}
"""Steps that play each function, with their weights; the first of each is the plainest."""

_SHARED_WEIGHT = 0.12
"""A chord that sounded just before is this much less likely."""


class Grammar:
    """The grammar of one mode, with the habits of a style."""

    def __init__(self, mode: str, stream: Stream, applied: float, borrowed: float) -> None:
        """Take the rules of a mode.

        Args:
            mode: one of the seven.
            stream: decides between rules.
            applied: share of chords that a dominant of their own makes ready.
            borrowed: share of subdominants from the parallel mode.
        """
        self._functions, self._mode, self._stream = _FUNCTIONS[mode], mode, stream
        self._applied, self._borrowed = applied, borrowed

    def phrase(self, room: int, closed: bool) -> list[Step]:
        """Derive a phrase of ``room`` chords: a closed one ends on the tonic, else it leads on."""
        if room == 1:
            return [Step(0)]
        last = 1 if closed else 0
        most = max(1, (room - last) // 2)
        dominant = self._stream.whole(min(2, most), most)
        functions = self._tonic(room - last - dominant) + self._dominant(dominant) + "t" * last
        return self._prepared(self._played(functions))

    def loop(self, room: int) -> list[Step]:
        """Derive chords that go round: an open phrase, sometimes begun elsewhere.

        Modes other than major keep their tonic at the start, by which they are known.
        """
        steps = self.phrase(room, closed=False)
        turns = room > 2 and self._mode == "major"
        turn = self._stream.pick({0: 0.6, room // 2: 0.25, room - 1: 0.15}) if turns else 0
        return steps[turn:] + steps[:turn]

    def _tonic(self, room: int) -> str:
        if room <= 1:
            return "t" * room
        if room == 2:
            return "t" + self._stream.pick({"T": 0.5, "S": 0.5})
        if self._stream.chance(0.5):
            first = room // 2
            return self._tonic(first) + self._tonic(room - first).upper()
        away = self._dominant(self._stream.whole(min(2, room - 2), room - 2))
        return "t" + away + self._tonic(room - 1 - len(away)).upper()

    def _dominant(self, room: int) -> str:
        """A dominant region: the dominant, made ready by subdominants where there is room."""
        if room <= 1:
            return "D" * room
        return "S" * (room - 1) + "D" if self._stream.chance(0.8) else "S" * (room - 2) + "DD"

    def _played(self, functions: str) -> list[Step]:
        """Choose a step for each function; a small ``t`` is the tonic itself."""
        steps: list[Step] = []
        for function in functions:
            if function == "t":
                steps.append(Step(0))
                continue
            weights = {
                step: weight * (_SHARED_WEIGHT if steps and steps[-1].degree == step.degree else 1)
                for step, weight in self._functions[function].items()
            }
            step = self._stream.pick(weights)
            if function == "S" and step.degree == 3 and self._stream.chance(self._borrowed):
                step = Step(3, "borrowed")
            steps.append(step)
        return steps

    def _prepared(self, steps: list[Step]) -> list[Step]:
        """Put dominants of their own before some chords, in the place of what stood there."""
        made = list(steps)
        for place in range(2, len(steps)):
            target = steps[place]
            if target.degree != 0 and not target.kind and self._stream.chance(self._applied):
                made[place - 1] = Step(target.degree, "applied")
        return made


def usual_dominant(mode: str) -> Step:
    """The step that leads to the tonic most often in a mode."""
    weights = _FUNCTIONS[mode]["D"]
    return max(weights, key=lambda step: weights[step])


def follows(mode: str, before: int, step: int) -> float:
    """How well one scale step follows another in a mode, 0..1: by the functions they play.

    From tonic to anywhere, from subdominant to dominant, and from dominant to tonic is usual.
    """
    table = _FUNCTIONS[mode]
    usual = {"T": "TSD", "S": "SDT", "D": "DT"}
    best = 0.0
    for function, nexts in usual.items():
        here = sum(weight for one, weight in table[function].items() if one.degree == before)
        for rank, follower in enumerate(nexts):
            there = sum(weight for one, weight in table[follower].items() if one.degree == step)
            best = max(best, here**0.5 * there**0.5 * (1 - 0.15 * rank))
    return best
