"""A ready studio by one call: the graph with its memory, checkpoints and live parts.

with open_studio(home) as studio:
    state = studio.graph.invoke({"messages": [("user", "…")]}, studio.config("default", "main"))
"""

import gc
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from pydantic import JsonValue

from agents.roles.models import Choice
from audio.assets import AssetRef
from audio.media import AssetKind
from graph.app import builder
from graph.deps import Deps, open_deps
from graph.state import Context, State
from grym_synth.answered import Answer, both
from grym_synth.approving import (
    Decide,
    answered,
    check_author,
    decision_in,
    leave_open,
    replying,
    told_open,
)
from grym_synth.errors import BadInput, HomeLocked
from grym_synth.result import (
    Deliver,
    TurnResult,
    check_folder,
    deliver,
    show_finding,
    show_task,
)
from grym_synth.settings import Settings
from grym_synth.streaming import streamed
from grym_synth.turns import TurnGraph
from memory.checkpoints import TurnSaver, open_saver
from memory.context import Event, Order, WorkflowName
from memory.databases import servers_of
from memory.filing.names import check_name
from memory.recall.beliefs import Beliefs
from memory.repository import Repository
from memory.shelf.undoing import Undone
from memory.storage.locks import HomeLock
from memory.store import GrymStore, open_store
from nodes.attachments import reference_block
from nodes.tracing import TurnTrace

Given = str | Path | tuple[Path, AssetKind | None]
"""A file to attach; without a kind its suffix tells what it is."""


