import asyncio
import threading

from grym_synth.web.events import MOST_CHARACTERS, MOST_EVENTS, EventLog, Told


def test_a_long_run_keeps_what_matters_and_lets_old_progress_go() -> None:
    log = EventLog()
    log.add("approval", {"id": "a"})
    for number in range(MOST_EVENTS + 500):
        log.add("event", {"text": str(number)})
    log.add("end", {"exit_code": 0}, last=True)
    log.add("event", {"text": "too late"})
    kept = log.after(0)

    assert len(kept) == MOST_EVENTS
    assert (kept[0].name, kept[-1].name) == ("approval", "end")
    assert [one.number for one in kept] == sorted({one.number for one in kept})


def test_large_events_do_not_fill_the_memory() -> None:
    log = EventLog()
    for _ in range(20):
        log.add("plan", {"text": "x" * (MOST_CHARACTERS // 10)})

    assert sum(len(one.data) for one in log.after(0)) <= MOST_CHARACTERS
    assert log.after(0)[-1].number == 20


def test_followers_on_several_loops_hear_everything_once_and_in_order() -> None:
    log, heard = EventLog(), list[list[Told]]()

    async def follow(after: int) -> None:
        heard.append([one async for one in log.follow(after, 0.05) if one is not None])

    followers = [threading.Thread(target=asyncio.run, args=(follow(at),)) for at in (0, 0, 100)]
    for one in followers:
        one.start()
    for number in range(500):
        log.add("event", {"text": str(number)})
    log.add("end", {}, last=True)
    for one in followers:
        one.join(20)

    assert sorted(len(one) for one in heard) == [401, 501, 501]
    assert all([one.number for one in each] == list(range(502 - len(each), 502)) for each in heard)
