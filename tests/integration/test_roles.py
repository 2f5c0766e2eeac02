import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.roles.casting import Casting
from agents.roles.models import Choice
from agents.roles.presence import Presence
from audio.assets import AssetRef
from graph.state import Context, State
from grym_synth.doctor import Diagnosis, RoleCheck, examine
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Event
from models.script import Abilities, Line, Script, When
from models.scripted import ScriptedChat
from tests.integration.boss.scripts import DUTIES, says, tone, write_script
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.openai import Offered, OpenAITestServer

R1 = "deepseek-r1:14b"
SMALLER = "deepseek-r1:8b"
REQUEST = "What key is it in?"


def served(load_seconds: float = 0.0, remote_host: str = "") -> Served:
    """A model that thinks, takes the instruments' plan, and answers from the first fact."""
    answers = When(match=DUTIES["answer"])
    sentence: JsonValue = {"text": "It is in A minor.", "findings": ["f1"]}
    lines = [
        Line(when=answers, times=0, answer={"sentences": [sentence]}),
        Line(times=0, thinking="Let me see.", answer="{}"),
    ]
    brain = ScriptedChat("scripted:brain", Script(lines, Abilities(context_tokens=1_000_000)))
    return Served(brain, load_seconds=load_seconds, remote_host=remote_host)


@pytest.fixture
def server() -> Iterator[OllamaTestServer]:
    with OllamaTestServer(**{R1: served()}) as opened:
        yield opened


@pytest.fixture
def settings(server: OllamaTestServer, home: Path) -> Settings:
    return Settings(home=home, out=home / "out", embedder="lexical", ollama_url=server.url)


def casting(settings: Settings) -> Casting:
    return Casting(settings, Presence(settings, fresh_seconds=0.0))


def used(settings: Settings, choice: Choice | None = None) -> tuple[str, str]:
    part = casting(settings).part("supervisor", choice or Choice())
    return part.used, part.why


def lists(server: OllamaTestServer) -> int:
    """How often the server was asked what it has."""
    return sum(path == "/api/tags" for path, _ in server.requests)


def clip(studio: Studio, folder: Path) -> tuple[AssetRef, ...]:
    return studio.attach([(tone(folder / "clip.wav"), "audio")])


def test_auto_takes_the_wanted_model_where_ollama_has_it(settings: Settings) -> None:
    assert used(settings) == (f"ollama:{R1}", "")


def test_auto_takes_a_smaller_one_and_says_why(
    settings: Settings, server: OllamaTestServer
) -> None:
    server.models = {SMALLER: served()}
    assert used(settings) == (f"ollama:{SMALLER}", f"Ollama does not have {R1}")


def test_a_name_without_a_tag_is_the_latest(settings: Settings, server: OllamaTestServer) -> None:
    server.models = {"qwen3:latest": served()}
    own = settings.model_copy(update={"supervisor_model": "ollama:Qwen3"})
    assert used(own) == ("ollama:Qwen3", "")


def test_a_model_that_vanishes_between_turns_is_noticed(
    settings: Settings, server: OllamaTestServer
) -> None:
    watching = casting(settings)
    assert watching.part("supervisor", Choice()).used == f"ollama:{R1}"
    server.models = {}
    assert watching.part("supervisor", Choice()).used == "instruments"
    server.stop()
    assert "does not answer" in watching.part("supervisor", Choice()).why


def test_servers_are_asked_once_in_a_while_and_not_at_each_turn(
    settings: Settings, server: OllamaTestServer
) -> None:
    calm = Casting(settings)
    for _ in range(5):
        calm.degraded(Choice())
    assert lists(server) == 1


def test_files_and_services_that_are_not_there_are_told(settings: Settings) -> None:
    told = {
        "scripted:/nowhere.jsonl": "no file /nowhere.jsonl",
        "llamacpp:/nowhere.gguf": "no file /nowhere.gguf",
        "openai:http://127.0.0.1:9/v1#boss": "nothing answers there",
    }
    for spec, why in told.items():
        assert why in used(settings, Choice(models={"supervisor": spec}))[1]
    assert "GRYM_SERVICES_URL" in used(settings, Choice("services"))[1]


