"""A model whose memory runs out is asked once more with less, then left to the instruments."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from grym_synth.errors import MemoryUsedUp, NotEnoughMemory
from grym_synth.settings import Settings
from models.base import ChatModel, Message
from models.chat import open_chat_model
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from tests.integration.boss.scripts import write_script
from tests.integration.faults.test_specialists import FINE, asked, check, studio
from tests.integration.models.tiny_ears import write_qwen2_audio
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.serving import Fault

WINDOW = 16_384
SAID = "C major, then A minor, and at the end C major once more."
ASKED = [Message("user", "Which chords are these?")]


@contextmanager
def served(fits: int = 1_000_000) -> Iterator[tuple[ChatModel, OllamaTestServer]]:
    """A model of a server whose memory suffices for a window of so many tokens."""
    lines = Script((Line(answer=SAID, times=0),), Abilities(context_tokens=1_000_000, thinks=False))
    brain = ScriptedChat("scripted:lines", lines)
    with OllamaTestServer(one=Served(brain, ("completion",), fits_context=fits)) as server:
        settings = Settings(context_tokens=WINDOW, ollama_url=server.url)
        yield open_chat_model("ollama:one", settings), server


def windows_of(server: OllamaTestServer) -> list[object]:
    """The windows that the server was asked to make room for."""
    bodies = [body for path, body in server.requests if path == "/api/chat"]
    return [options["num_ctx"] for body in bodies if isinstance(options := body["options"], dict)]


def test_a_server_without_memory_for_the_window_is_asked_for_half_of_it() -> None:
    with served(fits=WINDOW // 2) as (model, server):
        answers = [model.answer(ASKED) for _ in range(2)]
        asked_for = windows_of(server)

    assert [one.text for one in answers] == [SAID, SAID]
    assert "memory ran out" in answers[0].ending.lessened
    assert asked_for == [WINDOW, WINDOW // 2, WINDOW // 2], "and no more than once"


def test_a_server_without_memory_for_half_the_window_is_left_in_peace() -> None:
    with served(fits=1024) as (model, server):
        with pytest.raises(MemoryUsedUp, match="more system memory") as caught:
            model.answer(ASKED)
        asked_for = windows_of(server)

    assert asked_for == [WINDOW, WINDOW // 2]
    assert f"once more within a window of {WINDOW // 2} tokens" in caught.value.happened


def test_a_message_that_only_the_whole_window_holds_is_not_cut() -> None:
    long = [Message("user", "chord " * (WINDOW // 3))]
    with served(fits=WINDOW // 2) as (model, server):
        with pytest.raises(NotEnoughMemory, match="don't fit into its window"):
            model.answer(long)
        assert windows_of(server) == [WINDOW]


def test_an_answer_that_memory_broke_off_is_given_anew_and_once() -> None:
    with served() as (model, server):
        server.faults.append(Fault("error"))
        answer = model.answer(ASKED)

    assert answer.text == SAID
    assert "memory ran out" in answer.ending.lessened


@contextmanager
def runs_out(times: int) -> Iterator[list[float]]:
    """Has the first answers of models that hear run out of memory; the lengths of all sounds."""
    import torch
    from torch.nn.modules.module import register_module_forward_pre_hook

    heard: list[float] = []

    def run_out(module: torch.nn.Module, given: object) -> None:
        if type(module).__name__ == "Qwen2AudioForConditionalGeneration":
            heard.append(0.0)
            if len(heard) <= times:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    hook = register_module_forward_pre_hook(run_out)
    try:
        yield heard
    finally:
        hook.remove()


def test_an_ear_without_memory_hears_half_and_says_so(tmp_path: Path) -> None:
    from models.audio_text.hugging_face import TransformersEar

    ear = TransformersEar(str(write_qwen2_audio(tmp_path / "ear")))
    noise = np.random.default_rng(1).normal(0, 0.1, 16_000 * 8).astype(np.float32)
    with runs_out(1):
        first = ear.listen(noise, 16_000, "What is heard?")
    with runs_out(0):
        second = ear.listen(noise, 16_000, "What is heard?")
    with runs_out(9) as tries, pytest.raises(MemoryUsedUp, match=r"about the first 2\.0 s"):
        ear.listen(noise, 16_000, "What is heard?")

    assert (first.heard_seconds, first.cut_seconds) == (4.0, 4.0)
    assert "about the first 4.0 s" in first.ending.lessened
    assert (second.heard_seconds, second.ending.lessened) == (4.0, "")
    assert len(tries) == 2


@pytest.mark.long
@pytest.mark.parametrize("times", [1, 99])
def test_a_turn_goes_on_with_less_or_with_instruments_and_says_which(
    home: Path, tmp_path: Path, times: int
) -> None:
    folder = write_qwen2_audio(tmp_path / "ear")
    eyes = write_script(tmp_path / "eyes.jsonl", *FINE["qwen_vl"])
    ear = f"transformers:{folder}"
    with (
        studio(home, gama_model=ear, qwen_vl_model=eyes, model_seconds="60") as opened,
        runs_out(times),
    ):
        result = asked(opened, tmp_path)
    (less,) = result.degraded

    check(result, "gama")
    assert less.used == ("instruments for a part" if times == 1 else "instruments")
    assert "memory" in less.why and less.why in result.answer
