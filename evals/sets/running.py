"""Runs a set with LangSmith's own runner, here and without any network; uploads only when asked.

Offline, ``evaluate`` is handed its examples, ``upload_results=False`` and a client that knows its
server's facts already, so that nothing is asked of one. Targets run with tracing off either way:
what is uploaded is a set's items, outputs and scores, nothing from inside a turn, and nothing of
the folder that it is run in.
"""

import io
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import requests
from langsmith import Client, tracing_context
from langsmith.env import get_git_info
from langsmith.evaluation import EvaluationResult, evaluate
from langsmith.schemas import Example, Run
from langsmith.utils import LangSmithError, get_env_var
from pydantic import BaseModel, ConfigDict, JsonValue

from agents.roles.models import Role
from evals.sets.chairs import Chairs, Meter
from evals.sets.figures import Figure, figure_of
from evals.sets.items import EvalSet, Item, Json, Target, digest_of
from grym_synth.errors import BadInput, GrymError

_NAMES = uuid.UUID("6f1dd8c5-2a53-4f0c-9b7e-6a9d1a0c5e11")
"""Of the ids that sets and items have for LangSmith."""
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
FAULT = "could_not"
"""Key of an output that says why an item could not be done."""


class Miss(BaseModel):
    """Something that an item has not right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    figure: str
    why: str


class SetResult(BaseModel):
    """What a set came to."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    headline: str
    """The figure that stands for the set."""
    dataset: str
    """Name of the file or folder; empty for the set's own."""
    digest: str
    """Mark of the items: figures of other items are not compared."""
    items: int
    models: dict[Role, str]
    """Models that took part; empty: instruments alone."""
    figures: dict[str, Figure]
    misses: tuple[Miss, ...]
    faults: int
    """Items that could not be done; they count as missed."""
    seconds: float
    """Wall-clock."""
    cpu_seconds: float
    answers: int
    """That models gave."""
    tokens_in: int
    tokens_out: int
    stood_in: tuple[str, ...]
    """Why instruments did a model's part, each time: it failed, or said nothing of use."""


def run(
    eval_set: EvalSet,
    chairs: Chairs,
    path: Path | None = None,
    most: int | None = None,
    upload: bool = False,
    on_item: Callable[[int, int], None] = lambda done, of: None,
) -> SetResult:
    """Do all items of a set and score them.

    Args:
        eval_set: what is done.
        chairs: who takes part.
        path: another data set in its form.
        most: only so many items, spread over the set.
        upload: send items, outputs and scores to LangSmith; its key must be set.
        on_item: told how many are done, of how many.

    Raises:
        BadInput: the data set can't be used, or LangSmith's key is not set or does not work.
    """
    items = spread(eval_set.read(path), most)
    began, worked, meter = time.monotonic(), time.process_time(), chairs.meter
    before = _spent(meter)
    with eval_set.opened(chairs, items, path) as target:
        rows = _evaluated(eval_set, items, _counted(target, len(items), on_item), upload)
    answers, tokens_in, tokens_out, stood_in = (
        now - then for now, then in zip(_spent(meter), before, strict=True)
    )
    return SetResult(
        name=eval_set.name,
        headline=eval_set.headline,
        dataset=path.name if path is not None else "",
        digest=digest_of(items),
        items=len(items),
        models=chairs.of(eval_set.roles),
        figures=_figures(rows),
        misses=tuple(miss for row in rows for miss in row.misses),
        faults=sum(row.fault for row in rows),
        seconds=round(time.monotonic() - began, 3),
        cpu_seconds=round(time.process_time() - worked, 3),
        answers=answers,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        stood_in=tuple(meter.stood_in[-stood_in:] if stood_in else ()),
    )


def _spent(meter: Meter) -> list[int]:
    return [meter.answers, meter.tokens_in, meter.tokens_out, len(meter.stood_in)]


