from pathlib import Path

from evals.routing import load, report, route


def test_scorer_counts_exact_sets_and_names_the_misses(tmp_path: Path) -> None:
    dataset = tmp_path / "set.jsonl"
    dataset.write_text(
        '{"request": "what is the tempo?", "audio": 1, "agents": ["gama"]}\n'
        '{"request": "what is the tempo?", "audio": 1, "agents": ["coder"], "asks": true}\n'
    )
    lines = list(report(route(load(dataset))))
    assert "exact       0.500" in lines
    assert "asks        0.500" in lines
    assert [line for line in lines if line.startswith("miss")] == [
        "miss 1a0i want [coder?] got [gama]: what is the tempo?"
    ]
