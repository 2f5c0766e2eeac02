"""Turns that run behind the page: each in a thread of its own, some at once, none twice."""

import logging
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from langchain_core.messages import HumanMessage

from agents.coding.approval import Approval, Decision
from agents.roles.models import Choice
from audio.assets import AssetRef
from graph.state import State
from grym_synth.errors import BadInput, Cancelled, GrymError, ThreadBusy, UnknownName
from grym_synth.result import TurnResult
from grym_synth.studio import Studio, check_place
from grym_synth.web.approvals import (
    Sources,
    Verdicts,
    approval_json,
    decision_of,
    sources_of,
)
from grym_synth.web.choices import Choices
from grym_synth.web.events import EventLog
from grym_synth.web.telling import Json, fault_json, hand_over, result_json, task_json
from memory.context import Event, Order

MOST_AT_ONCE = 4
"""Turns that work at the same time; one that waits for a human doesn't count."""
MOST_WAITING = 32
"""Turns that may wait for others to end."""
KEPT = 20
"""Ended runs whose events can still be read."""

FAILED, WAITS, CANCELLED = 2, 3, 130
"""Exit codes as those of ``grym ask``."""

_LOOK_SECONDS = 0.2
"""How often a wait looks whether the run is still wanted."""
_BEFORE_PLAN = ("intake", "supervisor")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What a run is for."""

    project: str
    thread: str
    request: str = ""
    assets: tuple[AssetRef, ...] = ()
    choice: Choice = field(default_factory=Choice)
    order: Order | None = None
    resume: bool = False


class Run:
    """One turn with its events; also one that waits for a human since before the process."""

    def __init__(
        self, asked: Asked, studio: Studio, slots: threading.Semaphore, choices: Choices
    ) -> None:
        self.id = secrets.token_hex(16)
        self.asked = asked
        self.log = EventLog()
        self.cancel = threading.Event()
        self.state: Literal["parked", "running", "answered", "ended"] = "parked"
        self._studio, self._slots, self._choices = studio, slots, choices
        self._thread: threading.Thread | None = None
        self._deciding = threading.Condition()
        self._open: dict[str, Approval] = {}
        self._asked_json: dict[str, Json] = {}
        self._said: dict[str, Decision] = {}
        self._before: Sources = {}
        self._plan: Json = {}
        self._slices: dict[str, Json] = {}

    @property
    def alive(self) -> bool:
        """Whether its turn works, or waits for its place or for a human."""
        return self.state in ("running", "answered")

    @property
    def request(self) -> str:
        """What the user said; also where only the conversation knows that."""
        asked = self.asked
        if asked.request or not asked.resume:
            return asked.request
        config = self._studio.config(asked.project, asked.thread)
        return asked_last(self._studio.graph.values(config))

    def start(self, after: "Run | None" = None) -> None:
        """Let it work; ``after`` is a run of the same thread that is about to end."""
        self.state = "running"
        self._thread = threading.Thread(
            target=self._work, args=(after,), name=f"run-{self.id[:8]}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Have it end soon; what only waits for a human goes on waiting."""
        if self.alive:
            self.cancel.set()

    def join(self, seconds: float | None = None) -> None:
        """Wait for its end, for at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def approvals(self) -> list[Json]:
        """The questions that are open, the longest first."""
        with self._deciding:
            return [self._asked_json[id_] for id_ in self._open]

    def show(self, approval: Approval) -> None:
        """Put a question to whoever follows."""
        with self._deciding:
            if approval.digest in self._open:
                return
            told = self._asked_json[approval.digest] = approval_json(approval, self._before)
            self._open[approval.digest] = approval
            self._before = sources_of(approval)
        self.log.add("approval", told)

    def take(self, said: Verdicts) -> None:
        """Take the decision about an open question.

        Raises:
            BadInput: no such question is open, or it can't be answered like that.
        """
        with self._deciding:
            open_ = {id_: one for id_, one in self._open.items() if id_ not in self._said}
            id_ = said.id or next(iter(open_), "")
            if id_ not in open_:
                happened = "no such question is open in this run"
                raise BadInput("deciding", happened, "Load the conversation again")
            self._said[id_] = decision_of(said, open_[id_])
            self.log.add("decided", {"id": id_, "type": said.type})
            self._deciding.notify_all()

    def end(self, code: int) -> None:
        """Tell that nothing more will happen."""
        self.state = "ended"
        with self._deciding:
            self._open.clear()
        self.log.add("end", {"exit_code": code}, last=True)

    def _work(self, after: "Run | None") -> None:
        code = FAILED
        try:
            if after is not None:
                after.join()
            self._take_slot()
            try:
                code = self._ask().exit_code
            finally:
                self._slots.release()
            if code != WAITS:
                self._choices.drop(self.asked.project, self.asked.thread)
        except Cancelled:
            code = CANCELLED
        except GrymError as fault:
            self.log.add("error", fault_json(fault))
        except Exception as fault:  # noqa: BLE001  (the border of the process)
            _log.exception("run %s failed", self.id)
            happened = f"{type(fault).__name__}: {fault}"
            report = "This is a fault of grym: report it"
            self.log.add("error", {"tried": "running a turn", "happened": happened, "do": report})
        finally:
            self.end(code)

    def _ask(self) -> TurnResult:
        asked = self.asked
        return self._studio.ask(
            asked.request,
            asked.assets,
            project=asked.project,
            thread=asked.thread,
            resume=asked.resume,
            order=asked.order,
            out=self._studio.home,
            on_event=self._watch,
            on_answer=self._answer,
            cancel=self.cancel,
            decide=self._decide,
            choice=asked.choice,
            handing=hand_over,
        )

    def _take_slot(self) -> None:
        """Wait until few enough turns work.

        Raises:
            Cancelled: it is not wanted any more.
        """
        if not self._slots.acquire(blocking=False):
            waiting = Event(kind="waiting", node="studio", text="waiting for other turns to end")
            self.log.add("event", waiting.model_dump(mode="json", exclude_none=True))
            while not self._slots.acquire(timeout=_LOOK_SECONDS):
                if self.cancel.is_set():
                    raise Cancelled("waiting for other turns", "it was cancelled", "Ask again")

    def _watch(self, event: Event) -> None:
        self.log.add("event", event.model_dump(mode="json", exclude_none=True))
        if event.tokens is not None:
            handed = event.model_dump(mode="json", include={"task", "tokens", "kept", "dropped"})
            self._slices[event.task or event.node] = {"agent": event.node, **handed}
        if event.kind == "node_start" and event.node not in _BEFORE_PLAN:
            config = self._studio.config(self.asked.project, self.asked.thread)
            tasks = self._studio.graph.values(config).get("tasks", ())
            self._tell_plan([task_json(one) for one in tasks])

    def _tell_plan(self, tasks: Sequence[Json]) -> None:
        """Tell the tasks as they stand, and what their specialists were handed."""
        plan: Json = {"tasks": [*tasks], "slices": [*self._slices.values()]}
        if plan != self._plan:
            self._plan = plan
            self.log.add("plan", plan)

    def _answer(self, result: TurnResult) -> None:
        self.log.add("token", {"text": result.answer})
        self.log.add("result", result_json(self._studio.home, result, self._studio.deps.assets))
        self.state = "answered"

    def _decide(self, approval: Approval) -> Decision | None:
        """Wait for the page's decision; None once the run is not wanted any more."""
        self.show(approval)
        id_ = approval.digest
        self._slots.release()
        try:
            with self._deciding:
                while id_ not in self._said and not self.cancel.is_set():
                    self._deciding.wait(_LOOK_SECONDS)
                self._open.pop(id_, None)
                return self._said.pop(id_, None)
        finally:
            self._slots.acquire()


