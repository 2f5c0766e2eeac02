"""From sound to what GAMA's encoder takes: one clip of 10.24 s as 1024 x 128 log-mel features."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BatchFeature
from transformers.feature_extraction_sequence_utils import SequenceFeatureExtractor

from grym_synth.errors import SoundUnusable
from models.gama.fbank import FRAME, HOP, MEL_BINS, RATE_HZ, frames_of, log_mel, resample

Channel = Literal["left", "mean"]
Sound = NDArray[np.floating] | Tensor
"""One sound: floats in -1..1, (samples,) or (channels, samples)."""

_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 1_000, 768_000
_SILENT_PEAK = 2**-16
"""Half a step of 16-bit audio."""


class GamaInputs(BatchFeature):
    """What the model takes, with a note on what it doesn't get to hear."""

    cut_seconds: tuple[float, ...] = ()
    """Of each sound, the seconds at its end that were cut off."""


class GamaFeatureExtractor(SequenceFeatureExtractor):
    """Turn sounds into normalised log-mel features, (batch, 1024, 128), as GAMA was trained on."""

    model_input_names = ["input_features"]  # noqa: RUF012

    def __init__(
        self,
        max_length: int = 1024,
        mean: float = -5.081,
        std: float = 4.4849,
        channel: Channel = "left",
        **kwargs: object,
    ) -> None:
        """Set the recipe.

        Args:
            max_length: Frames of 10 ms that a clip is padded or cut to.
            mean: Subtracted from each log-mel value, also from the padding's zeros.
            std: Each value is then divided by it.
            channel: ``left`` hears the first channel alone, as GAMA was trained; ``mean`` the
                average of all.
            kwargs: What ``transformers`` saves beside these.
        """
        for fixed in ("feature_size", "sampling_rate", "padding_value"):
            kwargs.pop(fixed, None)
        super().__init__(MEL_BINS, RATE_HZ, 0.0, **kwargs)
        self.max_length, self.mean, self.std, self.channel = max_length, mean, std, channel

    def __call__(
        self,
        audio: Sound | Sequence[Sound],
        sampling_rate: int,
        channel: Channel | None = None,
    ) -> GamaInputs:
        """Compute the features of one sound, or of each in a list.

        Args:
            audio: Floats in -1..1, (samples,) or (channels, samples); a list is a batch.
            sampling_rate: Of all of them, in hertz; anything but 16 kHz is resampled.
            channel: Overrides the extractor's own choice.

        Returns:
            ``input_features``, float32, (batch, max_length, 128); ``cut_seconds`` beside it.

        Raises:
            SoundUnusable: It is too short, silent, not all numbers, or the rate is impossible.
        """
        _check_rate(sampling_rate)
        sounds = list(audio) if isinstance(audio, Sequence) else [audio]
        prepared = [self.features(one, sampling_rate, channel) for one in sounds]
        inputs = GamaInputs({"input_features": torch.stack(prepared)})
        inputs.cut_seconds = tuple(self.cut_seconds(one.shape[-1], sampling_rate) for one in sounds)
        return inputs

    def cut_seconds(self, samples: int, sampling_rate: int) -> float:
        """How many seconds at the end of a sound of this length are not heard."""
        frames = frames_of(_resampled_length(samples, sampling_rate))
        return max(0, frames - self.max_length) * HOP / RATE_HZ

    def features(self, sound: Sound, rate_hz: int, channel: Channel | None = None) -> Tensor:
        """The features of one sound: float32, (max_length, 128)."""
        waveform = _as_channels(sound)
        if frames_of(_resampled_length(waveform.shape[1], rate_hz)) == 0:
            seconds = waveform.shape[1] / rate_hz
            raise SoundUnusable(
                "hear a sound",
                f"it is {seconds:.4f} s long, and one frame takes {FRAME / RATE_HZ} s",
                "Give a longer excerpt.",
            )
        mean = waveform.mean()
        heard = self._heard(waveform, rate_hz, channel or self.channel)
        return self.normalised(log_mel(heard - mean))

    def _heard(self, waveform: Tensor, rate_hz: int, channel: Channel) -> Tensor:
        """The samples at 16 kHz that the clip is made of: (samples,)."""
        wanted = (self.max_length - 1) * HOP + FRAME
        margin = rate_hz // 100
        excerpt = waveform[:, : math.ceil(wanted * rate_hz / RATE_HZ) + margin]
        one = excerpt[:1] if channel == "left" else excerpt.mean(dim=0, keepdim=True)
        if (one - one.mean()).abs().max() < _SILENT_PEAK:
            raise SoundUnusable(
                "hear a sound",
                f"its {channel} channel is silent"
                if channel == "left" and len(waveform) > 1
                else "it is silent",
                "Give a part that sounds, or another channel.",
            )
        return resample(one, rate_hz)[0, :wanted]

    def normalised(self, features: Tensor) -> Tensor:
        """Pad with zeros or cut to ``max_length`` frames, and only then normalise."""
        clip = torch.zeros(self.max_length, features.shape[1])
        clip[: len(features)] = features[: self.max_length]
        return (clip - self.mean) / self.std


def _resampled_length(samples: int, rate_hz: int) -> int:
    return math.ceil(samples * RATE_HZ / rate_hz)


def _check_rate(rate_hz: int) -> None:
    if rate_hz != int(rate_hz) or not _LOWEST_RATE_HZ <= rate_hz <= _HIGHEST_RATE_HZ:
        raise SoundUnusable(
            "hear a sound",
            f"a sampling rate of {rate_hz} Hz can't be",
            f"Give a whole number from {_LOWEST_RATE_HZ} to {_HIGHEST_RATE_HZ}.",
        )


def _as_channels(sound: Sound) -> Tensor:
    """Check a sound and give it as float32, (channels, samples)."""
    tensor = torch.as_tensor(sound)
    shape = tuple(tensor.shape)
    if not tensor.is_floating_point() or tensor.ndim not in (1, 2) or min(shape) == 0:
        raise SoundUnusable(
            "hear a sound",
            f"it is {tensor.dtype} of shape {shape}",
            "Give floats in -1..1, (samples,) or (channels, samples).",
        )
    channels = tensor.reshape(-1, shape[-1]).to("cpu", torch.float32)
    if len(channels) > shape[-1]:
        raise SoundUnusable(
            "hear a sound",
            f"{len(channels)} channels of {shape[-1]} samples can't be",
            "Give (channels, samples), not (samples, channels).",
        )
    if not channels.isfinite().all():
        raise SoundUnusable(
            "hear a sound", "it holds values that are not numbers", "Decode the file anew."
        )
    return channels
