import json
import sys
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.sandbox.choose import open_runner
from agents.sandbox.plain import PlainChild
from agents.sandbox.runs import Runner
from evals.coding.by_model import Solved, solved_by
from evals.coding.by_recipes import solved_by_recipes
from evals.coding.judging import Case, judge
from evals.coding.problems import Problem
from evals.coding.problems import load as load_problems
from evals.coding.proving import proved
from evals.coding.tasks import AudioTask, load, spread
from grym_synth.errors import BadInput, SandboxRefused
from grym_synth.settings import Settings
from models.scripted import ScriptedChat

HALF = """import numpy as np


def half(samples):
    return np.asarray(samples) / 2
"""
HALF_TEST = """from measuring import near


def check(solution):
    near(solution.half(1.0), 0.5, 1e-9, "half of one")
    near(solution.half(-3.0), -1.5, 1e-9, "half of minus three")
"""
TASK = AudioTask(
    id="level/half",
    category="level",
    kind="module",
    prompt="Write a module with a function `half(samples)` that halves every sample.",
    test=HALF_TEST,
)
OWN_TEST = "from solution import half\n\n\ndef test_half():\n    assert half(2.0) == 1.0\n"


@pytest.fixture(scope="module")
def runner() -> Runner:
    if sys.platform != "linux":
        pytest.skip("foreign code only runs in the sandbox, which is for Linux")
    return open_runner()


@pytest.fixture(scope="module")
def tasks() -> dict[str, AudioTask]:
    return {one.id: one for one in load()}


def handed(program: str, own_test: str = OWN_TEST, **more: JsonValue) -> JsonValue:
    sources = {"solution.py": program, "test_solution.py": own_test}
    files: list[JsonValue] = [{"name": name, "text": text} for name, text in sources.items()]
    return {"files": files, "why": "a half", **more}


class Solve:
    def __init__(self, runner: Runner, folder: Path) -> None:
        self.runner, self.script = runner, folder / "script.jsonl"

    def __call__(self, *answers: JsonValue, task: AudioTask = TASK) -> Solved:
        self.script.write_text("\n".join(json.dumps({"answer": one}) for one in answers))
        model = ScriptedChat.read(self.script)
        (solved,) = solved_by(model, [task], self.runner, Settings())
        return solved


@pytest.fixture
def solve(runner: Runner, tmp_path: Path) -> Solve:
    return Solve(runner, tmp_path)


def test_the_set_is_large_and_covers_every_kind_of_audio_code(tasks: dict[str, AudioTask]) -> None:
    counts: dict[str, int] = {}
    for one in tasks.values():
        counts[one.category] = counts.get(one.category, 0) + 1
    assert len(tasks) >= 60
    assert len(counts) == 10
    assert min(counts.values()) >= 5
    assert all(one.wrong and one.reference for one in tasks.values())


def test_tests_of_some_tasks_tell_right_from_wrong(runner: Runner) -> None:
    assert proved(spread(load(), 12), runner).faults == ()


@pytest.mark.long
def test_tests_of_all_tasks_tell_right_from_wrong(runner: Runner) -> None:
    assert proved(load(), runner).faults == ()


def test_a_set_whose_tests_can_not_fail_is_told_of(runner: Runner) -> None:
    idle = TASK.model_copy(
        update={"test": "def check(solution):\n    pass\n", "reference": HALF, "wrong": (HALF,)}
    )
    broken = TASK.model_copy(update={"id": "level/broken", "reference": "def half(:\n"})
    faults = proved([idle, broken], runner).faults
    assert [one.partition(":")[0] for one in faults] == ["level/broken"] * 2 + ["level/half"]
    assert "SyntaxError" in faults[0]


def test_an_answer_that_ends_everything_or_never_ends_fails_alone(runner: Runner) -> None:
    ends = "import os\n\nos._exit(0)\n"
    endless = "while True:\n    pass\n"
    lies = "import sys\n\nprint('passed', {'fault': ''})\nsys.exit(0)\n"
    answers = [HALF, ends, HALF, endless, lies, HALF]
    cases = [TASK.model_copy(update={"seconds": 0.5}).case(one) for one in answers]
    verdicts = judge(cases, runner)
    assert [one.passed for one in verdicts] == [True, False, True, False, False, True]
    assert "0.5 s of processor time" in verdicts[3].fault


