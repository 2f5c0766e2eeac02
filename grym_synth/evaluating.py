"""Runs the sets of ``grym eval`` one after another, and tells what they came to."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from agents.roles.models import INSTRUMENTS, ROLES, Role
from evals.bench.machine import machine
from evals.sets.baselines import Baseline, baseline_of, fallen, keep
from evals.sets.chairs import Chairs
from evals.sets.identity import identity
from evals.sets.items import EvalSet
from evals.sets.living import cast_of, playable
from evals.sets.registry import SETS
from evals.sets.running import SetResult, run
from evals.sets.telling import misses as told_misses
from evals.sets.telling import report, table
from grym_synth.errors import BadInput
from grym_synth.options import make_settings, read_choice, say, say_line
from grym_synth.settings import Profile, Settings

ALL = "all"

LIVE_ITEMS = 20
"""Items of each set that models are given with ``--live``; a large model takes minutes for them."""


@dataclass(frozen=True)
class Wish:
    """What is to be scored."""

    names: tuple[str, ...] = ()
    """Names of sets; empty: the quick ones, or with ``live`` all in which a model takes part."""
    dataset: Path | None = None
    most: int | None = None
    """Items of each set."""
    live: bool = False
    upload: bool = False
    models: tuple[str, ...] = ()
    """``ROLE=MODEL`` each."""
    profile: Profile | None = None


@dataclass(frozen=True)
class Told:
    """What the sets came to."""

    results: tuple[SetResult, ...]
    baselines: Mapping[str, Baseline | None]
    models: Mapping[Role, str]
    """Who each role's model is, with its version."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    live: bool = False

    @property
    def fallen(self) -> tuple[str, ...]:
        """What fell below its baseline."""
        return tuple(line for one in self.results for line in fallen(one, self.baselines[one.name]))

    @property
    def exit_code(self) -> int:
        """1 when a score fell below its baseline by more than its noise."""
        return 1 if self.fallen else 0

    def keep_baselines(self, day: str) -> None:
        """Write all of them down.

        Raises:
            BadInput: a model took part.
        """
        for one in self.results:
            say_line(f"kept {keep(one, day)}", aside=True)

    def as_json(self) -> dict[str, JsonValue]:
        """All of it."""
        return {
            "machine": machine(),
            "models": {str(role): told for role, told in self.models.items()},
            "sets": [
                one.model_dump(mode="json")
                | {
                    "baseline": base.model_dump(mode="json") if base else None,
                    "fallen": [*fallen(one, base)],
                }
                for one in self.results
                for base in (self.baselines[one.name],)
            ],
            "skipped": {**self.skipped},
        }

    def show(self, made: str, *, misses: bool) -> None:
        """Print a table, or the report of somebody's own models.

        Args:
            made: version and day.
            misses: what was not right, too.
        """
        lines = [*table(self.results, self.baselines)]
        if self.live:
            models = {str(role): told for role, told in self.models.items()}
            lines = [*report(self.results, machine(), made, models, self.skipped)]
        elif self.skipped:
            lines += ["", *(f"Not scored: {name}: {why}." for name, why in self.skipped.items())]
        if misses:
            lines += ["", *told_misses(self.results)]
        say("\n".join(lines))
        for line in self.fallen:
            say_line(f"below its baseline: {line}", aside=True)


def evaluate_all(wish: Wish) -> Told:
    """Run what is wished for.

    Raises:
        BadInput: a name, a model or a data set can't be used, or no model is there with ``live``.
    """
    sets, settings = _chosen(wish), _settings(wish)
    cast, skipped, most = cast_of(settings), dict[str, str](), wish.most
    if wish.live:
        sets, skipped = playable(sets, cast)
        most = most or LIVE_ITEMS
    results = []
    for one in sets:
        if one.needs_dataset and wish.dataset is None:
            skipped[one.name] = f"it needs {one.needs_dataset} (--dataset)"
            continue
        chairs = Chairs(settings, cast.models)
        results.append(run(one, chairs, wish.dataset, most, wish.upload, _Progress(one.name)))
    if not wish.names and not wish.live:
        slow = [name for name, one in SETS.items() if not one.quick]
        skipped |= {name: f"it takes longer; ask for it by `grym eval {name}`" for name in slow}
    return Told(
        results=tuple(results),
        baselines={one.name: baseline_of(one) for one in results},
        models={role: identity(spec, settings) for role, spec in cast.models.items()},
        skipped=skipped,
        live=wish.live,
    )


def _chosen(wish: Wish) -> list[EvalSet]:
    unknown = [one for one in wish.names if one not in SETS and one != ALL]
    if unknown:
        raise BadInput(
            f"looking for the set {unknown[0]}",
            "there is none of this name",
            f"Name one of {', '.join(SETS)}, or {ALL}",
        )
    if wish.dataset is not None and (len(wish.names) != 1 or ALL in wish.names):
        raise BadInput(
            "reading the data set", "it is not said which set it is for", "Name exactly one set"
        )
    if ALL in wish.names or (wish.live and not wish.names):
        return [*SETS.values()]
    if not wish.names:
        return [one for one in SETS.values() if one.quick]
    return [SETS[name] for name in dict.fromkeys(wish.names)]


def _settings(wish: Wish) -> Settings:
    """With no word of models, instruments; with some, those and instruments for the rest."""
    if wish.live or wish.profile is not None:
        return make_settings(None, wish.models, wish.profile)
    named = read_choice(wish.models).models
    rest = [f"{role}={INSTRUMENTS}" for role in ROLES if role not in named]
    return make_settings(None, (*wish.models, *rest), "instruments")


class _Progress:
    """One line on a terminal's standard error, written over and over."""

    def __init__(self, name: str) -> None:
        self._name, self._shown = name, sys.stderr.isatty()
        self._stream = sys.stderr

    def __call__(self, done: int, of: int) -> None:
        if self._shown:
            end = "\r" if done < of else "\n"
            print(f"{self._name}: {done} of {of}", end=end, file=self._stream, flush=True)
