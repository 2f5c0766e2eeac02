"""Audio-programming tasks with hidden tests; ``evals/datasets/coding/README.md`` has the form."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from evals.coding.judging import CASE_SECONDS, Case
from grym_synth.errors import BadInput
from memory.context import Word

DATASET = Path(__file__).parents[1] / "datasets" / "coding" / "tasks.jsonl"

_FILE = "solution.py"


class AudioTask(Word):
    """One task."""

    id: str = Field(min_length=1)
    category: str = Field(min_length=1)
    kind: Literal["module", "program"]
    """``module``: functions or classes are asked for; ``program``: sounds go in, files come out."""
    prompt: str = Field(min_length=1)
    """What is asked, all that the answer is judged by."""
    test: str = Field(min_length=1)
    """Python source of the hidden test: ``check``, and for a program ``sounds``."""
    reference: str = ""
    """An answer that passes."""
    wrong: tuple[str, ...] = ()
    """Plausible answers that fail."""
    seconds: float = Field(default=CASE_SECONDS, gt=0)
    """Most processor time of an answer with its test."""

    def case(self, source: str, name: str = "") -> Case:
        """An answer in one file, to be judged."""
        return self.case_of({_FILE: source}, name)

    def case_of(self, files: dict[str, str], name: str = "") -> Case:
        """An answer in some files, the program or module first, to be judged."""
        return Case(name or self.id, self.kind, self.test, files, seconds=self.seconds)

    def case_of_left(self, left: tuple[Path, ...]) -> Case:
        """What a program left elsewhere, to be judged."""
        return Case(self.id, "left", self.test, left=left, seconds=self.seconds)

    def sounds(self) -> Case:
        """The sounds that it is about."""
        return Case(self.id, "sounds", self.test, seconds=self.seconds)


def load(path: Path = DATASET) -> list[AudioTask]:
    """Read a set of tasks.

    Raises:
        BadInput: it can't be read, a line has another form, or two tasks have one id.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        tasks = [AudioTask.model_validate_json(line) for line in lines if line.strip()]
        if not tasks:
            raise ValueError("it holds no task")
        if len({one.id for one in tasks}) < len(tasks):
            raise ValueError("two tasks have one id")
    except (OSError, ValidationError, ValueError) as fault:
        raise BadInput(
            f"reading the tasks in {path}", str(fault), "Give JSON Lines of the documented form"
        ) from fault
    return tasks


def spread(tasks: list[AudioTask], most: int | None) -> list[AudioTask]:
    """At most so many tasks, spread over the set."""
    if not most or most >= len(tasks):
        return tasks
    return [tasks[at * len(tasks) // most] for at in range(most)]
