import base64
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from pydantic import BaseModel

from grym_synth.errors import (
    BadAnswer,
    BadInput,
    Cancelled,
    ContextOverflow,
    GrymError,
    ModelMissing,
    ModelTimeout,
    ModelUnable,
    ModelUnavailable,
    NotEnoughMemory,
    SoundUnusable,
    WeightsUnusable,
)
from grym_synth.settings import Settings
from models.audio_base import AudioModel
from models.audio_text.gama import GamaEar
from models.audio_text.hugging_face import TransformersEar
from models.audio_text.opening import open_audio_model
from models.audio_text.sounds import at_rate, mixed
from models.base import Options
from models.gama.loading import read_config
from models.gama.memory_need import estimate
from models.local import generation
from models.local.checkpoint import read_checkpoint
from models.script import Line, Script
from models.scripted import ScriptedChat
from models.watch import Watch
from tests.integration.models.ears import LOCAL, SERVED, EarKind, Ears
from tests.integration.models.spoiling import SPOILT, Spoil
from tests.integration.models.streaming import (
    Ask,
    check_cancelling,
    check_closing,
    check_most_tokens,
    check_pieces,
    check_two_at_once,
)
from tests.integration.models.tiny_ears import LONGEST_SECONDS

RATE = 16_000
ASKED = "What is heard here?"
SLOW = Line(answer="A guitar. " * 400, piece_seconds=0.002, times=0)
FEW = Options(max_tokens=8)
Sound = NDArray[np.float32]


class Part(BaseModel):
    type: str
    text: str = ""
    input_audio: dict[str, str] = {}


class Spoken(BaseModel):
    content: list[Part]


class Sent(BaseModel):
    messages: list[Spoken]


def noise(seconds: float, rate: int = RATE) -> Sound:
    return np.random.default_rng(5).normal(0, 0.1, round(seconds * rate)).astype(np.float32)


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ears]:
    torch.set_num_threads(1)
    opened = Ears(tmp_path_factory.mktemp("ears"))
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=[*SERVED, *LOCAL])
def kind(request: pytest.FixtureRequest) -> EarKind:
    chosen: EarKind = request.param
    return chosen


@pytest.fixture(scope="module")
def ear(kind: EarKind, ears: Ears) -> AudioModel:
    return ears.open(kind)


def test_an_answer_comes_with_what_it_cost_and_what_was_heard(ear: AudioModel) -> None:
    heard = ear.listen(noise(3), RATE, ASKED, FEW)

    assert heard.text
    assert heard.ending.tokens_in > 3
    assert 0 < heard.ending.tokens_out <= 8
    assert 0 < heard.ending.seconds < 60
    assert heard.heard_seconds == pytest.approx(3)
    assert heard.cut_seconds == 0


def asking(ear: AudioModel) -> Ask:
    return lambda options: ear.stream(noise(2), RATE, ASKED, options)


def test_streamed_pieces_add_up_to_the_answer(ear: AudioModel) -> None:
    check_pieces(asking(ear), FEW, ear.listen(noise(2), RATE, ASKED, FEW).text)


def test_its_facts_are_known_before_it_is_loaded(kind: EarKind, ears: Ears) -> None:
    facts = ears.open(kind).facts()

    known = {"gama": 10.24, "audio-flamingo": LONGEST_SECONDS, "music-flamingo": LONGEST_SECONDS}
    assert facts.hears_seconds == known.get(kind, 30)
    assert facts.question_tokens >= 60


def test_what_is_too_long_is_cut_at_its_end_and_told(ear: AudioModel) -> None:
    longest = ear.facts().hears_seconds
    heard = ear.listen(noise(longest + 1), RATE, ASKED, FEW)

    assert heard.heard_seconds == pytest.approx(longest)
    assert heard.cut_seconds == pytest.approx(1)
    same = ear.listen(noise(longest + 1)[: round(longest * RATE)], RATE, ASKED, FEW)
    assert heard.text == same.text


def test_stereo_and_other_rates_are_heard(ear: AudioModel) -> None:
    stereo = np.stack([noise(1, 44_100), noise(1, 44_100)])

    heard = ear.listen(stereo, 44_100, ASKED, FEW)

    assert heard.heard_seconds == pytest.approx(1)


def test_an_answer_has_no_more_tokens_than_it_may(ear: AudioModel) -> None:
    check_most_tokens(asking(ear))


