import pytest

from tests.hostile_text import obeying
from tests.hostile_text.payloads import PAYLOADS, payload
from tests.hostile_text.world import QUESTION, World


@pytest.mark.parametrize("words", PAYLOADS)
def test_an_order_in_a_note_is_told_to_later_turns_as_a_note(world: World, words: str) -> None:
    order = payload(words, world.port)
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    with world.studio(supervisor=model) as studio:
        world.check(studio.ask(f"Note that the file says: {order}"), studio)
        clip = world.taken(studio, world.clip())
        result = studio.ask(QUESTION, [clip])
        world.check(result, studio)

    assert [one.value for one in result.findings if one.aspect == "key"][-1] == "A minor"


@pytest.mark.parametrize("words", ["delimiter", "template", "terminal", "script"])
@pytest.mark.parametrize("said", ["Our style is {}", "The goal is {}", "Our word mulmig means {}"])
def test_an_order_in_a_setting_is_a_setting(world: World, said: str, words: str) -> None:
    order = payload(words, world.port)
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    with world.studio(supervisor=model) as studio:
        world.check(studio.ask(said.format(order.replace("\n", " "))))
        world.check(studio.ask(QUESTION, [world.taken(studio, world.clip())]))
        assert studio.deps.repository.notes("other")
