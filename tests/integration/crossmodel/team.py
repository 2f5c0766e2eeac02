"""A studio in which every role has a model: small real weights, or tiny random ones."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from audio.assets import AssetRef
from audio.pictures import draw_spectrogram
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Interaction, Thought
from tests.integration.boss.scripts import tone
from tests.integration.models.tiny_ears import write_gama
from tests.integration.models.tiny_eyes import write_qwen2_5_vl
from tests.model_servers.small import small_model

LISTEN = "Describe how this sounds, and make it 1 dB quieter"
LOOK = "What do you see in this picture?"
CODE = "Write a ring modulator at 30 Hz and run it on this file"


@dataclass(frozen=True)
class Turn:
    """A turn as it ended, and what was behind it."""

    result: TurnResult
    thoughts: tuple[Thought, ...]
    """What its models were asked and said."""
    kept: tuple[Thought, ...]
    """What the supervisor and the coder thought, as the project's history has it."""
    steps: tuple[Interaction, ...]
    """All of that history."""


@dataclass(frozen=True)
class Team:
    """The studio, its models and its turns."""

    studio: Studio
    clip: AssetRef
    picture: AssetRef
    models: dict[str, str]
    """What opens the model of each role."""

    def ask(self, request: str) -> Turn:
        """Run a turn about the clip, or about the picture."""
        result = self.studio.ask(request, (self.picture if request == LOOK else self.clip,))
        state = self.studio.graph.values(self.studio.config("default", "main"))
        steps = self.studio.deps.repository.interactions("default", "main", result.turn)
        kept = tuple(thought for step in steps for thought in step.thoughts)
        return Turn(result, state["thoughts"], kept, tuple(steps))


@contextmanager
def team(folder: Path, context_tokens: int, seconds: float) -> Iterator[Team]:
    """A language model of 135 million parameters plans and codes, tiny random ones hear and see.

    Args:
        folder: where checkpoints and home are put.
        context_tokens: the window that language models get.
        seconds: most time of a model in one step.
    """
    small = small_model()
    if small is None:
        pytest.skip("the small language model is not installed: requirements/no-deps.txt")
    places = {name: folder / name for name in ("ear", "eye")}
    for place in places.values():
        place.mkdir(parents=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ear, eye = write_gama(places["ear"] / "model"), write_qwen2_5_vl(places["eye"] / "model")
    models = {
        "supervisor": f"llamacpp:{small}",
        "coder": f"llamacpp:{small}",
        "gama": f"gama:{ear}",
        "qwen_vl": f"transformers:{eye}",
    }
    home = folder / "home"
    settings = Settings.model_validate(
        {
            "home": home, "out": folder / "out", "models": "instruments", "embedder": "lexical",
            "context_tokens": context_tokens, "model_seconds": seconds, "needs_approval": (),
            **{f"{role}_model": spec for role, spec in models.items()},
        }
    )  # fmt: skip
    with open_studio(settings=settings) as studio:
        sound, drawn = tone(home / "clip.wav"), home / "screen.png"
        drawn.write_bytes(draw_spectrogram(sound, "clip").png)
        clip, picture = studio.attach([(sound, "audio"), (drawn, "image")])
        yield Team(studio, clip, picture, models)
