from pathlib import Path

import pytest

from agents.roles.models import Role
from evals.sets.baselines import BASELINES, Baseline, baseline_of, fallen, keep
from evals.sets.figures import Figure
from evals.sets.registry import SETS
from evals.sets.running import SetResult
from grym_synth.errors import BadInput


def result(score: float, digest: str = "same", models: dict[Role, str] | None = None) -> SetResult:
    return SetResult(
        name="routing", headline="both", dataset="", digest=digest, items=100,
        models=models or {}, figures={"both": Figure(score=score, noise=0.03, n=100)}, misses=(),
        faults=0, seconds=1, cpu_seconds=1, answers=0, tokens_in=0, tokens_out=0, stood_in=(),
    )  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    keep(result(0.90), "2026-01-01", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("score", "fails"), [(0.95, False), (0.90, False), (0.871, False),
                                              (0.869, True), (0.5, True)])  # fmt: skip
def test_a_score_fails_when_it_falls_by_more_than_the_noise(
    kept: Path, score: float, fails: bool
) -> None:
    now = result(score)

    assert bool(fallen(now, baseline_of(now, kept))) is fails


def test_a_figure_that_is_gone_fails(kept: Path) -> None:
    now = result(0.9).model_copy(update={"figures": {}})

    assert "gone" in fallen(now, baseline_of(now, kept))[0]


def test_other_items_and_models_are_not_held_against_the_baseline(kept: Path) -> None:
    assert baseline_of(result(0.1, digest="others"), kept) is None
    assert baseline_of(result(0.1, models={"supervisor": "ollama:x"}), kept) is None


def test_a_model_s_score_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a model took part"):
        keep(result(0.9, models={"supervisor": "ollama:x"}), "2026-01-01", tmp_path)


@pytest.mark.parametrize("path", sorted(BASELINES.glob("*.json")), ids=lambda path: path.stem)
def test_a_committed_baseline_belongs_to_a_set_and_says_how_it_was_made(path: Path) -> None:
    held = Baseline.model_validate_json(path.read_text(encoding="utf-8"))

    assert held.name == path.stem
    assert SETS[held.name].headline in held.figures
    assert held.made.startswith(f"grym eval {held.name}")
    assert all(one.noise > 0 for one in held.figures.values())
