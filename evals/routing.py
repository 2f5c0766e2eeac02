"""How well the planner routes: exact agent sets and questions on a labelled set of requests.

``python -m evals.routing [--dataset FILE] [--part all|odd|even]``; the data set is JSON Lines of
``request, audio, image, agents, asks``. The planner was developed on the odd lines.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import AGENTS, ProjectContext

DATASET = Path(__file__).parent / "datasets" / "routing.jsonl"


class Labelled(BaseModel):
    """One request with what a plan for it must hold."""

    request: str
    audio: int = 0
    """Audio files attached."""
    image: int = 0
    """Pictures attached."""
    agents: tuple[str, ...] = ()
    asks: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the planner did with one request."""

    labelled: Labelled
    agents: frozenset[str]
    asks: bool

    @property
    def exact(self) -> bool:
        """Whether the set of agents is the labelled one."""
        return self.agents == frozenset(self.labelled.agents)

    @property
    def asks_right(self) -> bool:
        """Whether it asks back exactly when it should."""
        return self.asks == self.labelled.asks


def load(path: Path) -> list[Labelled]:
    """Read a data set."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Labelled.model_validate(json.loads(line)) for line in lines if line.strip()]


def context_of(labelled: Labelled) -> ProjectContext:
    """A new project with as many made-up attachments as the label says."""
    assets = [
        *(_asset("audio", number) for number in range(labelled.audio)),
        *(_asset("image", number) for number in range(labelled.image)),
    ]
    return ProjectContext(
        project="default",
        thread="main",
        turn=1,
        request=labelled.request,
        assets=tuple(assets),
        attached=tuple(asset.id for asset in assets),
    )


def route(requests: list[Labelled]) -> list[Outcome]:
    """Plan every request."""
    supervisor = Supervisor()
    plans = [supervisor.plan(context_of(labelled)) for labelled in requests]
    return [
        Outcome(labelled, frozenset(task.agent for task in plan.tasks), bool(plan.asks))
        for labelled, plan in zip(requests, plans, strict=True)
    ]


def report(outcomes: list[Outcome]) -> Iterator[str]:
    """The figures, then the misses."""
    count = max(len(outcomes), 1)
    yield f"requests    {len(outcomes)}"
    yield f"exact       {sum(one.exact for one in outcomes) / count:.3f}"
    yield f"asks        {sum(one.asks_right for one in outcomes) / count:.3f}"
    yield f"both        {sum(one.exact and one.asks_right for one in outcomes) / count:.3f}"
    for agent in AGENTS:
        said = [one for one in outcomes if agent in one.agents]
        true = [one for one in outcomes if agent in one.labelled.agents]
        both = sum(agent in one.labelled.agents for one in said)
        precision, recall = both / max(len(said), 1), both / max(len(true), 1)
        yield f"{agent:<11} precision {precision:.3f}  recall {recall:.3f}"
    for one in outcomes:
        if not (one.exact and one.asks_right):
            wanted = ",".join(sorted(one.labelled.agents)) + ("?" if one.labelled.asks else "")
            got = ",".join(sorted(one.agents)) + ("?" if one.asks else "")
            files = f"{one.labelled.audio}a{one.labelled.image}i"
            yield f"miss {files} want [{wanted}] got [{got}]: {one.labelled.request}"


def _asset(kind: AssetKind, number: int) -> AssetRef:
    suffix = "wav" if kind == "audio" else "png"
    return AssetRef(
        id=f"{number + (100 if kind == 'image' else 0):064x}",
        kind=kind,
        name=f"{kind}-{number + 1}.{suffix}",
        suffix=suffix,
        size_bytes=1000,
        seconds=180.0 if kind == "audio" else None,
    )


def main() -> None:
    """Print the figures of a data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, default=DATASET)
    parser.add_argument("--part", choices=("all", "odd", "even"), default="all")
    arguments = parser.parse_args()
    requests = load(arguments.dataset)
    parts = {"all": requests, "odd": requests[::2], "even": requests[1::2]}
    began = time.perf_counter()
    outcomes = route(parts[arguments.part])
    for line in report(outcomes):
        print(line)
    print(f"{1000 * (time.perf_counter() - began) / max(len(outcomes), 1):.1f} ms a request")


if __name__ == "__main__":
    main()
