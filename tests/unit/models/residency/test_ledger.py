import os
import random

import pytest

from models.residency.ledger import Ledger
from models.residency.words import GIB, Footprint, Step, Ticket
from tests.unit.models.residency.simulation import Device, Request, random_requests

SEQUENCES = int(os.environ.get("GRYM_TEST_SEQUENCES", "10000"))


def play(seeds: range) -> None:
    for seed in seeds:
        budget, requests = random_requests(random.Random(seed))
        device = Device(Ledger(budget))
        device.play(requests)
        served = set(device.granted) | device.given_up
        assert served == set(range(len(requests))), f"somebody starved with seed {seed}"
        assert not device.ledger.queue


def test_no_sequence_of_requests_exceeds_the_budget_starves_anybody_or_stops_an_answer() -> None:
    play(range(2000))


@pytest.mark.long
def test_neither_do_ten_thousand_others() -> None:
    play(range(2000, 2000 + SEQUENCES))


def model(name: str, gib: float, load_seconds: float = 5.0) -> Footprint:
    return Footprint(name, int(gib * GIB), load_seconds)


def test_one_load_serves_all_who_ask_for_the_same_model() -> None:
    device = Device(Ledger(16 * GIB))
    device.play([Request(0.0, model("boss", 10), 1.0) for _ in range(8)])
    assert device.loads == 1


def test_a_stream_of_requests_for_a_loaded_model_does_not_keep_another_out() -> None:
    busy = [Request(0.5 * number, model("boss", 10), 1.0) for number in range(200)]
    device = Device(Ledger(16 * GIB))
    device.play([*busy, Request(3.2, model("gama", 13), 1.0)])
    assert device.granted[200] < 20


def test_who_comes_later_overtakes_with_memory_that_nobody_before_it_needs() -> None:
    ledger = Ledger(20 * GIB)
    device = Device(ledger)
    device.play(
        [
            Request(0.0, model("boss", 10), 60.0),
            Request(1.0, model("small", 5, 0.5), 60.0),
            Request(2.0, model("gama", 13), 1.0),
            Request(3.0, model("small", 5), 1.0),
        ]
    )
    assert device.granted[3] < device.granted[2]


def test_the_model_that_the_plan_needs_next_stays() -> None:
    ledger = Ledger(20 * GIB)
    device = Device(ledger)
    device.play([Request(0.0, model("old", 9), 1.0), Request(10.0, model("new", 9), 1.0)])
    ledger.habits.expect(["old"])
    device.play([Request(0.0, model("third", 9), 1.0)])
    assert set(ledger.held) == {"old", "third"}


def test_a_pinned_model_stays_and_what_does_not_fit_beside_it_is_refused() -> None:
    ledger = Ledger(20 * GIB, frozenset({"boss"}))
    Device(ledger).play([Request(0.0, model("boss", 10), 1.0)])
    assert not ledger.fits(Ticket(1, model("huge", 12)))
    Device(ledger).play([Request(0.0, model("gama", 9), 1.0)])
    assert set(ledger.held) == {"boss", "gama"}


def test_a_smaller_budget_unloads_idle_models_at_once() -> None:
    ledger = Ledger(20 * GIB)
    Device(ledger).play([Request(0.0, model("a", 9), 1.0), Request(9.0, model("b", 9), 1.0)])
    ledger.budget = 10 * GIB
    assert [one.do for one in ledger.steps()] == ["unload"]


def test_what_one_holds_itself_never_makes_room_for_it() -> None:
    ledger = Ledger(14 * GIB)
    ledger.ask(Ticket(1, model("gama", 13)))
    assert ledger.steps() == [Step("load", "gama")]
    ledger.loaded("gama")
    ledger.steps()
    assert not ledger.fits(Ticket(2, model("speech", 2), beside=frozenset({"gama"})))
