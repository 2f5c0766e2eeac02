"""The live parts behind the nodes, made once per store and never kept in state."""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import get_args

from langgraph.store.base import BaseStore

from agents.boss.boss import Boss, is_lost
from agents.coder import Coder
from agents.coding.approval import Approving, Policy
from agents.coding.author import Author
from agents.gama import Gama
from agents.hearing.listening import Ear
from agents.qwen_vl import QwenVl
from agents.roles.casting import Casting
from agents.roles.models import INSTRUMENTS, Choice, Role
from agents.sandbox.choose import open_runner
from agents.seeing.onlooker import Onlooker
from agents.supervisor import Supervisor
from agents.turn.announcing import AnnouncedModel
from agents.turn.events import Tell
from agents.turn.patience import PatientModel
from agents.turn.scheduling import rounds_of
from audio.assets import AssetStore
from grym_synth.errors import GrymError
from grym_synth.settings import Action, Settings
from grym_synth.tracing.spans import Tracing
from memory.context import AgentName, Artifact, Degraded, Event, Task
from memory.library.catalogue import FILE as LIBRARY_FILE
from memory.packing.token_budget import TokenCounter
from memory.repository import Repository
from memory.store import GrymStore
from models.base import ChatModel


def _unheard(event: Event) -> None:
    """Nobody waits for this turn."""


@dataclass(frozen=True)
class Terms:
    """What one run asked for, and who is told how it goes."""

    choice: Choice = field(default_factory=Choice)
    """The models that its roles shall have."""
    approval: Approving = "settings"
    """When a human must agree to what a model wrote."""
    model_seconds: float = float("inf")
    """Most time of a model in one step, in seconds; the settings may allow less."""
    tell: Tell = _unheard
    cancel: threading.Event = field(default_factory=threading.Event)
    """Set once the run is not wanted any more."""


Links = Callable[[str, tuple[Artifact, ...]], str]
"""Shows the files that a turn of a project made, as Markdown, where a reader can open them."""


def _unlinked(project: str, artifacts: tuple[Artifact, ...]) -> str:
    """Nothing: they are handed over in another way."""
    return ""


@dataclass(frozen=True)
class Deps:
    """What the nodes call."""

    settings: Settings
    assets: AssetStore
    repository: Repository
    supervisor: Supervisor
    gama: Gama
    qwen_vl: QwenVl
    coder: Coder
    store: GrymStore
    casting: Casting
    """Which model each role has."""
    links: Links = _unlinked
    """What an answer says of the files that its turn made."""
    tracing: Tracing | None = None
    """Who sends traces of its turns; None for nobody."""

    @property
    def is_served(self) -> bool:
        """Whether a server runs the turns, for people who are not at this machine."""
        return self.links is not _unlinked

    def scratch(self, task: str) -> AssetStore:
        """Where the stages of one workflow leave what only later ones need.

        Args:
            task: the id of its task.
        """
        return AssetStore(self.settings.home_path / "scratch" / task, self.settings.limits)

    def discard(self, task: str) -> None:
        """Remove what the stages of a workflow that has reported left for one another."""
        shutil.rmtree(self.settings.home_path / "scratch" / task, ignore_errors=True)

    def boss(self, degraded: Sequence[Degraded], terms: Terms) -> Boss | None:
        """The supervisor's model in its chair, for one step; None where instruments work alone.

        Args:
            degraded: what this turn runs on less than was wanted; a model that was lost is not
                asked again.
            terms: what the run asked for.
        """
        spec = self.casting.standing("supervisor", terms.choice, degraded)
        model = None if is_lost(degraded) else self.casting.open(spec)
        if model is None:
            return None
        seconds = min(terms.model_seconds, self.settings.model_seconds)
        hears = self.casting.part("gama", terms.choice).used != INSTRUMENTS
        return Boss(self._told(model, "supervisor", terms), seconds, terms.cancel, hears)

    def ear(self, terms: Terms) -> Ear | None:
        """The models that listen, for one step; None where instruments work alone.

        Args:
            terms: what the run asked for.
        """
        part = self.casting.part("gama", terms.choice)
        if part.wanted == INSTRUMENTS:
            return None
        seconds = min(terms.model_seconds, self.settings.model_seconds)
        ear = Ear(
            None, self.casting.transcriber, seconds=seconds, tell=terms.tell, cancel=terms.cancel
        )
        try:
            ear.model = self.casting.open_ear(part.used)
        except GrymError as fault:
            ear.lose(part.used, fault)
        return ear if ear.model or ear.transcriber or ear.degraded else None

    def onlooker(self, terms: Terms) -> Onlooker | None:
        """The model that sees, for one step; None where instruments work alone.

        Args:
            terms: what the run asked for.
        """
        part = self.casting.part("qwen_vl", terms.choice)
        if part.used == INSTRUMENTS:
            return None
        seconds = min(terms.model_seconds, self.settings.model_seconds)
        onlooker = Onlooker(part.used, seconds=seconds, tell=terms.tell, cancel=terms.cancel)
        try:
            onlooker.model = self.casting.open_eyes(part.used)
        except GrymError as fault:
            onlooker.lose(part.used, fault)
        return onlooker

    def counter(self, agent: AgentName, terms: Terms) -> TokenCounter | None:
        """Who counts tokens as the model of an agent does: gama's, by its own tokenizer.

        The other specialists' models are served, and count no better than the estimate.

        Args:
            agent: the agent.
            terms: what the run asked for.
        """
        spec = self.casting.part("gama", terms.choice).used if agent == "gama" else INSTRUMENTS
        try:
            return self.casting.open_ear(spec)
        except GrymError:
            return None

    def author(self, terms: Terms) -> Author | None:
        """The model that writes code, for one task; None where there is none.

        Args:
            terms: what the run asked for.
        """
        spec = self.casting.part("coder", terms.choice).used
        model = self.casting.open(spec)
        if model is None:
            return None
        seconds = min(terms.model_seconds, self.settings.model_seconds)
        return Author(self._told(model, "coder", terms), seconds, terms.cancel)

    def policy(self, terms: Terms) -> Policy:
        """What needs a human's yes in one run.

        Args:
            terms: what the run asked for; it can't ask for less than the settings.
        """
        always = terms.approval == "always"
        asks = get_args(Action) if always else self.settings.needs_approval
        may_ask = terms.approval != "never"
        return Policy(frozenset(asks), self.settings.out, may_ask, self.is_served)

    def ordered(
        self, tasks: Sequence[Task], planned: tuple[Task, ...], terms: Terms
    ) -> tuple[Task, ...]:
        """The tasks of a round in an order in which models are loaded as rarely as can be.

        Args:
            tasks: those that can run now, the most urgent first; stays so where it costs nothing.
            planned: all of the turn.
            terms: what the run asked for.
        """

        def spec(role: Role) -> str:
            return self.casting.part(role, terms.choice).used

        stages = list[frozenset[str]]()
        for each in rounds_of(planned):
            stages += [frozenset(spec(one.agent) for one in each), frozenset({spec("supervisor")})]
        places = {name: place for place, name in reversed([*enumerate(self.casting.order(stages))])}
        return tuple(sorted(tasks, key=lambda one: places.get(spec(one.agent), -1)))

    def _told(self, model: ChatModel, node: str, terms: Terms) -> AnnouncedModel:
        """A model that has patience with its server, and of which the user is told."""
        patient = PatientModel(model, node, terms.tell)
        return AnnouncedModel(patient, node, terms.tell, self.casting.presence.is_loaded)

    def degraded(self, terms: Terms) -> tuple[Degraded, ...]:
        """What a turn that begins now has less than was wanted: models, and the memory's index."""
        missing = self.casting.degraded(terms.choice)
        return missing + ((self.store.degraded,) if self.store.degraded else ())


