"""Small steps of work in a thread of their own, done while the process has nothing better to do."""

import atexit
import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 0.5
"""How long nothing may have been asked of the memory before work begins."""

GLANCE_SECONDS = 0.05
"""How long the process's use of the processor is watched before a step."""

RESTING = 0.1
"""Part of one core that a process at rest uses at most; on a crowded machine work gets no more than
a few times that."""

BUSY_SECONDS = 1.0
"""How long a step is put off while the process is at work; a busy process is not put off for ever,
or what waits would wait as long as it lives."""

LEAVE_SECONDS = 20.0
"""How long the process waits at its end for the step that is being done: Python aborts when native
code, such as a model that is being loaded, comes back to a process that is gone."""


class Background:
    """One daemon thread that steps until nothing is left, then sleeps until it is woken."""

    def __init__(self, step: Callable[[bool], bool], name: str) -> None:
        """Start nothing yet.

        Args:
            step: does a little; it is told whether the process rests, says whether more is left,
                and never raises.
            name: the thread's name.
        """
        self._step, self._name = step, name
        self._guard = threading.Lock()
        self._awake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._used = 0.0

    def wake(self) -> None:
        """Say that there is something to do, and that the process is at work now."""
        self._used = time.monotonic()
        with self._guard:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self._leave)
        self._awake.set()

    def stop(self, seconds: float) -> bool:
        """End the thread after the step that it is at, for good.

        Args:
            seconds: how long to wait for that step.

        Returns:
            Whether it has ended.
        """
        with self._guard:
            self._stop.set()
            self._awake.set()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        ended = not self._thread.is_alive()
        if ended:
            atexit.unregister(self._leave)
        return ended

    def _leave(self) -> None:
        self.stop(LEAVE_SECONDS)

    def _run(self) -> None:
        while True:
            self._awake.wait()
            self._awake.clear()
            more = True
            while more:
                resting = self._rests()
                if not resting:
                    self._stop.wait(BUSY_SECONDS)
                if self._stop.is_set():
                    return
                more = self._step(resting)

    def _rests(self) -> bool:
        """Whether the memory is not in use and the process leaves its processor alone."""
        while (quiet := self._used + QUIET_SECONDS - time.monotonic()) > 0:
            if self._stop.wait(quiet):
                return True
        began, before = time.monotonic(), time.process_time()
        self._stop.wait(GLANCE_SECONDS)
        used = time.process_time() - before
        return used < RESTING * (time.monotonic() - began)
