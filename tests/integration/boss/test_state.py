from graph.state import add_thoughts
from memory.context import Thought


def _thought(duty: str) -> Thought:
    return Thought(duty=duty, model="scripted:boss", thinking=f"about {duty}")


def test_thoughts_keep_their_order_and_a_replay_adds_none() -> None:
    plan, distil, answer = _thought("plan"), _thought("distil"), _thought("answer")

    held = add_thoughts((plan,), (distil, answer))

    assert held == (plan, distil, answer)
    assert add_thoughts(held, (distil,)) == held
    assert add_thoughts(add_thoughts((plan,), (distil,)), (answer,)) == add_thoughts(
        (plan,), add_thoughts((distil,), (answer,))
    )
