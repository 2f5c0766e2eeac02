import json
from pathlib import Path

from pydantic import JsonValue

from grym_synth.result import TaskResult
from tests.integration.boss.scripts import write_script
from tests.integration.command import Grym

MODULE = "def half(samples):\n    return samples / 2\n"
TESTS = "from half import half\n\n\ndef test_half():\n    assert half(2.0) == 1.0\n"
REQUEST = "Write a Python module with a function half(samples) that halves every sample"


def handed(tests: str = TESTS, module: str = MODULE) -> JsonValue:
    return {
        "files": [{"name": "half.py", "text": module}, {"name": "test_half.py", "text": tests}],
        "why": "a division",
    }


def test_a_function_that_is_asked_for_needs_no_result_beside_its_tests(
    grym: Grym, tmp_path: Path
) -> None:
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed()})
    ended = grym("ask", REQUEST, "--model", f"coder={spec}", "--yes", "--json")
    told = json.loads(ended.stdout)
    (task,) = [TaskResult.model_validate(one) for one in told["tasks"]]
    assert (task.status, ended.returncode) == ("done", 0)
    assert [Path(one["path"]).name for one in told["artifacts"]] == ["half.py", "test_half.py"]
    assert "1 test of its own passed" in told["answer"]
    assert "no result of it was measured" in told["answer"]


def test_a_function_whose_own_tests_fail_is_not_done(grym: Grym, tmp_path: Path) -> None:
    wrong = TESTS.replace("1.0", "3.0")
    lines = [{"answer": handed(wrong + f"# {number}\n")} for number in range(4)]
    spec = write_script(tmp_path / "coder.jsonl", *lines)
    ended = grym("ask", REQUEST, "--model", f"coder={spec}", "--yes", "--json")
    (task,) = json.loads(ended.stdout)["tasks"]
    assert (task["status"], ended.returncode) == ("not_met", 1)
