"""Let models answer token by token in turns, and time each token.

What one token takes is compared with what the other model's took right before, so that other load
on the machine counts for both.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Semaphore
from typing import cast

import torch
from torch import Tensor
from transformers import PreTrainedModel
from transformers.generation.streamers import BaseStreamer

_LONGEST_TURN_SECONDS = 600.0


def now() -> float:
    """Seconds, of the CPU where one thread does all the work, else of the wall clock."""
    one_thread = torch.get_num_threads() == 1 and not torch.cuda.is_available()
    return time.process_time() if one_thread else time.perf_counter()


@dataclass(frozen=True)
class Answer:
    """What one answer took, in seconds."""

    first: float
    """To its first token."""
    each: float
    """For each further token: the median."""


class _Clock(BaseStreamer):
    """Notes what each token takes; the first put is the prompt. After each, the other one works."""

    def __init__(self, mine: Semaphore, others: Semaphore) -> None:
        self._mine, self._others = mine, others
        self.times: list[float] = []

    def begin(self) -> None:
        """Wait for one's turn."""
        if not self._mine.acquire(timeout=_LONGEST_TURN_SECONDS):
            raise TimeoutError("the other model does not answer")
        self._since = now()

    def put(self, value: Tensor) -> None:
        """Note the time, and let the other one work."""
        self.times.append(now() - self._since)
        self._others.release()
        self.begin()

    def end(self) -> None:
        """Let the other one end as well."""
        self._others.release()

    @property
    def answer(self) -> Answer:
        """What all of it took."""
        prompt, first, *each = self.times
        return Answer(prompt + first, statistics.median(each))


def answered(
    asked: Sequence[tuple[PreTrainedModel, dict[str, Tensor]]], tokens: int
) -> tuple[Answer, ...]:
    """Let two models answer, each with so many tokens."""
    batons = [Semaphore(0) for _ in asked]
    clocks = [_Clock(mine, other) for mine, other in zip(batons, batons[::-1], strict=True)]

    def answer(model: PreTrainedModel, inputs: dict[str, Tensor], clock: _Clock) -> None:
        clock.begin()
        write = cast(Callable[..., Tensor], getattr(model, "generate"))  # noqa: B009
        write(
            **inputs,
            do_sample=False,
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            pad_token_id=0,
            streamer=clock,
        )

    with ThreadPoolExecutor(len(asked)) as pool:
        working = [
            pool.submit(answer, *one, clock) for one, clock in zip(asked, clocks, strict=True)
        ]
        batons[0].release()
        for one in working:
            one.result()
    return tuple(clock.answer for clock in clocks)
