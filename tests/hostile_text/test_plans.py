import pytest

from tests.hostile_text import obeying
from tests.hostile_text.payloads import PAYLOADS, payload
from tests.hostile_text.world import QUESTION, World


@pytest.mark.parametrize("wish", obeying.plans(0))
def test_a_plan_that_obeys_an_order_reaches_nothing(world: World, wish: str) -> None:
    model = obeying.boss(
        world.script("boss"), obeying.plans(world.port)[wish], payload("done", world.port)
    )
    with world.studio(supervisor=model) as studio:
        result = studio.ask(QUESTION, [world.taken(studio, world.clip())])
        world.check(result, studio)

    assert [one.value for one in result.findings if one.aspect == "key"][-1] == "A minor"


@pytest.mark.parametrize("words", PAYLOADS)
def test_an_answer_that_obeys_an_order_does_nothing_where_it_is_shown(
    world: World, words: str
) -> None:
    model = obeying.boss(world.script("boss"), {"tasks": []}, payload(words, world.port))
    with world.studio(supervisor=model) as studio:
        clip = world.taken(studio, world.clip())
        result = studio.ask("Measure this mix", [clip])
        world.check(result, studio)
        world.check(studio.ask("What do you remember?", [clip]), studio)
