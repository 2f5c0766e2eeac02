"""GAMA's encoder: the audio branch of CAV-MAE, a vision transformer over a log-mel spectrogram.

Sources: Gong et al., "Contrastive Audio-Visual Masked Autoencoder" (ICLR 2023) for the encoder;
its blocks are those of Dosovitskiy et al. (2021) with layer norms of epsilon 1e-5.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.gama.configuration import GamaAudioConfig


class GamaSelfAttention(nn.Module):
    """Multi-head self-attention with one matrix for queries, keys and values, in that order."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """Mix positions: (batch, places, width) to the same shape."""
        batch, places, width = hidden.shape
        split = self.qkv(hidden).view(batch, places, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        out: Tensor = self.proj(mixed.transpose(1, 2).reshape(batch, places, width))
        return out


class GamaAudioLayer(nn.Module):
    """A transformer block that normalises before attention and before its two linear layers."""

    def __init__(self, config: GamaAudioConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.norm1 = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.attention = GamaSelfAttention(width, config.num_attention_heads)
        self.norm2 = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.fc1 = nn.Linear(width, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, patches, width) to the same shape."""
        hidden = hidden + self.attention(self.norm1(hidden))
        out: Tensor = hidden + self.fc2(functional.gelu(self.fc1(self.norm2(hidden))))
        return out


class GamaAudioEncoder(nn.Module):
    """Patches of a log-mel spectrogram, attended to by twelve blocks."""

    def __init__(self, config: GamaAudioConfig) -> None:
        super().__init__()
        self.time_patches = config.time_patches
        self.feature_divisor = config.feature_divisor
        width, side = config.hidden_size, config.patch_size
        patches = config.frequency_patches * config.time_patches
        self.patch_embedding = nn.Conv2d(1, width, side, side)
        self.position_embedding = nn.Parameter(torch.zeros(1, patches, width))
        self.modality_embedding = nn.Parameter(torch.zeros(1, 1, width))
        self.layers = nn.ModuleList(GamaAudioLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = nn.LayerNorm(width, eps=config.layer_norm_eps)

    def forward(self, features: Tensor) -> Tensor:
        """Encode clips.

        Args:
            features: float, (batch, frames, mel bins), normalised.

        Returns:
            (batch, frames / 16, width): the mean over frequency, divided by 50.
        """
        patches = self.patch_embedding(features.unsqueeze(1).transpose(2, 3))
        hidden: Tensor = patches.flatten(2).transpose(1, 2)  # frequency-major
        hidden = hidden + self.position_embedding + self.modality_embedding
        for layer in self.layers:
            hidden = layer(hidden)
        hidden = self.norm(hidden)
        grid = hidden.view(len(hidden), -1, self.time_patches, hidden.shape[-1])
        return grid.mean(dim=1) / self.feature_divisor
