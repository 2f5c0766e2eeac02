"""The sizes of GAMA's parts; the defaults are those of the published checkpoints."""

from huggingface_hub.dataclasses import strict
from transformers import Blip2QFormerConfig, LlamaConfig
from transformers.configuration_utils import PreTrainedConfig, SubConfigSpec

NAME = "gama"
"""The model type, in ``config.json`` and in the registries of ``transformers``."""


@strict
class GamaAudioConfig(PreTrainedConfig):
    """Sizes of the audio encoder (CAV-MAE's audio branch) and of the aggregator above it."""

    model_type = "gama_audio"
    base_config_key = "audio_config"

    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    patch_size: int = 16
    """Side of a square patch, in mel bins and frames."""
    num_mel_bins: int = 128
    max_length: int = 1024
    """Frames of 10 ms that one clip has after padding or cutting."""
    layer_norm_eps: float = 1e-5
    feature_divisor: float = 50.0
    """What the pooled features are divided by. It matters: layer norms with an epsilon follow."""
    num_aggregator_layers: int = 2
    aggregator_attention_heads: int = 12
    aggregator_intermediate_size: int = 3072
    aggregator_layer_norm_eps: float = 1e-12
    initializer_range: float = 0.02

    @property
    def frequency_patches(self) -> int:
        """Patches along the frequency axis."""
        return self.num_mel_bins // self.patch_size

    @property
    def time_patches(self) -> int:
        """Patches along the time axis, which is how many places the aggregator fills."""
        return self.max_length // self.patch_size


@strict
class GamaConfig(PreTrainedConfig):
    """Sizes of the whole model: audio part, Q-Former and Llama decoder."""

    model_type = NAME
    attribute_map = {"audio_token_id": "audio_token_index"}  # noqa: RUF012
    sub_configs_defaults = {  # noqa: RUF012
        "text_config": SubConfigSpec(LlamaConfig),
        "audio_config": SubConfigSpec(GamaAudioConfig),
        "qformer_config": SubConfigSpec(Blip2QFormerConfig),
    }

    text_config: dict[str, object] | PreTrainedConfig | None = None
    audio_config: dict[str, object] | PreTrainedConfig | None = None
    qformer_config: dict[str, object] | PreTrainedConfig | None = None
    num_query_tokens: int = 32
    """Places in the decoder that the Q-Former fills."""
    audio_token_index: int | None = None
    """Id that marks a place for audio; by default the first after the vocabulary, so that neither
    embedding nor head grows, and no text can produce it."""
    tie_word_embeddings: bool = False
    initializer_range: float = 0.02

    def __post_init__(self, **kwargs: object) -> None:
        if self.qformer_config is None:
            self.qformer_config = Blip2QFormerConfig(encoder_hidden_size=768)
        super().__post_init__(**kwargs)  # type: ignore[no-untyped-call]
        if self.audio_token_index is None:
            self.audio_token_index = self.text.vocab_size

    @property
    def text(self) -> LlamaConfig:
        """The decoder's sizes."""
        assert isinstance(self.text_config, LlamaConfig)
        return self.text_config

    @property
    def audio(self) -> GamaAudioConfig:
        """The audio encoder's and the aggregator's sizes."""
        assert isinstance(self.audio_config, GamaAudioConfig)
        return self.audio_config

    @property
    def qformer(self) -> Blip2QFormerConfig:
        """The Q-Former's sizes."""
        assert isinstance(self.qformer_config, Blip2QFormerConfig)
        return self.qformer_config

    @property
    def audio_places(self) -> int:
        """Places before the text that one clip fills: 96 as published."""
        return self.num_query_tokens + self.audio.time_patches
