"""Any chat model as a LangChain chat model, so that LangGraph streams its answer's tokens."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field, SkipValidation

from grym_synth.errors import BadInput
from models.base import Answer, ChatModel, Ending, Message, Options, Piece, Role
from models.langchain_pictures import picture_of

_ROLES: dict[str, Role] = {"system": "system", "human": "user", "ai": "assistant"}


class GrymChat(BaseChatModel):
    """A chat model of this project behind LangChain's interface.

    Thinking comes as ``additional_kwargs["reasoning_content"]``, never in the content.
    """

    chat: SkipValidation[ChatModel]
    """Who answers."""
    options: SkipValidation[Options] = Field(default_factory=Options)
    """How; its cancel event is the caller's."""
    folder: Path | None = None
    """Where pictures lie that messages may name; None: they only come as bytes."""

    @property
    def _llm_type(self) -> str:
        return "grym"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        return self._result(self.chat.answer(self._told(messages), self.options))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        cancel = _AlsoCancelled(self.options.cancel)
        options = replace(self.options, cancel=cancel)
        try:
            answer = await asyncio.to_thread(self.chat.answer, self._told(messages), options)
            return self._result(answer)
        finally:
            cancel.set()

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        with closing(self.chat.stream(self._told(messages), self.options)) as pieces:
            for piece in pieces:
                chunk = self._chunk(piece)
                if run_manager is not None:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> AsyncIterator[ChatGenerationChunk]:
        cancel = _AlsoCancelled(self.options.cancel)
        pieces = self.chat.stream(self._told(messages), replace(self.options, cancel=cancel))
        try:
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                chunk = self._chunk(piece)
                if run_manager is not None:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        finally:
            cancel.set()

    def _told(self, messages: Sequence[BaseMessage]) -> list[Message]:
        return messages_of(messages, self.folder)

    def _result(self, answer: Answer) -> ChatResult:
        message = AIMessage(
            answer.text,
            additional_kwargs={"reasoning_content": answer.thinking} if answer.thinking else {},
            usage_metadata=_usage(answer.ending),
            response_metadata=self._metadata(answer.ending),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _chunk(self, piece: Piece) -> ChatGenerationChunk:
        message = AIMessageChunk(content=piece.text)
        if piece.thinking:
            message.additional_kwargs["reasoning_content"] = piece.thinking
        if piece.ending is not None:
            message.usage_metadata = _usage(piece.ending)
            message.response_metadata = self._metadata(piece.ending)
            message.chunk_position = "last"
        return ChatGenerationChunk(message=message)

    def _metadata(self, ending: Ending) -> dict[str, str]:
        return {"model_name": self.chat.name, "finish_reason": ending.finish}


class _AlsoCancelled(threading.Event):
    """Set when it is set itself, or when the caller's own event is."""

    def __init__(self, outer: threading.Event) -> None:
        super().__init__()
        self._outer = outer

    def is_set(self) -> bool:
        return super().is_set() or self._outer.is_set()


def messages_of(messages: Sequence[BaseMessage], folder: Path | None = None) -> list[Message]:
    """LangChain's messages in the project's words.

    Args:
        messages: of system, user and assistant; their content may hold text and images.
        folder: where pictures lie that they may name.

    Raises:
        BadInput: a message is of a tool, holds something that is neither text nor a picture, or
            names a picture that is not in the folder.
    """
    return [_message(one, folder) for one in messages]


def _message(one: BaseMessage, folder: Path | None) -> Message:
    role = _ROLES.get(one.type.removesuffix("MessageChunk").lower())
    if role is None:
        raise _unusable(f"a message of the kind {one.type}")
    if isinstance(one.content, str):
        return Message(role, one.content)
    texts: list[str] = []
    pictures: list[bytes] = []
    for block in one.content_blocks:
        match block:
            case {"type": "text", "text": str(text)}:
                texts.append(text)
            case {"type": "image"}:
                pictures.append(picture_of(block, folder))
            case {"type": "non_standard", "value": {"type": kind}} | {"type": kind}:
                raise _unusable(f"content of the kind {kind}")
    return Message(role, "\n".join(texts), tuple(pictures))


def _unusable(what: str) -> BadInput:
    return BadInput("handing messages to a model", f"there is {what}", "Send text or pictures")


def _usage(ending: Ending) -> UsageMetadata:
    return UsageMetadata(
        input_tokens=ending.tokens_in,
        output_tokens=ending.tokens_out,
        total_tokens=ending.tokens_in + ending.tokens_out,
    )
