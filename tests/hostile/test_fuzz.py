"""A few hundred spoilt contents for each reader; ``make fuzz`` goes on for longer."""

import pytest

from tests.hostile.fuzz import fuzz
from tests.hostile.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_refuses_what_it_can_not_read(name: str) -> None:
    fuzz(TARGETS[name], tries=25, seed=7)
