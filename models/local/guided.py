"""An answer that is held to a JSON schema while it is generated, by llguidance."""

import json
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer
from torch import Tensor
from transformers import LogitsProcessor, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from grym_synth.errors import ModelUnable
from models.base import JsonSchema

_TRIED = "holding a model to a schema"


class Guide:
    """Knows a tokenizer's words; making it takes a second for a large one."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, ends: Sequence[int]) -> None:
        """Read the words.

        Args:
            tokenizer: a fast one.
            ends: the ids with which the model may end its answer.

        Raises:
            ModelUnable: it is no fast one.
        """
        if not isinstance(tokenizer, PreTrainedTokenizerFast):
            do = "Ask without a schema, or take a checkpoint with a tokenizer.json"
            raise ModelUnable(_TRIED, "its tokenizer is not in one file", do)
        self._words = from_tokenizer(tokenizer, eos_token=list(ends))
        self._grammar = lru_cache(maxsize=32)(self._compiled)

    def held_to(self, schema: JsonSchema, rows: int = 1) -> LogitsProcessor:
        """What keeps the answers of one call to a schema.

        Raises:
            ModelUnable: the schema has a part that can't be kept to.
        """
        grammar = self._grammar(json.dumps(schema))
        return _Held([LLMatcher(self._words, grammar, log_level=0) for _ in range(rows)])

    def _compiled(self, schema: str) -> str:
        grammar = LLMatcher.grammar_from_json_schema(
            schema, overrides={"whitespace_flexible": False}
        )
        broken, told = LLMatcher.validate_grammar_with_warnings(grammar, self._words)
        if broken:
            raise ModelUnable(_TRIED, told[0][:300], "Ask for a simpler form")
        return grammar


class _Held(LogitsProcessor):
    """Leaves each row only the tokens with which its answer can go on."""

    def __init__(self, matchers: Sequence[LLMatcher]) -> None:
        self._matchers = matchers
        self._read: int | None = None

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Take what was said last, and forbid what can't come next."""
        if self._read is not None:
            for matcher, row in zip(self._matchers, input_ids, strict=True):
                if not matcher.is_stopped():
                    matcher.consume_tokens(row[self._read :].tolist())
        self._read = input_ids.shape[1]
        allowed = torch.zeros(scores.shape, dtype=torch.bool)
        for row, matcher in enumerate(self._matchers):
            if matcher.is_error():
                raise ModelUnable(_TRIED, matcher.get_error()[:300], "Ask for a simpler form")
            bits = np.frombuffer(matcher.compute_bitmask(), np.uint8)
            words = np.unpackbits(bits, bitorder="little")[: scores.shape[1]]
            allowed[row, : len(words)] = torch.from_numpy(words.astype(bool))
        return scores.masked_fill(~allowed.to(scores.device), float("-inf"))
