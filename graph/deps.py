"""The live parts behind the nodes, made once per store and never kept in state."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

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


_LIVE: WeakKeyDictionary[BaseStore, Deps] = WeakKeyDictionary()


def make_deps(settings: Settings, home: Path, store: GrymStore) -> Deps:
    """Build the live parts around a store and remember them for it."""
    assets = AssetStore(home / "assets", settings.limits)
    deps = Deps(
        settings=settings,
        assets=assets,
        repository=Repository(store),
        supervisor=Supervisor(settings.max_tasks),
        gama=Gama(assets),
        qwen_vl=QwenVl(assets),
        coder=Coder(assets, open_runner, settings.script_seconds),
        store=store,
    )
    _LIVE[store] = deps
    return deps


def live(store: BaseStore | None) -> Deps:
    """The live parts of the store that this run was given; without one, memory in the process."""
    found = _LIVE.get(store) if store is not None else None
    return found or _in_process()


@cache
def _in_process() -> Deps:
    """Parts whose memory ends with the process."""
    home = Path(tempfile.mkdtemp(prefix="grym-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return make_deps(Settings(home=home), home, GrymStore())
