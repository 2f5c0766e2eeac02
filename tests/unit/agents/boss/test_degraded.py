from agents.boss.boss import joined
from memory.context import Degraded


def _less(why: str, used: str = "instruments for a part") -> Degraded:
    return Degraded(role="supervisor", wanted="ollama:x", used=used, why=why)


def test_one_model_that_fails_at_several_duties_is_told_of_once() -> None:
    told = joined((*joined((_less("plan: empty"), _less("answer: empty"))), _less("plan: empty")))

    assert [one.why for one in told] == ["plan: empty; answer: empty"]


def test_a_model_that_is_lost_after_a_part_is_told_apart() -> None:
    assert len(joined((_less("plan: empty"), _less("it crashed", "instruments")))) == 2
