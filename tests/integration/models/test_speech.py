import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from grym_synth.errors import (
    Cancelled,
    ModelMissing,
    ModelTimeout,
    NotEnoughMemory,
    SoundUnusable,
    WeightsUnusable,
)
from grym_synth.settings import Settings
from models.audio_base import VoiceSpan
from models.audio_text.opening import LateTranscriber
from models.base import Options
from models.ctc import Alphabet, read_words
from models.residency.opening import Management
from models.residency.words import GIB, Footprint
from models.speech import Transcriber
from models.voice_activity import find_voices
from tests.integration.models.tiny_ears import SPELLED, write_wav2vec2

RATE = 16_000
LETTERS = Alphabet({1: "H", 2: "I", 3: "O"}, gap=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wav2vec2 with random weights and the usual frames of 20 ms."""
    torch.set_num_threads(1)
    return write_wav2vec2(tmp_path_factory.mktemp("wav2vec2"))


def noise(seconds: float, rate: int = RATE) -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(0, 0.1, round(seconds * rate)).astype(np.float32)


def test_words_come_with_the_times_of_their_letters() -> None:
    said = [0, 1, 1, 0, 2, 0, 4, 4, 1, 3, 3, 0, 3, 0]
    odds = np.full((len(said), 5), 0.05, np.float32)
    odds[np.arange(len(said)), said] = 0.8

    words = list(read_words(odds, LETTERS, 0.02, offset=10.0))

    assert [(one.text, one.start, one.end) for one in words] == [
        ("HI", 10.02, 10.1),
        ("HOO", 10.16, 10.26),
    ]
    assert words[0].confidence == pytest.approx(0.8)


def test_nothing_but_blanks_is_no_word() -> None:
    assert not list(read_words(np.eye(5, dtype=np.float32)[[0, 0, 4, 0]], LETTERS, 0.02))
    assert not list(read_words(np.zeros((0, 5), np.float32), LETTERS, 0.02))


def test_a_checkpoint_hears_words_in_their_order_within_the_sound(folder: Path) -> None:
    words = Transcriber(str(folder)).words(np.stack([noise(45, 22_050)] * 2), 22_050)

    starts = [one.start for one in words]
    assert words
    assert starts == sorted(starts)
    assert max(starts) >= 30
    assert all(0 <= one.start < one.end <= 45.01 and 0 < one.confidence <= 1 for one in words)
    assert set("".join(one.text for one in words)) <= set(SPELLED)


def test_only_the_stretches_with_a_voice_are_read(folder: Path) -> None:
    voices = (VoiceSpan(2.0, 3.0, 0.9), VoiceSpan(6.0, 6.5, 0.9))

    words = Transcriber(str(folder)).words(noise(8), RATE, voices)

    assert words
    assert all(1.79 <= one.start <= 3.21 or 5.79 <= one.start <= 6.71 for one in words)
    assert Transcriber(str(folder)).words(noise(8), RATE, ()) == ()


def test_what_cannot_be_read_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no such folder"):
        Transcriber("nobody/nothing").words(noise(1), RATE)
    with pytest.raises(WeightsUnusable, match="config"):
        Transcriber(str(tmp_path)).words(noise(1), RATE)
    with pytest.raises(NotEnoughMemory, match="GiB are free"):
        Transcriber(str(folder), free=lambda device: 10).words(noise(1), RATE)
    with pytest.raises(SoundUnusable, match="silent"):
        Transcriber(str(folder)).words(np.zeros(RATE, np.float32), RATE)


def test_a_checkpoint_without_what_only_training_needs_is_read(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "published"
    shutil.copytree(folder, copy)
    tensors = load_file(copy / "model.safetensors")
    del tensors["wav2vec2.masked_spec_embed"]
    save_file(tensors, copy / "model.safetensors", metadata={"format": "pt"})

    assert Transcriber(str(copy)).words(noise(3), RATE) == Transcriber(str(folder)).words(
        noise(3), RATE
    )

    del tensors["lm_head.bias"]
    save_file(tensors, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsUnusable, match=r"lm_head\.bias"):
        Transcriber(str(copy)).words(noise(1), RATE)


def test_it_can_be_cancelled_and_has_no_more_time_than_it_may(folder: Path) -> None:
    options = Options()
    options.cancel.set()
    with pytest.raises(Cancelled):
        Transcriber(str(folder)).words(noise(1), RATE, options=options)
    with pytest.raises(ModelTimeout):
        Transcriber(str(folder)).words(
            noise(200), RATE, options=Options(seconds=0.01, first_seconds=0.01)
        )


def test_no_voice_is_in_noise_or_in_a_tone() -> None:
    at = np.arange(4 * RATE) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * at)).astype(np.float32)

    assert find_voices(noise(4), RATE) == ()
    assert find_voices(tone, RATE) == ()


@pytest.mark.parametrize("name", ["spk1_snt1.wav", "spk1_snt2.wav", "spk2_snt2.wav"])
def test_a_voice_is_found_where_somebody_speaks(recordings: Path, name: str) -> None:
    samples, rate = soundfile.read(recordings / "speech" / name, dtype="float32")
    pause = np.zeros(2 * rate, np.float32)

    spans = find_voices(np.concatenate([pause, samples, pause]), rate)

    seconds = len(samples) / rate
    assert sum(one.end - one.start for one in spans) > 0.7 * seconds
    assert spans[0].start > 1.9
    assert spans[-1].end < 2.3 + seconds
    assert all(one.confidence > 0.7 for one in spans)


def test_who_reads_words_makes_room_for_other_models_and_is_loaded_again(folder: Path) -> None:
    spec = f"transformers:{folder}"
    settings = Settings(memory_gib=2, speech_model=spec, ollama_url="http://127.0.0.1:9")
    management = Management(settings)
    reader = management.transcriber(LateTranscriber(spec))

    words = reader.words(noise(2), RATE)
    assert management.residency.loaded() == (spec,)
    with management.residency.lease(Other(), seconds=20):
        assert management.residency.loaded() == ("other",)
    assert reader.words(noise(2), RATE) == words


class Other:
    """A model that leaves no room for another one."""

    def footprint(self) -> Footprint:
        return Footprint("other", 2 * GIB, 0.1)

    def load(self) -> None:
        """Nothing is read."""

    def unload(self) -> None:
        """Nothing is freed."""
