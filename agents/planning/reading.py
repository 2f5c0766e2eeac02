"""What was understood of a request, before it becomes tasks."""

from copy import copy
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from agents.planning.quantities import Quantity
from agents.planning.segments import Segment
from memory.context import AgentName


@dataclass(frozen=True)
class Step:
    """One thing to build, and the part of the request that asks for it."""

    name: str
    """A concept of the vocabulary's groups operation, effect, quality, band or aspect."""
    group: str
    """Its group; ``implied`` where only a number says what is to change."""
    segment: Segment

    @property
    def words(self) -> str:
        """The words of the request that name it."""
        for tag in self.segment.tags:
            if (tag.group, tag.name) == (self.group, self.name):
                return " ".join(one.text for one in self.segment.tokens[tag.start : tag.end])
        return self.name.replace("_", " ")


class Remembered(NamedTuple):
    """A setting that was said: its kind, and where in the request."""

    field: str
    """A field of the project, ``note`` (of no field) or ``name`` (the project's or song's)."""
    start: int
    end: int


@dataclass(frozen=True)
class Situation:
    """What a request came with."""

    quantities: tuple[Quantity, ...]
    audio: int
    """Sound files attached."""
    image: int
    """Pictures attached."""
    at_hand: bool
    """Whether the project has a sound file, attached now or before."""

    def numbers(self, segment: Segment) -> list[Quantity]:
        """The numbers of a segment."""
        return [one for one in self.quantities if segment.covers(one.start, one.end)]


@dataclass
class Reading:
    """What was understood of a request."""

    aspects: list[str] = field(default_factory=list)
    """Aspect groups to measure, in the vocabulary's names."""
    measures: bool = False
    """Whether something is to be measured or judged by ear at all."""
    pictures: list[str] = field(default_factory=list)
    regions: bool = False
    """Whether places are to be read off a picture of the sound."""
    reads_image: bool = False
    """Whether a picture of the user's is to be read."""
    both_ends: bool = False
    """Whether the state before and the one after the work are wanted."""
    result_pictures: list[str] = field(default_factory=list)
    """Pictures of the result."""
    result_measures: bool = False
    """Whether the result is to be measured by a task of its own."""
    result_aspects: list[str] = field(default_factory=list)
    """What to measure of the result; everything where it is empty."""
    steps: list[Step] = field(default_factory=list)
    builds: bool = False
    """Whether the coder has work, also where no step is known."""
    code: bool = False
    """Whether the work is a program of its own, not only a changed file."""
    writes: bool = False
    """Whether a program is to be written, not only looked at."""
    mends: bool = False
    """Whether something unnamed is to be put right."""
    complaints: list[str] = field(default_factory=list)
    """Qualities that the user complains about."""
    conditional: bool = False
    """Whether work depends on what is measured."""
    questions: bool = False
    """Whether a question about a file was asked."""
    recalls: list[str] = field(default_factory=list)
    """Aspects or topics that memory is asked for."""
    told: bool = False
    """Whether memory is asked for what was said or done, not for a value alone."""
    changed: bool = False
    """Whether memory is asked what was done."""
    remembered: list[Remembered] = field(default_factory=list)
    """Settings said."""
    talk: list[str] = field(default_factory=list)
    """Greetings, thanks, questions about the team …"""
    earlier: bool = False
    """Whether it speaks of a file or a result from before."""
    points: bool = False
    """Whether it points at a file: this, it, my …"""
    repeats: bool = False
    """Whether it wants once more what was done before."""
    checks: list[Segment] = field(default_factory=list)
    """Questions and requests whose numbers the file is to be held against."""
    claims: list[Segment] = field(default_factory=list)
    """Statements that may say what a file is."""
    refused: list[Segment] = field(default_factory=list)
    """What must not be; a limit in it means the other side: "don't go over -1 dBTP"."""
    kept: list[Segment] = field(default_factory=list)
    """What shall stay as it is, with its value: "keep it in A minor"."""
    conditions: list[Segment] = field(default_factory=list)
    """Conditions on which work depends."""
    turns: list[AgentName] = field(default_factory=list)
    """Who comes first, and who then; only where the request says so (``ordered``)."""
    ordered: bool = False
    """Whether it says what comes first, then or last."""

    @property
    def workers(self) -> list[AgentName]:
        """Whose work was asked for so far."""
        looks = bool(self.pictures or self.regions or self.reads_image)
        works: dict[AgentName, bool] = {
            "gama": self.measures, "qwen_vl": looks, "coder": self.builds,
        }  # fmt: skip
        return [name for name, there in works.items() if there]

    def copied(self) -> "Reading":
        """The same, with lists of its own."""
        own = copy(self)
        for one in fields(self):
            if isinstance(said := getattr(self, one.name), list):
                setattr(own, one.name, [*said])
        return own

    def drop_work(self) -> None:
        """Forget all work read so far: the user took it back."""
        lists = (self.aspects, self.pictures, self.steps, self.complaints)
        for work in (*lists, self.result_pictures, self.result_aspects, self.checks, self.turns):
            work.clear()
        self.measures = self.regions = self.reads_image = self.result_measures = False
        self.builds = self.code = self.mends = False
