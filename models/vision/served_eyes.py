"""How a server's model sees, asked of the server."""

from collections.abc import Mapping
from dataclasses import replace

from grym_synth.errors import ModelFault
from models.base import Facts, Options
from models.folders import folder_of
from models.ollama_server import OllamaServer
from models.openai import OpenAIChat
from models.scripted import ScriptedChat
from models.vision.checkpoint_eyes import read_eyes
from models.vision.eyes import Eyes
from models.watch import Watch

_ASK_SECONDS = 10.0
"""Longest wait for it, where the caller sets no limit."""
_MOST_CELLS = 1280
"""Cells of the largest picture that is sent: no server makes it smaller, no window is filled."""

UNTOLD = Eyes(cell=28, least_pixels=56 * 56, most_pixels=28 * 28 * _MOST_CELLS, coordinates=None)
"""What is assumed where no server tells: small cells, so that tokens are not undercounted."""

_LIBRARY: Mapping[str, Eyes] = {
    "qwen25vl": replace(UNTOLD, coordinates="pixels"),
    "qwen3vl": Eyes(32, 256 * 256, 32 * 32 * _MOST_CELLS, "thousandths"),
    "qwen3vlmoe": Eyes(32, 256 * 256, 32 * 32 * _MOST_CELLS, "thousandths"),
}
"""By the architectures of Ollama's own library. ``qwen2vl`` is left out: Qwen2-VL and Qwen2.5-VL
share this name in files from elsewhere and tell places differently."""


def ollama_eyes(url: str, model: str, options: Options | None = None) -> Eyes:
    """How a model of an Ollama server sees.

    Raises:
        ModelFault: the server does not answer, or does not have the model.
    """
    limits = options or Options(seconds=_ASK_SECONDS)
    with Watch(f"ollama:{model}", limits) as watch:
        watch.check()
        shown = OllamaServer(url).show(model, watch)
    known = _LIBRARY.get(shown.architecture)
    if known is None:
        return UNTOLD
    merged = shown.merged_patches or 2
    cell = shown.patch_pixels * merged if shown.patch_pixels else known.cell
    return replace(known, cell=cell, most_pixels=cell**2 * _MOST_CELLS)


class OpenAIVisionChat(OpenAIChat):
    """A model that a server offers and that its user says can see: most servers don't tell."""

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees, where the server runs a checkpoint that lies on this machine too.

        Raises:
            ModelFault: the server does not answer, or does not have the model.
        """
        self.facts(options)
        try:
            told = read_eyes(folder_of(self._root), self.name)
        except ModelFault:
            return UNTOLD
        return replace(told, most_pixels=min(told.most_pixels, told.cell**2 * _MOST_CELLS))

    def _ask_facts(self, watch: Watch) -> Facts:
        facts = super()._ask_facts(watch)
        return facts if self._tokenizes else replace(facts, images=True)


def scripted_eyes(chat: ScriptedChat, options: Options | None = None) -> Eyes:
    """How a scripted model is said to see: as one of Qwen's that tells places in this way."""
    seen = (one for one in _LIBRARY.values() if one.coordinates == chat.abilities.coordinates)
    return next(seen)
