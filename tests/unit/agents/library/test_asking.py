"""Which requests go to the library."""

import pytest

from agents.library.asking import FIND
from agents.supervisor import Supervisor
from memory.context import Plan, ProjectContext


def planned(request: str) -> Plan:
    return Supervisor().plan(
        ProjectContext(project="p", thread="main", turn=1, request=request, assets=(), attached=())
    )


@pytest.mark.parametrize(
    "request_",
    [
        "find me a dark 808 in F minor around 140 in my library",
        "do I have any bright hats in my sample library?",
        "search my sound collection for a warm pad",
        "which loops in our library are between 90 and 100 bpm?",
        "Zeig mir Kicks in meiner Sample-Bibliothek",
    ],
)
def test_a_search_of_the_library_is_one_task_of_gama(request_: str) -> None:
    (task,) = planned(request_).tasks
    assert (task.agent, [one.name for one in task.operations]) == ("gama", [FIND])


@pytest.mark.parametrize(
    "request_",
    [
        "which library should I use for FFT in Python?",
        "write a C++ library for a lowpass",
        "find the loudest part of this file",
        "master my track",
    ],
)
def test_other_requests_do_not_go_to_the_library(request_: str) -> None:
    assert all(one.name != FIND for task in planned(request_).tasks for one in task.operations)
