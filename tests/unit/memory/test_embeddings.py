"""Embedders: the packaged model, a served one, and what happens when one is missing."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from grym_synth.errors import BadInput, ModelFault
from memory.vectors.embeddings import OllamaEmbedder, make_embedder
from memory.vectors.minilm import TOKENIZER, WEIGHTS, MiniLm, runs_of

ENTRIES = (
    "mix.wav: Tempo (tempo.bpm) is 120 BPM",
    "mix.wav: Tonic and mode, such as F# minor (key) is F minor",
    "mix.wav: Integrated loudness (loudness.integrated_lufs) is -9.2 LUFS",
    "mix.wav: Mains hum fundamental (hum.hz) is 50 Hz",
)


class FakeOllama(BaseHTTPRequestHandler):
    """Answers for two models: ``short`` gives vectors, ``broken`` gives nonsense."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answers: dict[str, object] = {
            "short": [[float(len(text)), 0.0, 2.0] for text in asked["input"]],
            "broken": [[0.0, 0.0]],
        }
        found = asked["model"] in answers and self.path == "/api/embed"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"embeddings": answers.get(asked["model"])}).encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def ollama() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeOllama) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm()


@pytest.mark.parametrize(
    ("question", "answer"),
    [("how fast is the song?", 0), ("is it too loud?", 2), ("electrical buzz", 3)],
)
def test_a_question_in_other_words_is_closest_to_its_answer(
    minilm: MiniLm, question: str, answer: int
) -> None:
    closeness = minilm.embed(ENTRIES) @ minilm.embed([question])[0]
    assert int(np.argmax(closeness)) == answer


def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(minilm: MiniLm) -> None:
    texts = ["a", "", "🎛️ naïve", "long text " * 400, *ENTRIES]
    together = minilm.embed(texts)
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert together.shape == (len(texts), 384) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert (together * alone).sum(axis=1).min() > 0.99
    assert minilm.embed([]).shape == (0, 384)


def test_a_missing_model_is_told() -> None:
    with pytest.raises(ModelFault, match="no_such_package is not installed"):
        MiniLm(weights=replace(WEIGHTS, package="no_such_package"))


def test_a_model_file_with_another_content_is_refused() -> None:
    other = MiniLm(tokenizer=replace(TOKENIZER, sha256="0" * 64))
    with pytest.raises(ModelFault, match="SHA-256"):
        other.embed(["text"])


def test_a_served_model_gives_unit_vectors(ollama: str) -> None:
    embedder = OllamaEmbedder("short", ollama)
    vectors = embedder.embed(["abc", "abcd"])
    assert embedder.dimensions == 3 and embedder.name == "ollama:short"
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


@pytest.mark.parametrize(
    ("model", "reason"), [("absent", "does not have this model"), ("broken", "one vector a text")]
)
def test_a_served_model_that_fails_is_told(ollama: str, model: str, reason: str) -> None:
    with pytest.raises(ModelFault, match=reason):
        OllamaEmbedder(model, ollama).embed(["abc", "abcd"])


def test_a_server_that_is_down_is_told() -> None:
    with pytest.raises(ModelFault, match="ollama pull nomic"):
        OllamaEmbedder("nomic", "http://127.0.0.1:9").embed(["abc"])


def test_the_setting_names_the_embedder() -> None:
    assert make_embedder("lexical", "") is None
    assert isinstance(make_embedder("minilm", ""), MiniLm)
    assert isinstance(make_embedder("ollama:nomic-embed-text", ""), OllamaEmbedder)
    for wrong in ("", "hash", "ollama:"):
        with pytest.raises(BadInput, match="GRYM_EMBEDDER"):
            make_embedder(wrong, "")


def test_short_texts_are_not_padded_to_the_length_of_long_ones() -> None:
    lengths = [24, 84, 25, 30, 85, 256, 20, 22]
    runs = runs_of(lengths)

    assert sorted(place for run in runs for place in run) == [*range(8)]
    padded = sum(len(run) * max(lengths[place] for place in run) for run in runs)
    assert padded <= 1.25 * sum(lengths)
    assert len(runs_of([9] * 20)) == 3
    assert runs_of([]) == []