class Runs:
    """The runs of a studio: at most one works on each thread of a project."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._slots = threading.Semaphore(MOST_AT_ONCE)
        self._choices = Choices(studio.home)
        self._guard = threading.Lock()
        self._by_id: dict[str, Run] = {}
        self._by_thread: dict[tuple[str, str], Run] = {}
        self._closing = False

    def start(self, asked: Asked) -> Run:
        """Let a turn begin.

        Raises:
            BadInput: a name is none.
            ThreadBusy: one works on this thread, or too many wait already.
        """
        check_place(asked.project, asked.thread)
        with self._guard:
            if self._closing:
                raise _busy(asked, "the studio is ending")
            before = self._by_thread.get((asked.project, asked.thread))
            if before is not None and before.state == "running":
                raise _busy(asked, "a turn is running there")
            if sum(one.alive for one in self._by_id.values()) >= MOST_AT_ONCE + MOST_WAITING:
                raise _busy(asked, "too many turns wait already")
            if before is not None and before.state == "answered":
                before.stop()  # its answer stands: only summaries are left out
            elif before is not None and before.state == "parked":
                before.end(WAITS)
            if asked.resume and asked.choice == Choice():
                asked = replace(asked, choice=self._choices.of(asked.project, asked.thread))
            self._choices.keep(asked.project, asked.thread, asked.choice)
            run = self._keep(self._run(asked))
            run.start(before)
            return run

    def get(self, id_: str) -> Run:
        """The run of an id.

        Raises:
            UnknownName: there is none, or it ended long ago.
        """
        run = self._by_id.get(id_)
        if run is None:
            raise UnknownName("looking for a run", "there is none of that id", "Load it again")
        return run

    def standing(self, project: str, thread: str) -> Run | None:
        """What works or waits on a thread; what waited before this process began, too."""
        with self._guard:
            run = self._by_thread.get((project, thread))
            if run is not None and run.state != "ended":
                return run
            open_ = self._approvals(project, thread)
            if not open_:
                return None
            choice = self._choices.of(project, thread)
            parked = self._keep(self._run(Asked(project, thread, choice=choice, resume=True)))
            for approval in open_.values():
                parked.show(approval)
            return parked

    def decide(self, id_: str, said: Verdicts) -> None:
        """Take a decision; a turn that was parked goes on with it.

        Raises:
            UnknownName: there is no such run.
            BadInput: it asks nothing that could be answered like that.
        """
        run = self.get(id_)
        run.take(said)
        with self._guard:
            if run.state == "parked":
                run.start()

    def close(self, seconds: float) -> None:
        """Cancel what works, and wait for its end for at most so long; it can be resumed."""
        with self._guard:
            self._closing = True
        last = time.monotonic() + seconds
        alive = [one for one in self._by_id.values() if one.alive]
        for run in alive:
            run.stop()
        for run in alive:
            run.join(max(0.0, last - time.monotonic()))
        for run in self._by_id.values():
            if run.state == "parked":
                run.end(WAITS)

    def _run(self, asked: Asked) -> Run:
        return Run(asked, self._studio, self._slots, self._choices)

    def _approvals(self, project: str, thread: str) -> Mapping[str, Approval]:
        return self._studio.graph.approvals(self._studio.config(project, thread))

    def _keep(self, run: Run) -> Run:
        """Know a run from now on; the oldest ended ones are forgotten."""
        self._by_id[run.id] = run
        self._by_thread[run.asked.project, run.asked.thread] = run
        ended = [one for one in self._by_id.values() if one.state == "ended"]
        for old in ended[: max(0, len(ended) - KEPT)]:
            del self._by_id[old.id]
            place = (old.asked.project, old.asked.thread)
            if self._by_thread.get(place) is old:
                del self._by_thread[place]
        return run


def asked_last(state: State) -> str:
    """What the user said last in a conversation."""
    said = [one for one in state.get("messages", []) if isinstance(one, HumanMessage)]
    return str(said[-1].text) if said else ""


def _busy(asked: Asked, happened: str) -> ThreadBusy:
    return ThreadBusy(
        f"starting a turn on thread {asked.thread} of project {asked.project}",
        happened,
        "Wait for its answer, cancel it, or use another thread",
    )