@dataclass(frozen=True)
class Studio:
    """A home that this process owns until the studio is closed."""

    home: Path
    settings: Settings
    graph: TurnGraph
    """The compiled graph: one turn at a time per thread, unfinished work first."""
    deps: Deps

    def config(self, project: str, thread: str) -> RunnableConfig:
        """The configuration of one thread of a project."""
        return {"configurable": {"thread_id": f"{project}/{thread}"}}

    def attach(self, files: Iterable[Given]) -> tuple[AssetRef, ...]:
        """Take files into the asset store, all or none.

        Args:
            files: paths, or paths with the kind that they are meant to be.

        Raises:
            MediaRejected: one of them can't be used.
        """
        given = [one if isinstance(one, tuple) else (Path(one), None) for one in files]
        for path, kind in given:
            self.deps.assets.inspect(path, kind)
        return tuple(self.deps.assets.add(path, kind) for path, kind in given)

    def ask(
        self,
        request: str,
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        thread: str = "main",
        resume: bool = False,
        order: Order | None = None,
        out: Path | None = None,
        on_event: Callable[[Event], None] = lambda event: None,
        on_answer: Callable[[TurnResult], None] = lambda result: None,
        cancel: threading.Event | None = None,
        decide: Decide = leave_open,
        choice: Choice = Choice(),  # noqa: B008  (it is frozen)
        handing: Deliver = deliver,
    ) -> TurnResult:
        """Run one turn and deliver what it made.

        Args:
            request: what the user says; may be empty when ``resume``.
            attachments: stored assets that belong to the request.
            project: whose memory is used.
            thread: the conversation within the project.
            resume: go on with what this thread left unfinished or waiting.
            order: a workflow to run with the attachments; the same one, where it was cut off, goes
                on where it was.
            out: where named copies of artifacts go; by default the settings' folder.
            on_event: called with each thing that happens: plans, tasks, retries, models that load
                or think, each node's start and end.
            on_answer: called once with the result, as soon as it stands; a model in the
                supervisor's chair may go on to write the project's summaries.
            cancel: stops the turn once it is set, as Ctrl-C does; it can be resumed. When the
                answer stands already, only the summaries are left out.
            decide: says whether code that a model wrote may run; by default the turn waits, and
                goes on with ``resume`` or a request that says yes or no.
            choice: the models of this turn, of those that a run may choose.
            handing: how artifacts are handed over; by default by copies in ``out``.

        Raises:
            BadInput: there is nothing to resume, a model that may not be chosen, or code that waits
                while the coder has no model.
            BadInput: the folder for results can't be written, or a name is no name.
            ThreadBusy: a turn is running on this thread.
            Cancelled: ``cancel`` was set.
        """
        began = time.monotonic()
        check_place(project, thread)
        check_folder(out or self.settings.out)
        config = self.config(project, thread)
        context = self._context(project, choice)
        unfinished = self.graph.is_unfinished(config)
        says_nothing = not request.strip() and not attachments
        if unfinished and order is not None:
            says_nothing = _is_begun(self.graph.values(config), order, attachments)
        if resume and says_nothing and not unfinished and not _waits(self.graph.values(config)):
            raise BadInput(
                f"resuming thread {thread} of project {project}",
                "nothing there is unfinished or waiting",
                "Ask something",
            )

        open_ = self.graph.approvals(config)
        reply = decision_in(request) if open_ and not attachments else None
        if open_ and (says_nothing or reply is not None):
            check_author(open_, self.deps.casting.part("coder", choice).used, thread)
        says = decide if says_nothing else replying(reply, open_, decide)

        def run(given: State | None, watch: Callable[[Event], None]) -> State:
            state = self.graph.run(given, config, context, watch, cancel)
            while go_on := answered(self.graph.approvals(config), says):
                state = self.graph.run(go_on, config, context, watch, cancel)
            return state

        def result(state: State) -> TurnResult:
            return self._result(state, project, thread, out, began, handing)

        def standing() -> State:
            return self.graph.values(config)

        if unfinished and (says_nothing or reply is not None):
            answer = Answer(result, standing, on_event, on_answer)
            return answer.result(run(None, answer.watch))
        first = result(run(None, on_event)) if unfinished else None
        answer = Answer(lambda state: both(first, result(state)), standing, on_event, on_answer)
        content: list[str | dict[str, object]] = [{"type": "text", "text": request}]
        content += [reference_block(ref) for ref in attachments]
        given: State = {"messages": [HumanMessage(content)], "order": order}
        return answer.result(run(given, answer.watch))

    def stream(
        self,
        request: str,
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        thread: str = "main",
        out: Path | None = None,
    ) -> Generator[Event | TurnResult, None, None]:
        """A turn's events while it runs, then its result; see ``ask``.

        Who stops reading before the end cancels the turn, which can be resumed.
        """

        def turn(on_event: Callable[[Event], None], cancel: threading.Event) -> TurnResult:
            return self.ask(
                request, attachments, project=project, thread=thread, out=out,
                on_event=on_event, cancel=cancel,
            )  # fmt: skip

        yield from streamed(turn)

    def run(
        self,
        workflow: WorkflowName,
        parameters: Mapping[str, JsonValue],
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        out: Path | None = None,
        on_event: Callable[[Event], None] = lambda event: None,
        cancel: threading.Event | None = None,
    ) -> TurnResult:
        """Run a workflow in the thread of its name; one that was cut off goes on where it was.

        Args:
            workflow: ``compose``, ``master``, ``unpack`` or ``build``.
            parameters: such as ``brief`` (compose), ``targets`` (master), ``title`` (unpack) or
                ``spec`` (build).
            attachments: the files that it works on.
            project: whose memory is used.
            out: where the folder of results goes; by default the settings' folder.
            on_event: called with each thing that happens.
            cancel: stops it once it is set.

        Raises:
            BadInput: a parameter can't be understood.
            Cancelled: ``cancel`` was set.
        """
        order = Order(workflow=workflow, parameters=dict(parameters))
        says = f"{workflow} {parameters.get('brief') or parameters.get('spec') or ''}".strip()
        return self.ask(
            says, attachments, project=project, thread=workflow, order=order, out=out,
            on_event=on_event, cancel=cancel,
        )  # fmt: skip

    def project(self, name: str = "default") -> Beliefs:
        """What a project knows now: settings, sections, elements, files, findings, conflicts."""
        return self.deps.repository.as_of(name)

    def undo(self, project: str = "default", thread: str = "main") -> Undone:
        """Take back the last turn: what was said in it, and its place in the conversation.

        Measurements and files stay, and the history keeps the turn.

        Raises:
            BadInput: there is no turn, or one is not ended.
            ThreadBusy: a turn is running on this thread.
        """
        check_place(project, thread)
        turn = self.graph.drop_last(self.config(project, thread))
        return self.deps.repository.undo(project, thread, turn)

    def _context(self, project: str, choice: Choice) -> Context:
        """What a turn is run with: the settings' limits, and the models that it asks for."""
        return Context.model_validate(
            {
                "project": project,
                "max_rounds": self.settings.max_rounds,
                "max_tasks": self.settings.max_tasks,
                "model_seconds": self.settings.model_seconds,
                "models": choice.profile or "settings",
                **choice.limits,
                **{f"{role}_model": spec for role, spec in choice.models.items()},
            }
        )

    def _result(
        self,
        state: State,
        project: str,
        thread: str,
        out: Path | None,
        began: float,
        handing: Deliver,
    ) -> TurnResult:
        plan, folder = state.get("plan"), out or self.settings.out
        result = TurnResult(
            answer=str(state["messages"][-1].text),
            project=project,
            thread=thread,
            turn=state["context"].turn,
            tasks=tuple(map(show_task, state.get("tasks", ()))),
            findings=tuple(map(show_finding, state.get("findings", ()))),
            recommendations=state.get("recommendations", ()),
            conflicts=state.get("conflicts", ()),
            artifacts=handing(state.get("artifacts", ()), self.deps.assets, folder),
            slices=state.get("slices", ()),
            asks=plan.asks if plan else (),
            degraded=state.get("degraded", ()),
            seconds=round(time.monotonic() - began, 3),
        )
        open_ = self.graph.approvals(self.config(project, thread))
        return told_open(result, open_) if open_ else result


