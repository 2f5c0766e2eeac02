"""How much of what a specialist needs is in its package, and what share of everything that takes.

``python -m evals.sharing [--dataset FILE] [--json] [--misses]``; the data set is a file or folder
in the form of ``evals/datasets/sharing/README.md``. Recall counts a necessary entry when the
package states its values and most of its telling words; a reference does not. Tokens are a share of
all that holds in the project. Exit code 1 when an agent has less than 95 % recall or more than 10 %
of the tokens.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Literal

import numpy as np

from agents.contexts.adapter import Adapter
from agents.contexts.coder import CODER
from agents.contexts.gama import GAMA
from agents.contexts.qwen_vl import QWEN_VL
from evals.sharing_fill import Filled, fill
from evals.sharing_score import states
from evals.sharing_set import DATASETS, LabelledTask, SharingSet, TurnEntry, load
from evals.sharing_words import Translator
from grym_synth.settings import PackageTokens
from memory.context import AGENTS, AgentName, ContextPackage
from memory.glossary.glossary import Glossary
from memory.packing.gathering import gather
from memory.packing.token_budget import EstimatedTokens
from memory.store import GrymStore
from memory.vectors.minilm import MiniLm

RECALL, SHARE = 0.95, 0.10
"""The targets: at least so much of what is necessary, at most so much of all tokens."""

MESSAGES = 20

Way = Literal["package", "everything", "last 20 messages", "top-k vectors"]
WAYS: tuple[Way, ...] = ("package", "everything", "last 20 messages", "top-k vectors")

ADAPTERS: dict[AgentName, Adapter] = {"gama": GAMA, "qwen_vl": QWEN_VL, "coder": CODER}


@dataclass(frozen=True)
class Outcome:
    """What one way handed over for one task."""

    project: str
    task: LabelledTask
    way: Way
    recall: float
    """Share, 0..1, of the necessary entries that are stated."""
    share: float
    """Tokens as a share of all that holds in the project."""
    milliseconds: float
    """To build it."""
    misses: tuple[str, ...]
    """Ids of the necessary entries that are not stated."""


class Trial:
    """One labelled project in a memory of its own."""

    def __init__(self, labelled: SharingSet, store: GrymStore, embedder: MiniLm) -> None:
        self._filled: Filled = fill(labelled, store)
        self._translator = Translator(labelled)
        self._embedder, self._glossary = embedder, Glossary.load()
        self._count = EstimatedTokens().count
        self._entries = {one.id: one for one in labelled.entries}
        self._texts = {id_: one.text for id_, one in self._filled.records.items()}
        self._tokens = {id_: self._count(text) for id_, text in self._texts.items()}
        self._vectors = embedder.embed(list(self._texts.values()))
        self._everything = sum(self._tokens.values())

    def outcomes(self) -> Iterator[Outcome]:
        """Every task, in every way."""
        for task in self._filled.labelled.tasks:
            began = time.perf_counter()
            package = self.package(task)
            spent = 1000 * (time.perf_counter() - began)
            told = {one.id: one.text for one in package.items if one.form != "reference"}
            yield self._outcome(task, "package", told, package.tokens, spent)
            yield self._outcome(task, "everything", self._texts, self._everything)
            yield self._messages(task)
            yield self._nearest(task, package.tokens)

    def package(self, labelled: LabelledTask) -> ContextPackage:
        """The package of a task, cut as the graph's routing does."""
        task = self._translator.task(labelled)
        (known,) = gather(self._filled.shelf, [task], self._glossary)
        most: int = getattr(PackageTokens(), task.agent)
        return ADAPTERS[task.agent].package(task, known, most, self._glossary)

    def _messages(self, task: LabelledTask) -> Outcome:
        turns = [one for one in self._filled.labelled.entries if isinstance(one, TurnEntry)]
        said = [text for one in turns for text in (one.request, one.answer)][-MESSAGES:]
        whole = "\n".join(said)
        needed = [self._entries[one.id] for one in task.necessary]
        misses = tuple(one.id for one in needed if not states(one, whole))
        return self._made(task, "last 20 messages", misses, self._count(whole), 0.0)

    def _nearest(self, task: LabelledTask, budget: int) -> Outcome:
        closeness = self._vectors @ self._embedder.embed([task.objective])[0]
        ids = list(self._texts)
        told: dict[str, str] = {}
        used = 0
        for at in np.argsort(-closeness):
            used += self._tokens[ids[at]]
            if used > budget:
                break
            told[ids[at]] = self._texts[ids[at]]
        return self._outcome(task, "top-k vectors", told, min(used, budget))

    def _outcome(
        self,
        task: LabelledTask,
        way: Way,
        told: dict[str, str],
        tokens: int,
        milliseconds: float = 0.0,
    ) -> Outcome:
        """Judge what was told, by record id."""
        misses = []
        for one in task.necessary:
            ids = [id_ for id_ in self._filled.held[one.id] if id_ in told]
            names = [self._filled.names[id_] for id_ in ids if id_ in self._filled.names]
            text = "\n".join([*names, *(told[id_] for id_ in ids)])
            if not ids or not states(self._entries[one.id], text):
                misses.append(one.id)
        return self._made(task, way, tuple(misses), tokens, milliseconds)

    def _made(
        self,
        task: LabelledTask,
        way: Way,
        misses: tuple[str, ...],
        tokens: int,
        milliseconds: float,
    ) -> Outcome:
        return Outcome(
            project=self._filled.labelled.project.name,
            task=task,
            way=way,
            recall=1 - len(misses) / len(task.necessary),
            share=tokens / self._everything,
            milliseconds=milliseconds,
            misses=misses,
        )


def run(path: Path) -> list[Outcome]:
    """Try every project of a data set, each in a memory of its own."""
    embedder = MiniLm()
    outcomes: list[Outcome] = []
    for labelled in load(path):
        with tempfile.TemporaryDirectory() as home, GrymStore(Path(home), embedder) as store:
            outcomes += Trial(labelled, store, embedder).outcomes()
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Recall and shares of each way, over all tasks and for each agent and project."""
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(one.way, []).append(one)
        if one.way == "package":
            groups.setdefault(one.task.agent, []).append(one)
            groups.setdefault(f"project {one.project}", []).append(one)
    return {
        name: {
            "recall": mean(one.recall for one in group),
            "share mean": mean(one.share for one in group),
            "share median": median(one.share for one in group),
            "ms median": median(one.milliseconds for one in group),
            "tasks": len(group),
        }
        for name, group in groups.items()
    }


def reached(told: dict[str, dict[str, float]]) -> bool:
    """Whether every agent reaches the targets."""
    return all(
        told[agent]["recall"] >= RECALL
        and told[agent]["share mean"] <= SHARE
        and told[agent]["share median"] <= SHARE
        for agent in AGENTS
        if agent in told
    )


def main() -> None:
    """Print the figures of a data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, default=DATASETS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true", help="list what packages don't state")
    arguments = parser.parse_args()
    outcomes = run(arguments.dataset)
    told = figures(outcomes)
    if arguments.json:
        print(json.dumps(told))
    else:
        for name, row in told.items():
            print(f"{name:<24}", *(f"{what} {value:.3f} " for what, value in row.items()))
    if arguments.misses:
        for one in outcomes:
            if one.way == "package" and one.misses:
                why = {need.id: need.why for need in one.task.necessary}
                missed = "; ".join(f"{id_} ({why[id_]})" for id_ in one.misses)
                print(f"{one.project} {one.task.id} {one.task.agent}: {missed}", file=sys.stderr)
    sys.exit(0 if reached(told) else 1)


if __name__ == "__main__":
    main()
