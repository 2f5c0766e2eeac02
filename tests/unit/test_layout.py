from importlib.metadata import packages_distributions

import pytest

OURS = ["graph", "nodes", "agents", "memory", "models", "audio", "prompts", "evals", "grym_synth"]


@pytest.mark.parametrize("package", OURS)
def test_no_other_distribution_ships_a_package_of_ours(package: str) -> None:
    owners = set(packages_distributions().get(package, []))
    assert owners <= {"grym-synth"}
