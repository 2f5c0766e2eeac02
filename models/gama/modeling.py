"""The whole of GAMA: clips become 96 embeddings before the text, and Llama goes on from there."""

from typing import cast

import torch
from torch import LongTensor, Tensor, nn
from transformers import GenerationMixin, LlamaModel
from transformers.cache_utils import Cache
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.modeling_utils import PreTrainedModel

from grym_synth.errors import BadInput
from models.gama.audio_encoder import GamaAudioEncoder
from models.gama.audio_stack import GamaAudioStack
from models.gama.configuration import GamaConfig


class GamaPreTrainedModel(PreTrainedModel):
    """What loading and saving need to know."""

    config: GamaConfig
    config_class = GamaConfig
    base_model_prefix = "model"
    input_modalities = ["audio", "text"]  # noqa: RUF012
    supports_gradient_checkpointing = False
    _supports_sdpa = True
    _supports_attention_backend = True
    _no_split_modules = ["GamaAudioStack", "LlamaDecoderLayer"]  # noqa: RUF012
    _skip_keys_device_placement = ["past_key_values"]  # noqa: RUF012
    _keep_in_fp32_modules_strict = ["audio_stack"]  # noqa: RUF012

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        """Give an untrained model small random weights."""
        super()._init_weights(module)  # type: ignore[no-untyped-call]
        spread = self.config.initializer_range
        if isinstance(module, GamaAudioEncoder):
            nn.init.normal_(module.position_embedding, std=spread)
            nn.init.normal_(module.modality_embedding, std=spread)
        elif isinstance(module, GamaAudioStack):
            nn.init.normal_(module.query_tokens, std=spread)


class GamaModel(GamaPreTrainedModel):
    """Audio stack and decoder, without the head."""

    def __init__(self, config: GamaConfig) -> None:
        super().__init__(config)
        self.language_model = LlamaModel(config.text)  # first: its precision is the model's dtype
        self.audio_stack = GamaAudioStack(config)
        self.post_init()  # type: ignore[no-untyped-call]

    def get_input_embeddings(self) -> nn.Module:
        """The embeddings of text."""
        return self.language_model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the embeddings of text."""
        self.language_model.set_input_embeddings(value)

    def get_audio_features(self, input_features: Tensor) -> Tensor:
        """Embed clips: (batch, 1024, 128) to (batch, 96, decoder width)."""
        return cast(Tensor, self.audio_stack(input_features))

    def embed(self, input_ids: Tensor, input_features: Tensor | None) -> Tensor:
        """Embed text, and put the clips' embeddings where their places are.

        Args:
            input_ids: int64, (batch, places).
            input_features: (clips, 1024, 128); clips fill the places in order.

        Returns:
            (batch, places, decoder width).

        Raises:
            BadInput: There are more or fewer places than the clips fill.
        """
        embeddings = self.language_model.get_input_embeddings()
        if input_features is None and input_ids.shape[1] == 1:  # one more token of an answer
            return cast(Tensor, embeddings(input_ids))
        places = input_ids.eq(cast(int, self.config.audio_token_index))
        left, clips = int(places.sum()), 0 if input_features is None else len(input_features)
        if left != clips * self.config.audio_places:
            raise BadInput(
                "put sound before the text",
                f"{left} places were left for {clips} clips of {self.config.audio_places} each",
                "Let GamaProcessor make the model's inputs.",
            )
        embedded = cast(Tensor, embeddings(input_ids.masked_fill(places, 0)))
        if input_features is None:
            return embedded
        heard = self.get_audio_features(input_features).to(embedded)
        return embedded.masked_scatter(places.unsqueeze(-1), heard)

    def forward(
        self,
        input_ids: Tensor | None = None,
        input_features: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: LongTensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        use_cache: bool | None = None,
        **kwargs: object,
    ) -> BaseModelOutputWithPast:
        """Run the decoder over clips and text; see ``embed`` for the shapes."""
        if inputs_embeds is None:
            assert input_ids is not None
            inputs_embeds = self.embed(input_ids, input_features)
        outputs = self.language_model(
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            use_cache=use_cache,
            **kwargs,
        )
        return cast(BaseModelOutputWithPast, outputs)


class GamaForConditionalGeneration(GamaPreTrainedModel, GenerationMixin):
    """GAMA with its head: it answers a question about a clip."""

    def __init__(self, config: GamaConfig) -> None:
        super().__init__(config)
        self.model = GamaModel(config)
        self.lm_head = nn.Linear(config.text.hidden_size, config.text.vocab_size, bias=False)
        self.post_init()  # type: ignore[no-untyped-call]

    def get_input_embeddings(self) -> nn.Module:
        """The embeddings of text."""
        return cast(nn.Module, self.model.get_input_embeddings())

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the embeddings of text."""
        self.model.set_input_embeddings(value)

    def get_audio_features(self, input_features: Tensor) -> Tensor:
        """Embed clips: (batch, 1024, 128) to (batch, 96, decoder width)."""
        return cast(Tensor, self.model.get_audio_features(input_features))

    def forward(
        self,
        input_ids: Tensor | None = None,
        input_features: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: LongTensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,
        **kwargs: object,
    ) -> CausalLMOutputWithPast:
        """Predict the next token at each place.

        Args:
            input_ids: int64, (batch, 96 + tokens): the places of a clip, then the text.
            input_features: (clips, 1024, 128).
            attention_mask: 1 where there is something, (batch, 96 + tokens).
            position_ids: Counted from the first place that isn't padding, if not given.
            past_key_values: The cache of earlier places.
            inputs_embeds: Instead of ids and features.
            use_cache: Whether to give back the cache.
            logits_to_keep: The last so many places only, or an index of places; 0 for all.
            kwargs: Passed on to the decoder.

        Returns:
            ``logits``, (batch, places kept, vocabulary), and the cache.
        """
        outputs = self.model(
            input_ids=input_ids,
            input_features=input_features,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            use_cache=use_cache,
            **kwargs,
        )
        kept = slice(-logits_to_keep, None) if isinstance(logits_to_keep, int) else logits_to_keep
        return CausalLMOutputWithPast(
            logits=self.lm_head(outputs.last_hidden_state[:, kept]),
            past_key_values=outputs.past_key_values,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )
