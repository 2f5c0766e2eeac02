import gc
import os
import random
import threading
import time
from pathlib import Path

import pytest

from grym_synth.errors import Cancelled, ModelFault
from models.base import ChatModel, Message, Options
from models.script import Line
from tests.integration.models.stages import Kind, Stages
from tests.model_servers.serving import Fault, FaultKind

ASKED = [Message("user", "Name two keys of a piano.")]
LINE = Line(thinking="Hm. " * 20, answer="C major and A minor.", piece_seconds=0.001, times=0)
KINDS: tuple[FaultKind, ...] = (
    "busy", "crashed", "silent", "garbage", "moved", "truncated", "cut", "reset", "error",
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_faults_and_cancels_at_random_moments_leave_nothing_behind(
    kind: Kind, stages: Stages
) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    chance = random.Random(7)
    stage.model.answer(ASKED)
    threads, files = threading.active_count(), _open_files()

    for _ in range(400):
        options = Options(seconds=chance.choice([0.05, 0.5, 5]), first_seconds=1)
        if chance.random() < 0.5:
            stage.server.faults.append(Fault(chance.choice(KINDS), chance.randrange(30)))
        if chance.random() < 0.3:
            threading.Timer(chance.random() * 0.1, options.cancel.set).start()
        _ask(stage.model, options)
        stage.server.faults.clear()

    assert stage.model.answer(ASKED).text == "C major and A minor."
    stages.close()
    time.sleep(1)
    gc.collect()
    assert threading.active_count() <= threads
    assert _open_files() <= files


def _ask(model: ChatModel, options: Options) -> None:
    began = time.monotonic()
    try:
        assert model.answer(ASKED, options).text
    except Cancelled:
        assert options.cancel.is_set()
    except ModelFault as fault:
        assert fault.do
    assert time.monotonic() - began < min(options.seconds, 1) + 30


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if os.path.isdir("/proc/self/fd") else 0
