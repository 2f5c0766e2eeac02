"""A model on HumanEval or MBPP, judged in the product's sandbox, to compare with published scores.

``python -m evals.coding.humaneval FILE --model SPEC [--tasks N] [--misses]``; ``--canonical`` tries
the file's own solutions, which all have to pass. pass@1 with one greedy answer (temperature 0); of
MBPP's tests the model is shown the first. Figures of a ``scripted:`` model prove plumbing alone.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from agents.sandbox.choose import open_runner
from agents.sandbox.runs import Runner
from evals.coding.judging import Verdict, judge
from evals.coding.problems import Problem, load
from grym_synth.errors import GrymError, ModelFault
from grym_synth.settings import Settings
from models.base import ChatModel, Message, Options
from models.chat import open_chat_model

RULES = (
    "You write Python. Answer with one code block that holds a complete, self-contained solution, "
    "imports included, and nothing after it."
)


def solved_by(
    model: ChatModel, problems: Sequence[Problem], runner: Runner, seconds: float
) -> list[Verdict]:
    """Have a model answer each problem once; each answer is judged in a sandbox of its own.

    Args:
        model: who answers.
        problems: what is asked.
        runner: a sandbox.
        seconds: longest time for one answer.
    """
    verdicts = []
    for problem in problems:
        asked = [Message("system", RULES), Message("user", problem.asked)]
        try:
            said = model.answer(asked, Options(seconds=seconds, first_seconds=seconds)).text
        except ModelFault as fault:
            verdicts.append(Verdict(problem.name, str(fault)))
            continue
        verdicts += judge([problem.answered(said)], runner, together=1)
    return verdicts


def main() -> None:
    """Print pass@1 of a model, or of a file's own solutions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="HumanEval's or MBPP's JSON Lines")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--model", help="such as ollama:qwen2.5-coder:14b")
    who.add_argument("--canonical", action="store_true", help="the file's own solutions")
    parser.add_argument("--tasks", type=int, help="only so many, from the beginning")
    parser.add_argument("--misses", action="store_true", help="list what is wrong, and why")
    given = parser.parse_args()
    began = time.monotonic()
    try:
        problems, runner = load(given.file)[: given.tasks], open_runner()
        if given.canonical:
            verdicts = judge([one.case(one.solution) for one in problems], runner)
        else:
            settings = Settings()
            model = open_chat_model(given.model, settings)
            verdicts = solved_by(model, problems, runner, settings.model_seconds)
    except GrymError as fault:
        print(fault, file=sys.stderr)
        sys.exit(2)
    right = sum(one.passed for one in verdicts)
    print(f"problems {len(verdicts)}")
    print(f"passed {right}")
    print(f"pass_at_1 {right / len(verdicts):.3f}")
    print(f"cpu_seconds_each {sum(one.seconds for one in verdicts) / len(verdicts):.3f}")
    print(f"seconds {time.monotonic() - began:.1f}")
    for one in verdicts if given.misses else []:
        if one.fault:
            print(f"{one.case}: {one.fault}")


if __name__ == "__main__":
    main()