def test_a_cancelled_answer_ends(kind: EarKind, ears: Ears) -> None:
    check_cancelling(asking(ears.open(kind, SLOW)))


def test_what_was_cancelled_before_is_not_begun(ear: AudioModel) -> None:
    options = Options()
    options.cancel.set()

    with pytest.raises(Cancelled):
        ear.listen(noise(1), RATE, ASKED, options)


def test_an_answer_has_no_more_time_than_it_may(kind: EarKind, ears: Ears) -> None:
    with pytest.raises(ModelTimeout, match="within"):
        ears.open(kind, SLOW).listen(
            noise(1), RATE, ASKED, Options(max_tokens=900, seconds=0.02, first_seconds=0.02)
        )


def test_a_closed_stream_leaves_the_model_ready(ear: AudioModel) -> None:
    check_closing(asking(ear), FEW)


def test_two_threads_ask_one_model(ear: AudioModel) -> None:
    check_two_at_once(asking(ear), FEW)


@pytest.mark.parametrize(
    ("sound", "rate", "why"),
    [
        (noise(0.01), RATE, r"0\.0100 s long"),
        (np.zeros(0, np.float32), RATE, r"0\.0000 s long"),
        (np.zeros(RATE, np.float32), RATE, "silent"),
        (np.full(RATE, 0.5, np.float32), RATE, "silent"),
        (np.full(RATE, np.nan, np.float32), RATE, "not numbers"),
        (np.append(noise(1), np.float32(np.inf)), RATE, "not numbers"),
        (noise(1), 0, "can't be"),
        (noise(1), -44_100, "can't be"),
        (noise(1), 10**7, "can't be"),
        (noise(1).reshape(-1, 1), RATE, "channels"),
        (noise(1).reshape(1, 1, -1), RATE, "shape"),
    ],
)  # fmt: skip
def test_a_sound_that_cannot_be_heard_is_refused_in_words(
    ear: AudioModel, sound: Sound, rate: int, why: str
) -> None:
    with pytest.raises(SoundUnusable, match=why):
        ear.listen(sound, rate, ASKED, FEW)


@pytest.mark.parametrize("question", ["", "  ", "What is heard there? " * 300])
def test_a_question_must_be_short(ear: AudioModel, question: str) -> None:
    with pytest.raises(ContextOverflow, match="tokens"):
        ear.listen(noise(1), RATE, question, FEW)


def test_a_schema_is_refused(ear: AudioModel) -> None:
    with pytest.raises(ModelUnable, match="schema"):
        ear.listen(noise(1), RATE, ASKED, Options(schema={"type": "object"}))


@pytest.mark.parametrize("local", LOCAL)
def test_control_tokens_in_a_question_are_plain_text(local: EarKind, ears: Ears) -> None:
    model = ears.open(local)
    tokens = [
        model.listen(noise(1), RATE, question, FEW).ending.tokens_in
        for question in ("a", "a</s><|im_end|><sound><|AUDIO|><|im_start|>")
    ]

    assert tokens[1] - tokens[0] >= 20


@pytest.fixture(params=LOCAL)
def copied(request: pytest.FixtureRequest, ears: Ears, tmp_path: Path) -> tuple[AudioModel, Path]:
    kind: EarKind = request.param
    folder = tmp_path / "model"
    shutil.copytree(ears.folder(kind), folder)
    runtime = "gama" if kind == "gama" else "transformers"
    return open_audio_model(f"{runtime}:{folder}", Settings()), folder


def refused(model: AudioModel, error: type[GrymError], match: str) -> None:
    with pytest.raises(error, match=match):
        model.listen(noise(1), RATE, ASKED, FEW)


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_checkpoint_is_told(copied: tuple[AudioModel, Path], spoil: Spoil) -> None:
    model, folder = copied
    refused(model, WeightsUnusable, spoil(folder))


def test_a_configuration_that_cannot_be_is_told_in_one_line(
    copied: tuple[AudioModel, Path],
) -> None:
    model, folder = copied
    sizes = json.loads((folder / "config.json").read_text())
    sizes["text_config"]["hidden_size"] = "wide"
    (folder / "config.json").write_text(json.dumps(sizes))
    with pytest.raises(WeightsUnusable, match="hidden_size") as told:
        model.listen(noise(1), RATE, ASKED, FEW)
    assert "\n" not in str(told.value)


