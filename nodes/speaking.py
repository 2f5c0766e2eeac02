"""The answer as chat pages hear it: token by token, in the stream of messages.

Nothing else is in that stream: what models plan, judge and write on the way are typed decisions,
which are checked before anything is said, and no part of the conversation. Answers of models are
checked as well, so that the stream begins once they hold.
"""

import re
from collections.abc import Iterator

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

_SHORTEST = 24
"""Characters that a piece has at least: each is an event with much around it."""


def spoken_aloud(text: str, message_id: str) -> AIMessage:
    """A message, once whoever follows the run has heard it piece by piece.

    Args:
        text: what it says, Markdown.
        message_id: its id; the pieces have the same.
    """
    for _ in _Voice(message_id=message_id).stream(text):
        pass
    return AIMessage(text, id=message_id)


class _Voice(BaseChatModel):
    """Says what it is told; LangGraph streams what chat models say and nothing else."""

    message_id: str

    @property
    def _llm_type(self) -> str:
        return "voice"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        message = AIMessage(messages[-1].text, id=self.message_id)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        *others, last = pieces(messages[-1].text)
        for piece in others:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece, id=self.message_id))
        end = AIMessageChunk(content=last, id=self.message_id, chunk_position="last")
        yield ChatGenerationChunk(message=end)


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of whole words that together are the text."""
    held = ""
    for word in re.findall(r"\s*\S+|\s+", text):
        held += word
        if len(held) >= _SHORTEST:
            yield held
            held = ""
    if held:
        yield held