_LIVE: dict[BaseStore, Deps] = {}
_STARTING = threading.Lock()


@contextmanager
def open_deps(settings: Settings, store: GrymStore, links: Links = _unlinked) -> Iterator[Deps]:
    """Build the live parts around a store and keep them for its runs until the block ends.

    Args:
        settings: the process's.
        store: the memory.
        links: shows what a turn made, where answers are read in a browser.
    """
    with ExitStack() as held:
        made = replace(_make_deps(settings, store), links=links, tracing=_tracing(settings, held))
        _LIVE[store] = made
        held.callback(_LIVE.pop, store)
        store.begin_searching()
        yield made


def _tracing(settings: Settings, held: ExitStack) -> Tracing | None:
    """Who sends traces until the stack is left, where the user wants any."""
    if settings.tracing.to == "nowhere":
        return None
    from grym_synth.tracing.sending import sending  # 80 ms of OpenTelemetry

    return held.enter_context(sending(settings))


def served_tracing() -> Tracing | None:
    """Who sends traces where a server runs the graph: its process has one home."""
    return next((deps.tracing for deps in _LIVE.values()), None)


def live(store: BaseStore | None) -> Deps:
    """The live parts of the store that this run was given; without one, memory in the process."""
    found = _LIVE.get(store) if store is not None else None
    if found is not None:
        return found
    with _STARTING:
        return _in_process()


def _make_deps(settings: Settings, store: GrymStore) -> Deps:
    assets = AssetStore(settings.home_path / "assets", settings.limits)
    return Deps(
        settings=settings,
        assets=assets,
        repository=Repository(store),
        supervisor=Supervisor(settings.max_tasks),
        gama=Gama(assets, settings.home_path / LIBRARY_FILE),
        qwen_vl=QwenVl(assets),
        coder=Coder(
            assets,
            open_runner,
            settings.script_seconds,
            Policy(frozenset(settings.needs_approval), settings.out),
        ),
        store=store,
        casting=Casting(settings),
    )


@cache
def _in_process() -> Deps:
    """Parts whose memory ends with the process."""
    home = Path(tempfile.mkdtemp(prefix="grym-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return _make_deps(Settings(home=home), GrymStore())