def test_another_kind_of_model_is_refused(copied: tuple[AudioModel, Path]) -> None:
    model, folder = copied
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises((WeightsUnusable, ModelUnable), match="llama"):
        model.facts()


@pytest.mark.parametrize("local", LOCAL)
def test_a_model_that_does_not_fit_is_refused_before_it_is_loaded(
    local: EarKind, ears: Ears
) -> None:
    kind = GamaEar if local == "gama" else TransformersEar
    model = kind(str(ears.folder(local)), free=lambda device: 1000)
    refused(model, NotEnoughMemory, "GiB are free on")


@pytest.mark.parametrize("local", LOCAL)
def test_a_model_that_fits_only_in_four_bits_is_made_small(local: EarKind, ears: Ears) -> None:
    pytest.importorskip("bitsandbytes")
    folder = ears.folder(local)
    if local == "gama":
        need = estimate(read_config(folder), "int4", 1024).total
        assert need < estimate(read_config(folder), "bfloat16", 1024).total
        model: AudioModel = GamaEar(str(folder), free=lambda device: need)
    else:
        weights = read_checkpoint(folder).weight_bytes
        model = TransformersEar(str(folder), free=lambda device: weights)

    assert model.listen(noise(1), RATE, ASKED, FEW).text


def test_memory_that_is_used_up_while_it_works_is_told_as_that() -> None:
    def work(line: generation.Line) -> None:
        torch.empty(10**15)

    with Watch("gama:x", Options()) as watch, pytest.raises(NotEnoughMemory, match="used up"):
        list(generation.worked(work, "gama:x", watch))


@pytest.mark.parametrize("spec", ["gama:nowhere", "transformers:nobody/nothing"])
def test_a_checkpoint_that_is_not_here_is_never_fetched(spec: str) -> None:
    refused(open_audio_model(spec, Settings()), ModelMissing, "no such folder")


def test_a_copy_in_the_cache_is_opened_by_its_name(
    ears: Ears, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    cache = tmp_path / ".cache" / "huggingface" / "hub" / "models--Some--Ear" / "snapshots" / "1f"
    shutil.copytree(ears.folder("qwen2-audio"), cache)

    model = open_audio_model("transformers:Some/Ear", Settings())

    assert model.listen(noise(1), RATE, ASKED, FEW).text


@pytest.mark.parametrize("spec", ["", "gama:", "openai:ftp://a#b", "openai:http://a", "ollama:a"])
def test_a_string_that_names_no_listening_model_is_refused(spec: str) -> None:
    with pytest.raises(BadInput, match="no known form"):
        open_audio_model(spec, Settings())


def test_a_server_gets_the_sound_as_a_small_wav_file(ears: Ears) -> None:
    model, server = ears.served(ScriptedChat("scripted:s", Script((Line(answer="Noise."),))))

    model.listen(np.stack([noise(2, 48_000)] * 2), 48_000, ASKED, FEW)

    path, body = server.requests[-1]
    assert path == "/v1/chat/completions"
    (message,) = Sent.model_validate(body).messages
    sound, text = message.content
    assert (sound.type, text.type, text.text) == ("input_audio", "text", ASKED)
    read, rate = soundfile.read(io.BytesIO(base64.b64decode(sound.input_audio["data"])))
    assert (rate, read.shape) == (16_000, (32_000,))


def test_a_server_that_is_away_is_told(ears: Ears) -> None:
    model, server = ears.served(ScriptedChat("scripted:s", Script((Line(answer="Noise."),))))
    server.stop()
    refused(model, ModelUnavailable, "nothing answers")


@pytest.mark.parametrize("kind", SERVED)
def test_an_answer_without_words_is_a_bad_one(kind: EarKind, ears: Ears) -> None:
    refused(ears.open(kind, Line(answer="", times=0)), BadAnswer, "no answer")


def test_channels_that_cancel_each_other_are_still_heard() -> None:
    one = noise(1)

    assert np.array_equal(mixed(np.stack([one, -one])), one)
    assert np.allclose(mixed(np.stack([one, one])), one)


def test_a_sound_keeps_its_pitch_at_another_rate() -> None:
    at = np.arange(44_100) / 44_100
    tone = np.sin(2 * np.pi * 440 * at).astype(np.float32)

    moved = at_rate(tone, 44_100, RATE)

    assert len(moved) == RATE
    assert np.abs(np.fft.rfft(moved)).argmax() == 440
