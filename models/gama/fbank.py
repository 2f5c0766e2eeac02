"""Log-mel features and resampling, bit for bit as Kaldi's recipe in float32 gives them.

Sources: Kaldi's ``feature-fbank`` and ``mel-computations`` for the filter bank, J. O. Smith's
"Digital Audio Resampling" (windowed sinc) for the resampler. The order of the float32 operations is
part of the recipe: near-silent bins amplify a difference of 2e-7 to 0.5 in the logarithm.
"""

import math
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

RATE_HZ = 16_000
FRAME = 400
"""Samples of one frame: 25 ms."""
HOP = 160
"""Samples between frames: 10 ms."""
MEL_BINS = 128
_FFT = 512
_LOWEST_HZ = 20.0
_PRE_EMPHASIS = 0.97
_EPSILON = 1.1920928955078125e-07
_ZERO_CROSSINGS = 6
"""Of the sinc, on each side: how far the resampling filter reaches."""
_ROLLOFF = 0.99


def frames_of(samples: int) -> int:
    """How many whole frames fit into some samples at 16 kHz."""
    return 0 if samples < FRAME else 1 + (samples - FRAME) // HOP


def log_mel(waveform: Tensor) -> Tensor:
    """Kaldi's log-mel filter bank of one channel.

    Args:
        waveform: float32, (samples,), -1..1, at 16 kHz, at least 400 samples.

    Returns:
        float32, (frames, 128), natural logarithm of the power in each mel band; a bin without
        power has -15.942385.
    """
    frames = waveform.unfold(0, FRAME, HOP)
    frames = frames - frames.mean(dim=1, keepdim=True)
    before = functional.pad(frames.unsqueeze(0), (1, 0), mode="replicate").squeeze(0)
    frames = frames - _PRE_EMPHASIS * before[:, :-1]
    frames = frames * torch.hann_window(FRAME, periodic=False)
    frames = functional.pad(frames, (0, _FFT - FRAME))
    power = torch.fft.rfft(frames).abs().pow(2.0)
    return torch.mm(power, _mel_filters().T).clamp(min=_EPSILON).log()


@cache
def _mel_filters() -> Tensor:
    """Triangles that are linear in mel: float32, (128, 257); the Nyquist bin is in none."""
    low, high = _mel(_LOWEST_HZ), _mel(RATE_HZ / 2)
    step = (high - low) / (MEL_BINS + 1)
    index = torch.arange(MEL_BINS).unsqueeze(1)
    left, centre, right = low + index * step, low + (index + 1.0) * step, low + (index + 2.0) * step
    bins = RATE_HZ / _FFT * torch.arange(_FFT // 2)
    mel = (1127.0 * (1.0 + bins / 700.0).log()).unsqueeze(0)
    rising, falling = (mel - left) / (centre - left), (right - mel) / (right - centre)
    return functional.pad(torch.minimum(rising, falling).clamp(min=0.0), (0, 1))


def _mel(hertz: float) -> float:
    return 1127.0 * math.log(1.0 + hertz / 700.0)


def resample(waveform: Tensor, rate_hz: int) -> Tensor:
    """Bring sound to 16 kHz with a sinc filter under a Hann window of six zero crossings.

    Args:
        waveform: float32, (channels, samples), at ``rate_hz``.
        rate_hz: Any rate; time and memory grow with the ratio of the two rates, not with how
            awkward it is.

    Returns:
        float32, (channels, ceil(samples * 16000 / rate_hz)).
    """
    if rate_hz == RATE_HZ:
        return waveform
    divisor = math.gcd(rate_hz, RATE_HZ)
    old, new = rate_hz // divisor, RATE_HZ // divisor
    width = math.ceil(_ZERO_CROSSINGS * old / (min(old, new) * _ROLLOFF))
    offsets, kernel = _sinc_kernel(old, new, width)
    wanted = math.ceil(new * waveform.shape[1] / old)
    out = torch.arange(wanted)
    phase = out % new
    start = torch.div(out, new, rounding_mode="floor") * old + offsets[phase] + width
    taps = kernel.shape[1]
    padded = functional.pad(waveform, (width, width + old + taps))
    windows = padded.unfold(1, taps, 1)[:, start]
    return (windows * kernel[phase]).sum(-1)


def _sinc_kernel(old: int, new: int, width: int) -> tuple[Tensor, Tensor]:
    """The filter of each output phase, only where it isn't zero.

    Returns:
        offsets: int64, (new,): first input sample of each phase, relative to its block of ``old``.
        kernel: float32, (new, taps).
    """
    steps = torch.arange(new)
    offsets = torch.div(steps * old, new, rounding_mode="floor") - width
    index = offsets[:, None] + torch.arange(2 * width + 2)
    cutoff = min(old, new) * _ROLLOFF
    time = (-steps / new)[:, None] + index / old
    time = (time * cutoff).clamp(-_ZERO_CROSSINGS, _ZERO_CROSSINGS)
    window = torch.cos(time * math.pi / _ZERO_CROSSINGS / 2) ** 2
    angle = time * math.pi
    sinc = torch.where(angle == 0, torch.ones(()), angle.sin() / angle)
    return offsets, sinc * (window * (cutoff / old))
