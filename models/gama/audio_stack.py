"""From a clip to the places that it fills in the decoder: encoder, aggregator, Q-Former.

Source: Ghosh et al., "GAMA" (EMNLP 2024), as its released code computes it, which differs from the
paper's equations (1) and (2): the aggregator sees the encoder's last layer alone.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.models.blip_2.modeling_blip_2 import Blip2QFormerModel

from models.gama.audio_encoder import GamaAudioEncoder, GamaSelfAttention
from models.gama.configuration import GamaAudioConfig, GamaConfig

_PROJECTION_EPS = 1e-5


class GamaAggregatorLayer(nn.Module):
    """A transformer block as in BERT: it normalises after each sum."""

    def __init__(self, config: GamaAudioConfig) -> None:
        super().__init__()
        width, eps = config.hidden_size, config.aggregator_layer_norm_eps
        self.attention = GamaSelfAttention(width, config.aggregator_attention_heads)
        self.norm1 = nn.LayerNorm(width, eps=eps)
        self.fc1 = nn.Linear(width, config.aggregator_intermediate_size)
        self.fc2 = nn.Linear(config.aggregator_intermediate_size, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, places, width) to the same shape."""
        hidden = self.norm1(hidden + self.attention(hidden))
        out: Tensor = self.norm2(hidden + self.fc2(functional.gelu(self.fc1(hidden))))
        return out


class GamaProjection(nn.Module):
    """Two linear layers into the decoder's width, after a layer norm without parameters."""

    def __init__(self, width: int, decoder_width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=_PROJECTION_EPS, elementwise_affine=False)
        self.fc1 = nn.Linear(width, decoder_width)
        self.fc2 = nn.Linear(decoder_width, decoder_width)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, places, width) to (batch, places, decoder width)."""
        out: Tensor = self.fc2(functional.gelu(self.fc1(self.norm(hidden))))
        return out


class GamaAudioStack(nn.Module):
    """All that lies before the decoder; it stays in float32 whatever the decoder's precision."""

    def __init__(self, config: GamaConfig) -> None:
        super().__init__()
        audio, qformer, decoder_width = config.audio, config.qformer, config.text.hidden_size
        self.encoder = GamaAudioEncoder(audio)
        self.aggregator = nn.ModuleList(
            GamaAggregatorLayer(audio) for _ in range(audio.num_aggregator_layers)
        )
        self.query_tokens = nn.Parameter(
            torch.zeros(1, config.num_query_tokens, qformer.hidden_size)
        )
        self.qformer_norm = nn.LayerNorm(audio.hidden_size, eps=audio.layer_norm_eps)
        self.qformer = Blip2QFormerModel(qformer)
        self.qformer_projection = GamaProjection(qformer.hidden_size, decoder_width)
        self.aggregator_projection = GamaProjection(audio.hidden_size, decoder_width)

    def forward(self, features: Tensor) -> Tensor:
        """Embed clips.

        Args:
            features: (batch, 1024, 128), normalised, of any float type.

        Returns:
            (batch, 96, decoder width): 32 places of the Q-Former, then 64 of the aggregator.
        """
        pooled = self.encoder(features.to(self.query_tokens.dtype))
        aggregated = pooled
        for layer in self.aggregator:
            aggregated = layer(aggregated)
        asked = self.qformer(
            query_embeds=self.query_tokens.expand(len(pooled), -1, -1),
            encoder_hidden_states=self.qformer_norm(pooled),
        ).last_hidden_state
        parts = [self.qformer_projection(asked), self.aggregator_projection(aggregated)]
        return torch.cat(parts, dim=1)
