"""How well audio code is written: by the product's recipes alone, and by a model in its coder.

``python -m evals.coding [--model SPEC] [--dataset FILE] [--tasks N] [--misses]``; without a model,
recipes alone. ``--prove`` holds the set itself to account: every reference must pass, every wrong
answer fail; exit code 1 where one does not. The form of a set: ``evals/datasets/coding/README.md``.
Figures of a ``scripted:`` model are labelled so: they prove plumbing, not skill.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agents.sandbox.choose import open_runner
from agents.sandbox.runs import Runner
from evals.coding.by_model import Solved, solved_by
from evals.coding.by_recipes import solved_by_recipes
from evals.coding.judging import Verdict
from evals.coding.proving import proved
from evals.coding.tasks import DATASET, AudioTask, load, spread
from grym_synth.errors import GrymError
from grym_synth.settings import Settings
from models.chat import open_chat_model


def told_recipes(
    tasks: Sequence[AudioTask], verdicts: Mapping[str, Verdict], seconds: float
) -> Iterator[str]:
    """The figures of the recipes alone.

    Args:
        tasks: all tasks.
        verdicts: on what they left, by task.
        seconds: processor time of the studio.
    """
    right = [id_ for id_, one in verdicts.items() if one.passed]
    yield f"recipes_left_a_result {len(verdicts)}"
    yield f"recipes_right {len(right)}"
    yield f"recipes_right_share {len(right) / len(tasks):.3f}"
    yield f"recipes_right_of_results {len(right) / max(len(verdicts), 1):.3f}"
    yield f"recipes_cpu_seconds_each {seconds / max(len(tasks), 1):.3f}"


def told_model(name: str, solved: Sequence[Solved]) -> Iterator[str]:
    """The figures of a model, over all tasks and in each category."""
    yield f"{name}_pass_at_1_first {_share([one.first.passed for one in solved]):.3f}"
    yield f"{name}_pass_at_1_repaired {_share([one.last.passed for one in solved]):.3f}"
    believed = [one.last.passed for one in solved if one.believed]
    yield f"{name}_believed_by_the_product {len(believed)}"
    yield f"{name}_right_of_believed {_share(believed):.3f}"
    yield f"{name}_versions_each {sum(one.versions for one in solved) / len(solved):.2f}"
    yield f"{name}_tokens_each {sum(one.tokens for one in solved) / len(solved):.0f}"
    yield f"{name}_seconds_each {sum(one.seconds for one in solved) / len(solved):.2f}"
    for category in dict.fromkeys(one.task.category for one in solved):
        own = [one for one in solved if one.task.category == category]
        first, last = ([getattr(one, end).passed for one in own] for end in ("first", "last"))
        yield f"{name}_{category} {_share(first):.3f} {_share(last):.3f} {len(own)}"


def _share(held: Sequence[bool]) -> float:
    return sum(held) / max(len(held), 1)


def _prove(tasks: Sequence[AudioTask], runner: Runner) -> int:
    proof = proved(tasks, runner)
    print(f"answers {proof.answers}")
    print(f"cpu_seconds_each {proof.seconds / max(proof.answers, 1):.3f}")
    print("\n".join([f"faults {len(proof.faults)}", *proof.faults]))
    return 1 if proof.faults else 0


def _score(tasks: Sequence[AudioTask], runner: Runner, model: str, misses: bool) -> None:
    began = time.process_time()
    verdicts = solved_by_recipes(tasks, runner)
    print("\n".join(told_recipes(tasks, verdicts, time.process_time() - began)))
    missed = [f"recipes {id_}: {one.fault}" for id_, one in verdicts.items() if one.fault]
    if model:
        settings = Settings()
        name = "scripted" if model.startswith("scripted:") else "model"
        solved = list(solved_by(open_chat_model(model, settings), tasks, runner, settings))
        print(f"{name} {model}")
        print("\n".join(told_model(name, solved)))
        either = [one.last.passed or _right(verdicts, one.task) for one in solved]
        print(f"{name}_or_recipes {_share(either):.3f}")
        missed += [f"{name} {one.task.id}: {one.last.fault}" for one in solved if one.last.fault]
    print("\n".join(missed if misses else []))


def _right(verdicts: Mapping[str, Verdict], task: AudioTask) -> bool:
    return task.id in verdicts and verdicts[task.id].passed


def main() -> None:
    """Print the figures of a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="such as ollama:qwen2.5-coder:14b")
    parser.add_argument("--dataset", type=Path, default=DATASET)
    parser.add_argument("--tasks", type=int, help="only so many, spread over the set")
    parser.add_argument("--prove", action="store_true", help="try references and wrong answers")
    parser.add_argument("--misses", action="store_true", help="list what is wrong, and why")
    given = parser.parse_args()
    try:
        tasks, runner = spread(load(given.dataset), given.tasks), open_runner()
        print(f"tasks {len(tasks)}")
        print(f"categories {len({one.category for one in tasks})}")
        if given.prove:
            sys.exit(_prove(tasks, runner))
        _score(tasks, runner, given.model, given.misses)
    except GrymError as fault:
        print(fault, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
