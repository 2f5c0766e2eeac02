"""What sets came to, for readers: a table, misses, and the report of a user's own models."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evals.sets.baselines import Baseline
from evals.sets.figures import Figure
from evals.sets.running import SetResult

_SHOWN = 160
"""Most characters of a miss."""


def table(results: Sequence[SetResult], baselines: Mapping[str, Baseline | None]) -> Iterator[str]:
    """A Markdown table with one row for each set.

    Args:
        results: what sets came to.
        baselines: what each is held against, by name.
    """
    yield "| set | score | n | also | baseline | s |"
    yield "|---|---|---|---|---|---|"
    for one in results:
        head = one.figures.get(one.headline)
        others = ", ".join(
            f"{name} {figure.score:.3f}"
            for name, figure in one.figures.items()
            if name != one.headline
        )
        base = baselines.get(one.name)
        was = base.figures.get(one.headline) if base is not None else None
        yield (
            f"| {one.name} | {one.headline} {_score(head)} | {head.n if head else 0} | {others} "
            f"| {_score(was) if was else 'none'} | {one.seconds:.1f} |"
        )


def misses(results: Sequence[SetResult]) -> Iterator[str]:
    """One line for each thing that an item has not right."""
    for one in results:
        for miss in one.misses:
            why = " ".join(miss.why.split())
            yield f"- {one.name} {miss.item}, {miss.figure}: {why[:_SHOWN]}"


def report(
    results: Sequence[SetResult],
    machine: str,
    made: str,
    models: Mapping[str, str],
    skipped: Mapping[str, str],
) -> Iterator[str]:
    """The report of somebody's own models, as Markdown that can be posted.

    Args:
        results: what sets came to.
        machine: in one line.
        made: version and day.
        models: what each role's model is, by role.
        skipped: sets and roles that were not scored, each with the reason.
    """
    yield "## grym eval --live"
    yield ""
    yield f"- {made}"
    yield f"- {machine}"
    for role, told in models.items():
        yield f"- {role}: {told}"
    yield ""
    yield from _live_table(results)
    yield ""
    yield "± is one standard error over the items. “answers” counts a model's answers; “stood in”,"
    yield "how often instruments did its part because it failed or said nothing of use; “failed”,"
    yield "items that could not be done. A set without answers was done by instruments."
    for one in results:
        for why, times in Counter(one.stood_in).items():
            yield f"- {one.name}: instruments stood in {times} times: {why}"
    if skipped:
        yield ""
        yield "Not scored:"
        yield ""
        yield from (f"- {name}: {why}" for name, why in skipped.items())


def _live_table(results: Sequence[SetResult]) -> Iterator[str]:
    yield (
        "| set | model | figure | score | n | answers | stood in | failed | s an item "
        "| tokens in | tokens out |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for one in results:
        others = (name for name in one.figures if name != one.headline)
        each = one.seconds / max(one.items, 1)
        cost = (
            f"{one.answers} | {len(one.stood_in)} | {one.faults} | {each:.1f} | {one.tokens_in} "
            f"| {one.tokens_out}"
        )
        yield (
            f"| {one.name} | {', '.join(one.models.values())} | {_figure(one, one.headline)} "
            f"| {cost} |"
        )
        yield from (f"| | | {_figure(one, name)} | | | | | | |" for name in others)


def _figure(result: SetResult, name: str) -> str:
    figure = result.figures.get(name)
    return f"{name} | {_score(figure)} | {figure.n if figure else 0}"


def _score(figure: Figure | None) -> str:
    return "none" if figure is None else f"{figure.score:.3f} ± {figure.noise:.3f}"
