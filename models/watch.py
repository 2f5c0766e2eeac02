"""One call's time limits and its cancellation, which also end a read that blocks."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from grym_synth.errors import Cancelled, ModelTimeout
from models.base import Options

_POLL_SECONDS = 0.01


class Watch:
    """Watches one call from its start: cancelled, too late for its first token, too long in all."""

    def __init__(self, name: str, options: Options) -> None:
        """Begin to watch.

        Args:
            name: the model that is called, for the error's words.
            options: its time limits and its cancel event.
        """
        self._name, self._options, self._began = name, options, time.monotonic()
        self._first = False
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._stop()
        if self._thread is not None:
            self._thread.join()

    @property
    def seconds(self) -> float:
        """Since the call began."""
        return time.monotonic() - self._began

    @property
    def left_seconds(self) -> float:
        """Until the next limit; 0 when it has passed."""
        options = self._options
        limit = options.seconds if self._first else min(options.seconds, options.first_seconds)
        return max(0.0, limit - self.seconds)

    def token(self) -> None:
        """Take note that the model has begun to answer."""
        self._first = True

    def check(self) -> None:
        """Stop the call if it was cancelled or is too late.

        Raises:
            Cancelled: its cancel event is set.
            ModelTimeout: it had no first token, or no end, in time.
        """
        if self._options.cancel.is_set():
            raise Cancelled(f"asking {self._name}", "it was cancelled", "Ask again if you like")
        if self.left_seconds <= 0:
            waited = "end" if self._first else "first word"
            raise ModelTimeout(
                f"asking {self._name}",
                f"no {waited} came within {self.seconds:.0f} s",
                "Give it more time, a shorter request, or a smaller model",
            )

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than the call may last."""
        until = time.monotonic() + seconds
        while (rest := until - time.monotonic()) > 0:
            self._options.cancel.wait(min(rest, self.left_seconds))
            self.check()

    def unblock(self, stop: Callable[[], None]) -> None:
        """Have a blocked read ended by ``stop`` once the call is cancelled or late."""
        self._stop = stop
        if self._thread is None:
            self._thread = threading.Thread(target=self._guard, daemon=True)
            self._thread.start()

    def _guard(self) -> None:
        while not self._done.wait(_POLL_SECONDS):
            if self._options.cancel.is_set() or self.left_seconds <= 0:
                self._stop()


def _nothing() -> None:
    """Nothing blocks yet."""
