"""Programming problems of published sets: HumanEval's JSON Lines, and those of (sanitized) MBPP.

HumanEval: Chen et al., Evaluating Large Language Models Trained on Code, 2021: ``task_id, prompt,
entry_point, canonical_solution, test``. MBPP: Austin et al., Program Synthesis with Large Language
Models, 2021: ``task_id, text`` (or ``prompt``), ``code, test_list, test_imports, test_setup_code``.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.coding.judging import Case
from grym_synth.errors import BadInput

_BLOCK = re.compile(r"```[\w+-]*\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Problem:
    """One problem of either set."""

    name: str
    asked: str
    """What a model is told."""
    before: str
    """Source that stands before an answer: the imports of a prompt."""
    solution: str
    """The set's own answer, complete."""
    test: str
    """Statements that fail where an answer in the same namespace is wrong."""

    def case(self, source: str) -> Case:
        """An answer, to be judged."""
        return Case(self.name, "script", self.test, {"answer.py": source})

    def answered(self, said: str) -> Case:
        """What a model said, to be judged: its first code block, or all where it marks none."""
        block = _BLOCK.search(said)
        return self.case(f"{self.before}\n{block[1] if block else said}")


class _HumanEval(BaseModel):
    model_config = ConfigDict(extra="ignore")

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str

    def problem(self) -> Problem:
        return Problem(
            name=self.task_id,
            asked=f"Complete this function, and hand over the whole of it:\n\n{self.prompt}",
            before=self.prompt.partition(f"def {self.entry_point}(")[0],
            solution=f"{self.prompt}{self.canonical_solution}",
            test=f"{self.test}\ncheck({self.entry_point})\n",
        )


class _Mbpp(BaseModel):
    model_config = ConfigDict(extra="ignore")

    task_id: int
    text: str = ""
    prompt: str = ""
    code: str
    test_list: tuple[str, ...]
    test_imports: tuple[str, ...] = ()
    test_setup_code: str = ""

    def problem(self) -> Problem:
        tests = "\n".join([*self.test_imports, self.test_setup_code, *self.test_list])
        return Problem(
            name=f"MBPP/{self.task_id}",
            asked=f"{self.text or self.prompt}\nIt must pass this test: {self.test_list[0]}",
            before="",
            solution=self.code,
            test=f"{tests}\n",
        )


def load(path: Path) -> list[Problem]:
    """Read a file in the form of either set, told by its keys.

    Raises:
        BadInput: it can't be read, or a line has another form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        problems = [_problem(json.loads(line)) for line in lines if line.strip()]
        if not problems:
            raise ValueError("it holds no problem")
    except (OSError, ValidationError, ValueError) as fault:
        raise BadInput(
            f"reading the problems in {path}", str(fault), "Give HumanEval's or MBPP's JSON Lines"
        ) from fault
    return problems


def _problem(line: object) -> Problem:
    form = _HumanEval if isinstance(line, dict) and "entry_point" in line else _Mbpp
    return form.model_validate(line).problem()
