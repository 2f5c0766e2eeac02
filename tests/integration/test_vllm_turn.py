"""A turn whose ears and eyes are models that vLLM serves, as ``deploy/compose.yaml`` has them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import soundfile
from PIL import Image

from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from tests.model_servers.vllm import Limits, VllmTestServer
from tests.unit.agents.eye_scripts import says
from tests.unit.audio.sounds import RATE, music

KEY = "hidden-vllm-key"
HEARD = "A dance track with a dry kick and wide chords."
SEEN = "A grey window with one button."


class Vllm:
    """Two servers, and a studio that asks them."""

    def __init__(self, home: Path, eyes: Limits, held: ExitStack) -> None:
        seeing = Script(
            (says("look", SEEN), says("glance", {"kind": "other", "writing": []})),
            Abilities(images=True),
        )
        hearing = Script((Line(answer=HEARD, times=0),))
        self.ears = VllmTestServer(
            KEY, "gama", ScriptedChat("s:ears", hearing), Limits(audio=1), "Qwen/Qwen2-Audio-7B"
        )
        self.eyes = VllmTestServer(
            KEY, "qwen_vl", ScriptedChat("s:eyes", seeing), eyes, "Qwen/Qwen2.5-VL-7B-Instruct"
        )
        for server in (self.ears, self.eyes):
            held.enter_context(server)
        given = {
            "home": home, "out": home / "out", "models": "instruments", "embedder": "lexical",
            "openai_api_key": KEY,
            "gama_model": f"openai:{self.ears.url}/v1#gama",
            "qwen_vl_model": f"openai:{self.eyes.url}/v1#qwen_vl",
        }  # fmt: skip
        settings = Settings.model_validate(given)
        self.studio: Studio = held.enter_context(open_studio(settings=settings))


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def test_a_sound_and_a_picture_reach_their_models_in_the_form_that_vllm_takes(
    home: Path, tmp_path: Path, held: ExitStack
) -> None:
    vllm = Vllm(home, Limits(image=8), held)
    soundfile.write(tmp_path / "song.wav", music(16), RATE)
    Image.new("RGB", (200, 100), "grey").save(tmp_path / "shot.png")
    (song,) = vllm.studio.attach([(tmp_path / "song.wav", "audio")])
    heard = vllm.studio.ask("Describe how this sounds", (song,))
    (shot,) = vllm.studio.attach([(tmp_path / "shot.png", "image")])
    seen = vllm.studio.ask("What is in this picture?", (shot,))

    assert heard.degraded == () and "dry kick" in heard.answer
    assert seen.degraded == () and SEEN in seen.answer
    assert {rate for rate, _ in vllm.ears.sounds} == {16_000}
    assert all(0 < seconds <= 30 for _, seconds in vllm.ears.sounds)
    assert vllm.eyes.pictures
    files = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_model_that_was_started_without_pictures_is_told_and_the_instruments_go_on(
    home: Path, tmp_path: Path, held: ExitStack
) -> None:
    vllm = Vllm(home, Limits(image=0), held)
    Image.new("RGB", (200, 100), "grey").save(tmp_path / "shot.png")
    (shot,) = vllm.studio.attach([(tmp_path / "shot.png", "image")])
    seen = vllm.studio.ask("What is in this picture?", (shot,))
    (lost,) = seen.degraded
    assert "does not support image input" in lost.why and seen.answer
    assert KEY not in seen.model_dump_json()