def test_a_service_plays_the_roles_whose_names_it_offers(settings: Settings) -> None:
    offered = Offered(served().brain)
    with OpenAITestServer(supervisor=offered) as service:
        url = f"{service.url}/v1"
        both = settings.model_copy(update={"services_url": url})
        parts = casting(both).cast(Choice("services"))
        assert parts["supervisor"].used == f"openai:{url}#supervisor"
        assert f"{url} does not offer coder" in parts["coder"].why
    assert "nothing answers there" in used(both, Choice("services"))[1]
    assert used(both) == (f"ollama:{R1}", used(both, Choice("services"))[1])


def test_a_server_that_hangs_holds_a_turn_up_once_for_all_roles(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        hung = settings.model_copy(update={"services_url": url, "models": "services"})
        began = time.monotonic()
        less = Casting(hung).degraded(Choice())
    assert [one.used for one in less] == ["instruments"] * 4
    assert time.monotonic() - began < 4.0


def test_a_turn_tells_each_role_that_has_less_than_was_wanted(
    settings: Settings, tmp_path: Path
) -> None:
    with open_studio(settings=settings) as studio:
        result = studio.ask(REQUEST, clip(studio, tmp_path))
        (turn,) = studio.deps.repository.history("default")
    told = {one.role: one.why for one in result.degraded}
    assert set(told) == {"gama", "qwen_vl", "coder"}
    assert "Ollama does not have qwen2.5vl:7b" in told["qwen_vl"]
    assert turn.models == (f"ollama:{R1}",)


def test_a_model_that_vanishes_within_a_turn_is_told_and_costs_no_result(
    settings: Settings, server: OllamaTestServer, tmp_path: Path
) -> None:
    def cut(event: Event) -> None:
        if event.kind == "task_start":
            server.stop()

    with open_studio(settings=settings) as studio:
        refs = clip(studio, tmp_path)
        result = studio.ask(REQUEST, refs, on_event=cut)
    lost = next(one for one in result.degraded if one.role == "supervisor")
    assert (lost.wanted, lost.used) == (f"ollama:{R1}", "instruments")
    assert "nothing answers there" in lost.why
    assert {task.status for task in result.tasks} == {"done"}
    assert "nothing answers there" in result.answer


def test_a_run_chooses_its_models(settings: Settings, server: OllamaTestServer) -> None:
    server.models[SMALLER] = served()
    given: State = {"messages": [("user", "Which tempo would suit a waltz?")]}  # type: ignore[list-item]
    with open_studio(settings=settings) as studio:
        for thread, context in (
            ("own", Context(supervisor_model=f"ollama:{SMALLER}")),
            ("none", Context(models="instruments")),
        ):
            studio.graph.invoke(given, studio.config("default", thread), context=context)
        turns = studio.deps.repository.history("default")
    assert {turn.thread: turn.models for turn in turns} == {
        "own": (f"ollama:{SMALLER}",),
        "none": ("instruments",),
    }


@pytest.mark.parametrize(
    "spec",
    [
        "openai:http://evil.example/v1#x",
        "llamacpp:/etc/passwd",
        "scripted:/etc/passwd",
        "ollama:../../api/pull",
        "ollama:cloudy:120b",
    ],
)
def test_a_run_can_not_point_the_process_at_a_file_or_an_address(
    settings: Settings, server: OllamaTestServer, spec: str
) -> None:
    server.models["cloudy:120b"] = served(remote_host="https://ollama.com:443")
    context = Context(supervisor_model=spec)
    given: State = {"messages": [("user", "Measure it")]}  # type: ignore[list-item]
    with open_studio(settings=settings) as studio:
        config = studio.config("default", "main")
        with pytest.raises(BadInput, match="a run may only name models of the settings"):
            studio.graph.invoke(given, config, context=context)
        assert studio.ask("Hello").turn == 1
        (turn,) = studio.deps.repository.history("default")
    assert turn.request == "Hello"


def test_a_run_may_name_what_the_settings_name(settings: Settings, tmp_path: Path) -> None:
    boss = write_script(tmp_path / "boss.jsonl", says("plan", {}))
    other = "openai:http://models.studio.example/v1#boss"
    allowing = settings.model_copy(update={"coder_model": boss, "run_models": (other,)})
    for spec in (boss, other, f"ollama:{R1}", "instruments"):
        casting(allowing).check(Choice(models={"supervisor": spec}))


def test_a_far_ollama_runs_only_what_the_settings_name(settings: Settings) -> None:
    far = settings.model_copy(update={"ollama_url": "http://ollama.example:11434"})
    casting(far).check(Choice(models={"supervisor": f"ollama:{R1}"}))
    with pytest.raises(BadInput, match="a run may only name"):
        casting(far).check(Choice(models={"supervisor": "ollama:llama4:400b"}))


def test_progress_tells_that_the_model_loads_and_thinks_but_not_what(
    settings: Settings, server: OllamaTestServer, tmp_path: Path
) -> None:
    server.models[R1] = served(load_seconds=1.0)
    events: list[Event] = []
    with open_studio(settings=settings) as studio:
        refs = clip(studio, tmp_path)
        studio.ask(REQUEST, refs, on_event=events.append)
    kinds = [event.kind for event in events]
    order = ["planning", "loading", "thinking", "said", "task_start", "task_end", "integrating"]
    places = [kinds.index(kind) for kind in [*order, "answering"]]  # type: ignore[arg-type]
    assert places == sorted(places)
    assert kinds.count("loading") == 1
    said = next(event for event in events if event.kind == "said")
    assert said.seconds is not None and said.seconds >= 1.0
    assert "loading" in said.text
    assert "Let me see" not in repr(events)


def role(found: Diagnosis, name: str) -> RoleCheck:
    return next(one for one in found.roles if one.role == name)


def test_a_run_says_which_language_its_request_is_in(settings: Settings) -> None:
    given: State = {"messages": [("user", "Tonart?")]}  # type: ignore[list-item]
    asked: dict[str, tuple[str, ...]] = {}
    with open_studio(settings=settings) as studio:
        for language in ("de", "en"):
            context = Context(language=language, models="instruments")
            config = studio.config("default", language)
            plan = studio.graph.invoke(given, config, context=context)["plan"]
            asked[language] = tuple(one.missing for one in plan.asks) if plan else ()
    assert asked == {"de": ("audio",), "en": ()}


def test_the_doctor_says_what_is_used_and_how_large_it_is(settings: Settings) -> None:
    found = examine(settings)
    boss = role(found, "supervisor")
    assert (boss.used, boss.get) == (f"ollama:{R1}", ())
    assert boss.disk_gb == 9.0
    assert boss.memory_gib == pytest.approx(8.4 + 3.0 + 1.5)
    wider = examine(settings.model_copy(update={"context_tokens": 32_768}))
    assert role(wider, "supervisor").memory_gib == pytest.approx(8.4 + 6.0 + 1.5)
    ollama = next(check for check in found.checks if check.part == "ollama")
    assert "version 0.33.0" in ollama.says and R1 in ollama.says
    assert found.machine.memory_gib > 0


def test_the_doctor_gives_the_exact_command_for_what_is_missing(
    settings: Settings, server: OllamaTestServer
) -> None:
    server.models = {}
    assert role(examine(settings), "supervisor").get == (f"ollama pull {R1}",)
    server.stop()
    commands = role(examine(settings), "supervisor").get
    assert "ollama serve" in commands and f"ollama pull {R1}" in commands


def test_the_doctor_takes_the_size_of_an_unknown_model_from_ollama(
    settings: Settings, server: OllamaTestServer
) -> None:
    server.models["own:1b"] = served()
    server.models["own:1b"].size = 2_000_000_000
    own = settings.model_copy(update={"supervisor_model": "ollama:own:1b"})
    boss = role(examine(own), "supervisor")
    assert boss.disk_gb == 2.0
    assert boss.memory_gib == pytest.approx(1.9 + 1.5, abs=0.1)


def test_the_doctor_makes_no_home(settings: Settings, home: Path) -> None:
    assert "will be made" in next(c.says for c in examine(settings).checks if c.part == "home")
    assert not home.exists()


def test_the_doctor_says_who_has_the_home(settings: Settings) -> None:
    with open_studio(settings=settings) as studio:
        studio.ask("Hello")
        told = next(check for check in examine(settings).checks if check.part == "home")
    assert not told.fine
    assert "is using it" in told.says
