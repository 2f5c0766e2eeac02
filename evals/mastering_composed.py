"""Sessions of stems from songs that the studio composes and plays, in every style."""

from agents.composing.order import order_of
from agents.composing.planning import plan_of
from audio.composing.composer import compose
from audio.composing.styles import styles
from audio.synthesis.rendering import render
from audio.synthesis.stems import FULL_SCALE
from audio.synthesis.synthesiser import RATE_HZ, Synthesiser
from evals.mastering_stems import Made


def composed_session(seed: int) -> list[Made]:
    """The stems of eight bars: clean, each at its place in the mix.

    Args:
        seed: of the song, and which style it has.
    """
    names = sorted(styles())
    order = order_of(
        {
            "title": f"session {seed}",
            "style": names[seed % len(names)],
            "form": [{"kind": "verse", "bars": 4}, {"kind": "chorus", "bars": 4}],
            "seed": seed,
        }
    )
    made = render(compose(plan_of(order)), Synthesiser())
    return [
        Made(one.name.replace(" ", "-").lower(), RATE_HZ, one.samples.T / FULL_SCALE)
        for one in made.stems
    ]
