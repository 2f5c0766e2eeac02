"""One place to ask: the studio that this process opens, or the server that owns the home now."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from typing_extensions import TypedDict, Unpack

from agents.roles.models import Choice, adopted
from audio.assets import AssetRef
from grym_synth import through
from grym_synth.approving import Decide
from grym_synth.errors import HomeLocked
from grym_synth.result import TurnResult
from grym_synth.server_note import server_of
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from grym_synth.through import Files
from memory.context import Event, Order

MakeOrder = Callable[[Sequence[AssetRef]], Order]
"""Makes the order of a workflow once its files are stored, since it names them by their ids."""


class Terms(TypedDict, total=False):
    """How a turn is run: see ``Studio.ask``."""

    project: str
    thread: str
    resume: bool
    on_event: Callable[[Event], None]
    on_answer: Callable[[TurnResult], None]
    decide: Decide


class Asks(Protocol):
    """Runs turns."""

    def __call__(
        self,
        request: str,
        files: Files = (),
        order: MakeOrder | None = None,
        **terms: Unpack[Terms],
    ) -> TurnResult:
        """Run one turn and deliver what it made."""
        ...


@contextmanager
def open_asking(settings: Settings, choice: Choice) -> Iterator[Asks]:
    """What asks in a home, as long as the block lasts.

    Args:
        settings: name the home.
        choice: the models that the user of this machine chose for these turns.

    Raises:
        HomeLocked: a process that takes no requests owns this home.
    """
    if server_of(settings.home_path) is not None:
        yield _through_server(settings, choice)
        return
    with open_studio(settings=adopted(settings, choice)) as studio:
        yield _in_studio(studio)


def _in_studio(studio: Studio) -> Asks:
    def ask(
        request: str,
        files: Files = (),
        order: MakeOrder | None = None,
        **terms: Unpack[Terms],
    ) -> TurnResult:
        refs = studio.attach(files)
        made = order(refs) if order is not None else None
        return studio.ask(request, refs, order=made, **terms)

    return ask


def _through_server(settings: Settings, choice: Choice) -> Asks:
    def ask(
        request: str,
        files: Files = (),
        order: MakeOrder | None = None,
        **terms: Unpack[Terms],
    ) -> TurnResult:
        result = through.ask(settings, request, files, order=order, choice=choice, **terms)
        if result is None:
            home = settings.home_path
            raise HomeLocked(f"asking in {home}", "its server has just ended", "Ask again")
        return result

    return ask
