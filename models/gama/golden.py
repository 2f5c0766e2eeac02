"""A golden set: recorded outputs of the reference, and the model that its files make."""

import json
from pathlib import Path
from typing import cast
from zipfile import BadZipFile

import numpy as np
import soundfile
import torch
from torch import Tensor

from grym_synth.errors import BadInput
from models.gama.assembly import LORA_SCALE, Assembly
from models.gama.feature_extraction import GamaFeatureExtractor
from models.gama.modeling import GamaForConditionalGeneration
from models.gama.published import open_gama, open_llama, read_config


class Golden:
    """The files of one folder; ``BadInput`` or ``WeightsUnusable`` for what can't be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = read_config(folder)
        try:
            with (folder / "golden.npz").open("rb") as opened:
                self.recorded: dict[str, np.ndarray] = dict(np.load(opened))
            sizes = json.loads((folder / "config.json").read_text())
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise _unreadable(folder, str(error)) from error
        if not self.clips:
            raise _unreadable(folder, "it holds no audio*.wav")
        lora = sizes.get("lora", {})
        self.lora_scale = lora["lora_alpha"] / lora["r"] if lora else LORA_SCALE
        self.extractor = GamaFeatureExtractor(max_length=self.config.audio.max_length)

    def model(self, lora_scale: float | None = None) -> GamaForConditionalGeneration:
        """The model in float32; a scale of 0 leaves the adapter out."""
        scale = self.lora_scale if lora_scale is None else lora_scale
        adapter = open_gama(self.folder / "pytorch_model.bin")
        assembly = Assembly.of(self.config, open_llama(self.folder), adapter, scale)
        weights = {name: assembly.make(name) for name in assembly.shapes}
        model = GamaForConditionalGeneration(self.config)
        model.load_state_dict(weights, strict=True)
        model.eval()  # type: ignore[no-untyped-call]
        return model

    def sound(self, clip: str) -> tuple[Tensor, int]:
        """A clip's samples, (channels, samples), and rate."""
        try:
            samples, rate_hz = soundfile.read(
                self.folder / f"{clip}.wav", dtype="float32", always_2d=True
            )
        except soundfile.LibsndfileError as error:
            raise _unreadable(self.folder, str(error)) from error
        return torch.from_numpy(np.ascontiguousarray(samples.T)), rate_hz

    def features(self, clip: str) -> Tensor:
        """The reference's own features of a clip: (1, 1024, 128)."""
        recorded = torch.from_numpy(self.array(f"{clip}.fbank_raw"))
        return self.extractor.normalised(recorded)[None]

    def ids(self, name: str = "input_ids") -> Tensor:
        """A prompt's ids: (1, tokens)."""
        return torch.from_numpy(self.array(name))

    def array(self, name: str) -> np.ndarray:
        """What was recorded under a name; raises ``BadInput`` if nothing was."""
        if name not in self.recorded:
            raise _unreadable(self.folder, f"golden.npz has no {name}")
        return self.recorded[name]

    def with_places(self, ids: Tensor) -> Tensor:
        """Put the places of a clip before a prompt."""
        places = torch.full(
            (len(ids), self.config.audio_places), cast(int, self.config.audio_token_index)
        )
        return torch.cat([places, ids], dim=1)

    @property
    def clips(self) -> list[str]:
        """Names of the clips, such as ``audio0``."""
        return sorted(path.stem for path in self.folder.glob("audio*.wav"))


def _unreadable(folder: Path, why: str) -> BadInput:
    return BadInput(
        f"read the golden set {folder}", why.rstrip("."), "Name a folder that holds one."
    )
