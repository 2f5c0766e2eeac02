import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from grym_synth.errors import Cancelled, ModelFault, NotEnoughMemory
from models.residency.manager import Residency
from models.residency.words import GIB, Footprint


class Card:
    """A device that notices when more is loaded than it has."""

    def __init__(self, gib: float) -> None:
        self.size = int(gib * GIB)
        self.loaded: dict[str, int] = {}
        self.lock = threading.Lock()
        self.overflown = False
        self.loads = 0

    def budget(self, ours: Iterable[str]) -> int:
        return self.size


class Weights:
    """A model of the card."""

    def __init__(self, card: Card, name: str, gib: float, *, broken: bool = False) -> None:
        self.card, self.name, self.size, self.broken = card, name, int(gib * GIB), broken
        self.answering = 0

    def footprint(self) -> Footprint:
        return Footprint(self.name, self.size, 0.01)

    def load(self) -> None:
        time.sleep(0.005)
        if self.broken:
            raise ModelFault(f"loading {self.name}", "its file is damaged", "Fetch it anew")
        with self.card.lock:
            self.card.loads += 1
            self.card.loaded[self.name] = self.size
            self.card.overflown |= sum(self.card.loaded.values()) > self.card.size

    def unload(self) -> None:
        assert not self.answering
        with self.card.lock:
            del self.card.loaded[self.name]


def test_many_threads_share_a_device_that_is_too_small_for_all_their_models() -> None:
    card = Card(20)
    models = [Weights(card, name, gib) for name, gib in [("a", 9), ("b", 8), ("c", 12), ("d", 3)]]
    residency = Residency(card)

    def ask(number: int) -> str:
        model = models[number * 7 % 4]
        with residency.lease(model, seconds=60):
            model.answering += 1
            assert model.name in card.loaded
            time.sleep(0.001)
            model.answering -= 1
        return model.name

    with ThreadPoolExecutor(16) as pool:
        answered = [*pool.map(ask, range(120))]
    assert len(answered) == 120
    assert not card.overflown


def test_what_never_fits_is_refused_at_once_with_what_would() -> None:
    residency = Residency(Card(8))
    with (
        pytest.raises(NotEnoughMemory, match=r"13\.0 GiB and 8\.0 GiB are there.*smaller"),
        residency.lease(Weights(Card(8), "gama", 13)),
    ):
        pass


def test_who_waits_too_long_is_told_who_has_the_memory() -> None:
    card = Card(16)
    residency = Residency(card)
    told: list[str] = []
    with (
        residency.lease(Weights(card, "boss", 10)),
        pytest.raises(NotEnoughMemory, match=r"boss \(10\.0 GiB\) still had the memory"),
        residency.lease(Weights(card, "gama", 13), seconds=0.2, tell=told.append),
    ):
        pass
    assert told == ["waiting for 13.0 GiB for gama; boss (10.0 GiB) answers"]


def test_a_wait_can_be_cancelled_and_leaves_the_queue() -> None:
    card, cancel = Card(16), threading.Event()
    residency = Residency(card)
    with residency.lease(Weights(card, "boss", 10)):
        cancel.set()
        with (
            pytest.raises(Cancelled),
            residency.lease(Weights(card, "gama", 13), cancel=cancel),
        ):
            pass
        with residency.lease(Weights(card, "small", 5), seconds=2):
            assert set(card.loaded) == {"boss", "small"}


def test_a_model_that_does_not_load_fails_for_all_who_wait_and_frees_its_memory() -> None:
    card = Card(16)
    residency = Residency(card)
    broken = Weights(card, "gama", 13, broken=True)
    for _ in range(2):
        with pytest.raises(ModelFault, match="damaged"), residency.lease(broken, seconds=5):
            pass
    with residency.lease(Weights(card, "boss", 10), seconds=5):
        assert residency.loaded() == ("boss",)


def test_a_queue_that_is_full_refuses_more() -> None:
    card = Card(16)
    residency = Residency(card, most_waiting=0)
    with (
        pytest.raises(NotEnoughMemory, match="already wait"),
        residency.lease(Weights(card, "boss", 10)),
    ):
        pass
