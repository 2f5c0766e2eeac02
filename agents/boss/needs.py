"""Which task waits for which, and that none waits for itself."""

from collections.abc import Sequence

from agents.boss.tasks import Planned
from agents.boss.verdict import Verdict
from memory.context import Task


def needs_of(planned: Sequence[Planned], verdict: Verdict) -> list[tuple[int, ...]]:
    """For each task the places of those that it needs."""
    by_number = {number: place for place, one in enumerate(planned) for number in one.numbers}
    by_draft = {one.draft: place for place, one in enumerate(planned) if one.draft}
    found: list[tuple[int, ...]] = []
    for place, one in enumerate(planned):
        places = [by_draft[number] for number in one.on_drafts if number in by_draft]
        for number in one.needs:
            if number not in by_number:
                verdict.fault(f"task {one.numbers[0]}", f"there is no task {number} to wait for")
            elif by_number[number] == place:
                verdict.repair(f"task {number}", "no task waits for itself")
            else:
                places.append(by_number[number])
        found.append(tuple(dict.fromkeys(places)))
    return found


def circles(needs: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Places of tasks that wait for each other; empty when every task can come to its turn."""
    done: set[int] = set()
    while True:
        free = {
            place
            for place, wanted in enumerate(needs)
            if place not in done and done.issuperset(wanted)
        }
        if not free:
            break
        done |= free
    return tuple(place for place in range(len(needs)) if place not in done)


def in_order(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks with no more urgent priority than those have that they need."""
    priorities = {task.id: task.priority for task in tasks}
    for _ in tasks:
        for task in tasks:
            before = (priorities[need] + 1 for need in task.needs)
            priorities[task.id] = max((priorities[task.id], *before))
    return tuple(task.model_copy(update={"priority": priorities[task.id]}) for task in tasks)