def test_a_fault_is_told_with_the_line_of_the_answer(runner: Runner) -> None:
    (verdict,) = judge([TASK.case("def half(samples):\n    return samples / 0\n")], runner)
    assert verdict.fault == "solution.py line 2: ZeroDivisionError: float division by zero"


def test_answers_never_run_without_a_sandbox() -> None:
    with pytest.raises(SandboxRefused, match="holds no foreign code"):
        judge([TASK.case(HALF)], PlainChild())


def test_recipes_alone_are_judged_by_what_they_leave(
    runner: Runner, tasks: dict[str, AudioTask]
) -> None:
    strict = tasks["level/gain"].model_copy(
        update={"id": "level/strict", "test": tasks["level/gain"].test.replace("-6.0", "-7.0")}
    )
    asked = [tasks["level/gain"], strict, tasks["synthesis/ring"], TASK]
    verdicts = solved_by_recipes(asked, runner)
    assert {id_: one.passed for id_, one in verdicts.items()} == {
        "level/gain": True,
        "level/strict": False,
    }


def test_a_model_that_mends_its_code_is_scored_before_and_after(solve: Solve) -> None:
    one = solve(handed("def half(samples):\n    return samples\n"), handed(HALF))
    assert (one.first.passed, one.last.passed, one.versions) == (False, True, 2)
    assert one.believed


def test_code_that_only_its_own_tests_believe_in_is_told_apart(solve: Solve) -> None:
    one = solve(handed("def half(samples):\n    return max(samples / 2, 0)\n"))
    assert one.believed
    assert not one.last.passed
    assert "half of minus three" in one.last.fault


def test_a_model_that_hands_over_nothing_fails(solve: Solve) -> None:
    one = solve({"files": []}, {"files": []}, {"files": []})
    assert not (one.last.passed or one.believed)
    assert one.last.fault


def test_a_program_of_a_model_runs_on_the_sounds_of_its_task(
    solve: Solve, tasks: dict[str, AudioTask]
) -> None:
    task = tasks["synthesis/ring"]
    own = "def test_nothing():\n    assert True\n"
    criteria: list[JsonValue] = [{"aspect": "duration.seconds", "op": "==", "value": 2.0}]
    one = solve(handed(task.reference, own, criteria=criteria), task=task)
    assert (one.first.fault, one.believed) == ("", True)


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"id": "a"}\n', "no json", TASK.model_dump_json() + "\n" + TASK.model_dump_json()],
)
def test_a_file_that_holds_no_tasks_is_refused_in_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(text)
    with pytest.raises(BadInput, match="reading the tasks"):
        load(path)


def test_problems_of_both_published_forms_are_judged(runner: Runner, tmp_path: Path) -> None:
    one = {
        "task_id": "HumanEval/x",
        "prompt": 'import math\n\n\ndef root(x):\n    """The root."""\n',
        "entry_point": "root",
        "canonical_solution": "    return math.sqrt(x)\n",
        "test": "def check(candidate):\n    assert candidate(4) == 2\n",
    }
    other = {
        "task_id": 7,
        "text": "Double it.",
        "code": "def double(x):\n    return 2 * x",
        "test_list": ["assert double(2) == 4", "assert double(3) == 6"],
    }
    path = tmp_path / "problems.jsonl"
    path.write_text("\n".join(map(json.dumps, (one, other))))
    root, double = load_problems(path)
    right = "Here it is:\n```python\ndef root(x):\n    return math.sqrt(x)\n```\nDone."
    wrong = "```python\ndef double(x):\n    return x * x\n```"
    cases = [root.case(root.solution), double.case(double.solution)]
    cases += [root.answered(right), double.answered(wrong)]
    assert [one.passed for one in judge(cases, runner)] == [True, True, True, False]


def test_published_solutions_pass_in_the_sandbox(runner: Runner, recordings: Path) -> None:
    problems: list[Problem] = []
    for name in ("HumanEval.jsonl", "mbpp_sanitized.jsonl"):
        problems += load_problems(recordings / "code" / name)
    cases: list[Case] = [one.case(one.solution) for one in problems]
    assert [one.case for one in judge(cases, runner) if not one.passed] == []
