"""The live parts behind the nodes, made once per store and never kept in state."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from langgraph.store.base import BaseStore

from agents.coder import Coder
from agents.gama import Gama
from agents.models import missing_models
from agents.qwen_vl import QwenVl
from agents.sandbox.choose import open_runner
from agents.supervisor import Supervisor
from audio.assets import AssetStore
from grym_synth.settings import Settings
from memory.context import Degraded
from memory.repository import Repository
from memory.store import GrymStore


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

    def degraded(self) -> tuple[Degraded, ...]:
        """What runs on less than was wanted; nothing, when instruments were chosen by name."""
        by_hand = self.settings.models == "instruments"
        missing = () if by_hand else missing_models(self.settings.ollama_url)
        return missing + ((self.store.degraded,) if self.store.degraded else ())


_LIVE: dict[BaseStore, Deps] = {}
_STARTING = Lock()


@contextmanager
def open_deps(settings: Settings, store: GrymStore) -> Iterator[Deps]:
    """Build the live parts around a store and keep them for its runs until the block ends."""
    deps = _LIVE[store] = _make_deps(settings, store)
    try:
        yield deps
    finally:
        del _LIVE[store]


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
        gama=Gama(assets),
        qwen_vl=QwenVl(assets),
        coder=Coder(assets, open_runner, settings.script_seconds),
        store=store,
    )


@cache
def _in_process() -> Deps:
    """Parts whose memory ends with the process."""
    home = Path(tempfile.mkdtemp(prefix="grym-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return _make_deps(Settings(home=home), GrymStore())
