"""Feed our own readers with spoilt content for a while: nothing but a refusal may come of it.

``python -m tests.hostile.fuzz [--seconds 600] [--seed N] [TARGET …]`` prints each content that is
neither read nor refused, made as short as it can be, and exits with 1 where there is one.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.hostile.targets import TARGETS, Target, tried

ROUND = 150
"""Tries before the next target has its turn."""
LONGEST_SECONDS = 5.0
"""A content of a few kilobytes may keep a reader so long, of CPU time."""
_BITS = (
    b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"-1", b"0", b"9" * 400, b"1e999", b"NaN", b"-0",
    b"\xe2\x80\xae", b"\xed\xa0\x80", "½²٣万".encode(), b"<", b"&", b'"', b"[" * 300, b"{", b"\n",
    b"|", b" ", b":", b"/", b"%", b"#", b"b" * 300, b"../", b"\x1b[2J",
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """True content with some pieces cut, doubled, moved or put in; now and then just anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(_utf8)))
    content = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        piece = content[start:end]
        other = draw(st.integers(0, len(content)))
        match draw(st.integers(0, 4)):
            case 0:
                content = content[:start] + content[end:]
            case 1:
                content = content[:start] + piece * draw(st.integers(2, 60)) + content[end:]
            case 2:
                content = content[:other] + piece + content[other:]
            case 3:
                content = content[:start] + draw(st.sampled_from(_BITS)) + content[end:]
            case _:
                content = content[:start] + draw(st.binary(max_size=8)) + content[end:]
    return content


def fuzz(target: Target, tries: int, seed: int) -> None:
    """Try one reader.

    Args:
        target: the reader.
        tries: how many contents.
        seed: others give others.

    Raises:
        Exception: what came out of it, for the shortest content that brings it about.
    """

    @seeded(seed)
    @settings(
        max_examples=tries, deadline=None, database=None, suppress_health_check=[*HealthCheck],
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(spoilt(target.seeds))
    def run(content: bytes) -> None:
        began = time.process_time()
        tried(target, content)
        assert time.process_time() - began < LONGEST_SECONDS, "it takes too long"

    run()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def main() -> None:
    """Fuzz until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", default=[*TARGETS])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ends, seed, found = time.monotonic() + asked.seconds, asked.seed, set[str]()
    rounds = dict.fromkeys(asked.targets, 0)
    while time.monotonic() < ends and len(found) < len(rounds):
        for name in [one for one in rounds if one not in found]:
            try:
                fuzz(TARGETS[name], ROUND, seed)
            except Exception as fault:  # noqa: BLE001  (whatever it is, it is told)
                found.add(name)
                print(f"{name}: {type(fault).__name__}: {fault}", *fault.__notes__, sep="\n")
            rounds[name] += 1
        seed += 1
    print({name: ROUND * count for name, count in rounds.items()}, "tries")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