def spread(items: list[Item], most: int | None) -> list[Item]:
    """At most so many items, spread over the set."""
    if most is None or most >= len(items):
        return items
    return [items[at * len(items) // most] for at in range(most)]


class _Row(BaseModel):
    """One item's scores."""

    fault: bool
    counts: dict[str, tuple[float, float]]
    misses: tuple[Miss, ...]


def _counted(target: Target, of: int, on_item: Callable[[int, int], None]) -> Target:
    """The target with tracing off, its expected failures as outputs, and its steps told."""
    done = 0

    def counted(inputs: Json) -> dict[str, JsonValue]:
        nonlocal done
        done += 1
        on_item(done, of)
        with tracing_context(enabled=False):
            try:
                return target(inputs)
            except GrymError as fault:
                return {FAULT: str(fault)}

    return counted


def _evaluated(
    eval_set: EvalSet, items: Sequence[Item], target: Target, upload: bool
) -> list[_Row]:
    client = _client(upload)
    quiet = redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO())
    try:
        dataset = _kept(client, eval_set, items) if upload else _id(eval_set.name)
        examples = _examples(items, dataset)
        with warnings.catch_warnings(), quiet[0], quiet[1]:
            warnings.filterwarnings("ignore", message="'upload_results' parameter is in beta")
            told = evaluate(
                target,
                data=examples,
                evaluators=list(eval_set.evaluators),
                experiment_prefix=f"grym {eval_set.name}",
                metadata={"revision_id": f"grym-synth {version('grym-synth')}"},
                max_concurrency=0,
                client=client,
                upload_results=upload,
                blocking=True,
            )
        if upload:
            client.flush()
    except (LangSmithError, requests.RequestException) as fault:
        raise BadInput(
            "sending results to LangSmith", str(fault), "Check its key and address"
        ) from fault
    names = {example.id: item.id for example, item in zip(examples, items, strict=True)}
    return [
        _row(names[one["example"].id], one["run"], one["evaluation_results"]["results"])
        for one in told
    ]


def _row(item: str, did: Run, results: Sequence[EvaluationResult]) -> _Row:
    """Read what the runner says of one item; a crash of ours is no score."""
    broken = [did.error, *(one.comment for one in results if (one.extra or {}).get("error"))]
    if any(broken):
        raise RuntimeError(f"item {item}: {next(filter(None, broken))}")
    fault = (did.outputs or {}).get(FAULT)
    counts, misses = {}, []
    for one in results:
        counted = one.metadata or {}
        counts[one.key] = (float(counted["hits"]), float(counted["of"]))
        if one.comment:
            misses.append(Miss(item=item, figure=one.key, why=str(fault or one.comment)))
    return _Row(fault=fault is not None, counts=counts, misses=tuple(misses))


def _figures(rows: Sequence[_Row]) -> dict[str, Figure]:
    names = dict.fromkeys(name for row in rows for name in row.counts)
    found = {name: figure_of([row.counts.get(name, (0.0, 0.0)) for row in rows]) for name in names}
    return {name: one for name, one in found.items() if one is not None}


def _client(upload: bool) -> Client:
    """LangSmith's client; offline, one that has nobody to ask and no need to.

    Raises:
        BadInput: it is wanted for uploading, and no key is set.
    """
    if not upload:
        return Client(
            api_url="http://127.0.0.1:9", api_key="none", info={}, auto_batch_tracing=False
        )
    if not get_env_var("API_KEY"):
        raise BadInput(
            "sending results to LangSmith",
            "LANGSMITH_API_KEY is not set",
            "Set it, or leave --upload out",
        )
    with tempfile.TemporaryDirectory() as elsewhere, chdir(elsewhere):
        get_git_info()  # it is read once a process: not the author and address of this checkout
    return Client(omit_traced_runtime_info=True)


def _id(name: str) -> uuid.UUID:
    return uuid.uuid5(_NAMES, name)


def _examples(items: Sequence[Item], dataset: uuid.UUID) -> list[Example]:
    return [
        Example(
            id=_id(f"{dataset} {item.id}"),
            dataset_id=dataset,
            inputs=dict(item.inputs),
            outputs=dict(item.wanted),
            created_at=_WRITTEN,
        )
        for item in items
    ]


def _kept(client: Client, eval_set: EvalSet, items: Sequence[Item]) -> uuid.UUID:
    """The data set at LangSmith that holds exactly these items; it is made where there is none."""
    name = f"grym {eval_set.name} {digest_of(items)}"
    if client.has_dataset(dataset_name=name):
        return uuid.UUID(str(client.read_dataset(dataset_name=name).id))
    dataset = uuid.UUID(str(client.create_dataset(name, description=eval_set.about).id))
    examples: list[dict[str, object]] = [
        {"id": one.id, "inputs": one.inputs, "outputs": one.outputs}
        for one in _examples(items, dataset)
    ]
    client.create_examples(dataset_id=dataset, examples=examples)
    return dataset