def check_place(project: str, thread: str) -> None:
    """Refuse names that no project or thread can have.

    Raises:
        BadInput: one of them is no name.
    """
    check_name(project)
    if not thread.strip() or not thread.isprintable():
        raise BadInput(f"opening thread {thread!r}", "it is no name", "Use letters and digits")


@contextmanager
def open_studio(
    home: Path | str | None = None, settings: Settings | None = None
) -> Iterator[Studio]:
    """Own a home, open its memory and checkpoints, and compile the graph over them.

    Raises:
        HomeLocked: another process owns this home.
    """
    settings = settings or Settings()
    if home is not None:
        settings = settings.model_copy(update={"home": Path(home)})
    place = settings.home_path
    with (
        HomeLock(place),
        closing(_open(settings)) as store,
        open_saver(place / "checkpoints.sqlite", servers_of(settings).database) as saver,
        open_deps(settings, store) as deps,
    ):
        _spare_collections()
        yield Studio(place, settings, _compile(saver, deps), deps)


@contextmanager
def open_memory(settings: Settings) -> Iterator[Repository]:
    """Own a home for its project memory alone.

    Raises:
        HomeLocked: another process owns this home.
    """
    place = settings.home_path
    with HomeLock(place), closing(_open(settings)) as store:
        yield Repository(store)


@contextmanager
def read_memory(settings: Settings) -> Iterator[Repository]:
    """Open a home's project memory to read it, beside its owner when another process has it.

    Raises:
        MemoryFault: its owner has not written anything yet, or the files can't be read.
    """
    place = settings.home_path
    with ExitStack() as held:
        try:
            held.enter_context(HomeLock(place))
            store = held.enter_context(closing(_open(settings)))
        except HomeLocked:
            store = held.enter_context(GrymStore.read_only(place, servers_of(settings)))
        yield Repository(store)


def _open(settings: Settings) -> GrymStore:
    return open_store(
        settings.home_path, settings.embedder, settings.ollama_url, servers_of(settings)
    )


@cache
def _spare_collections() -> None:
    """Keep the garbage collector away from what is there for good.

    A full collection looks at every object: 110 ms for the 200,000 of the libraries' modules and
    the compiled graph, in the middle of a turn; 12 ms for what turns make.
    """
    gc.freeze()


def _compile(saver: TurnSaver, deps: Deps) -> TurnGraph:
    compiled = builder.compile(checkpointer=saver, store=deps.store, name="grym")
    if (tracing := deps.tracing) is not None:
        compiled = compiled.with_config(callbacks=[TurnTrace(lambda: tracing)])
    check = deps.casting.check
    return TurnGraph(compiled, saver, deps.assets, lambda context: check(context.choice()))


def _is_begun(state: State, order: Order, attachments: Sequence[AssetRef]) -> bool:
    """Whether the turn that was cut off carried out an order with the same files."""
    context = state.get("context")
    ids = tuple(one.id for one in attachments)
    return context is not None and (context.order, context.attached) == (order, ids)


def _waits(state: State) -> bool:
    return any(task.status == "waiting" for task in state.get("tasks", ()))
