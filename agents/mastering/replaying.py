"""Go a chain again: the same inputs and the same chain give the same bytes."""

from collections.abc import Callable
from pathlib import Path

from agents.mastering.encoding import encode
from agents.mastering.rendering import rendered
from agents.mastering.sounds import keep_sound, open_sound, sum_of
from agents.mastering.steps import Chain


def replay(chain: Chain, source: Callable[[str], Path], out: Path) -> tuple[Path, ...]:
    """Make the masters of a chain anew.

    Args:
        chain: as it was written to ``chain.json``.
        source: where an input lies, by its SHA-256.
        out: an empty folder; intermediate files are written there too.

    Returns:
        The masters, in the order of the chain.
    """
    stems = []
    for number, stem in enumerate(chain.stems):
        sound = open_sound(source(stem.source))
        if stem.steps:
            sound = keep_sound(out / f"stem-{number}.wav", rendered(sound, stem.steps))
        stems.append(sound)
    mix = keep_sound(out / "mix-float.wav", rendered(sum_of(stems), chain.mix))
    toned = keep_sound(out / "toned-float.wav", rendered(mix, chain.tone)) if chain.tone else mix
    made = []
    for master in chain.masters:
        path = out / master.encoding.name
        encode(path, rendered(toned, master.steps), master.encoding)
        made.append(path)
    return tuple(made)
