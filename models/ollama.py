"""Chat models that an Ollama server runs, through LangChain's ChatOllama."""

import base64
from collections.abc import Generator, Sequence

import httpx
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    BaseMessageChunk,
    HumanMessage,
    SystemMessage,
)
from langchain_ollama import ChatOllama
from ollama import ResponseError

from models.base import Ending, Facts, Message, Options, Piece
from models.faults import Refused, server_fault
from models.lessening import half_window
from models.ollama_server import OllamaServer
from models.runtime import ChatRuntime
from models.watch import Watch
from models.wire import WatchedTransport, call_timeout

_NANO = 1e-9

_FAULTS = (httpx.HTTPError, ValueError, TypeError, LookupError, AttributeError)
"""What ChatOllama lets through when a server is away, breaks off, or sends something else."""


class OllamaChat(ChatRuntime):
    """A model of an Ollama server."""

    def __init__(self, model: str, url: str, context_tokens: int, keep_alive_seconds: int) -> None:
        """Name a model; nothing is asked yet.

        Args:
            model: its name with its tag, as in ``ollama list``.
            url: address of the server.
            context_tokens: largest window to ask for; memory for it is taken when it loads.
            keep_alive_seconds: how long it stays loaded after an answer; -1 for ever.
        """
        super().__init__(f"ollama:{model}")
        self._model, self._server = model, OllamaServer(url)
        self._most_context, self._keep_alive = context_tokens, keep_alive_seconds

    def _lessen(self) -> str:
        half = half_window(self._facts.context_tokens if self._facts else self._most_context)
        if not half:
            return ""
        self._most_context, self._facts = half, None
        return f"within a window of {half} tokens"

    def _ask_facts(self, watch: Watch) -> Facts:
        shown = self._server.show(self._model, watch)
        return Facts(
            context_tokens=min(shown.context_tokens or self._most_context, self._most_context),
            thinks="thinking" in shown.capabilities,
            schema=not shown.remote,
            images="vision" in shown.capabilities,
        )

    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        begun = False
        chat = self._chat(options, watch)
        try:
            for chunk in chat.stream(
                [_message(one) for one in messages], config={"callbacks": []}, format=options.schema
            ):
                for piece in _parts(chunk, watch):
                    begun = True
                    yield piece
        except ResponseError as fault:
            refused = Refused(fault.status_code, str(fault.error))
            raise server_fault(refused, self.name, self._server.url) from fault
        except _FAULTS as fault:
            watch.check()
            raise server_fault(fault, self.name, self._server.url, begun) from fault

    def _chat(self, options: Options, watch: Watch) -> ChatOllama:
        facts = self._known(watch)
        return ChatOllama(
            model=self._model,
            base_url=self._server.url,
            reasoning=(True if facts.thinks else None) if options.think is None else options.think,
            temperature=options.temperature,
            seed=options.seed,
            num_ctx=facts.context_tokens,
            num_predict=options.max_tokens,
            keep_alive=self._keep_alive,
            client_kwargs={
                "trust_env": False,
                "follow_redirects": False,
                "timeout": call_timeout(watch),
            },
            sync_client_kwargs={"transport": WatchedTransport(self._server.url, watch)},
            async_client_kwargs={"verify": False},
        )


def _parts(chunk: BaseMessageChunk, watch: Watch) -> list[Piece]:
    thinking = chunk.additional_kwargs.get("reasoning_content") or ""
    pieces = [
        Piece(thinking=str(thinking)) if thinking else Piece(),
        Piece(text=str(chunk.content)) if chunk.content else Piece(),
    ]
    told = chunk.response_metadata
    if told.get("done"):
        usage = getattr(chunk, "usage_metadata", None) or {}
        ending = Ending(
            finish="length" if told.get("done_reason") == "length" else "stop",
            tokens_in=usage.get("input_tokens", 0),
            tokens_out=usage.get("output_tokens", 0),
            seconds=watch.seconds,
            load_seconds=(told.get("load_duration") or 0) * _NANO,
        )
        pieces.append(Piece(ending=ending))
    return [piece for piece in pieces if piece != Piece()]


def _message(one: Message) -> BaseMessage:
    match one.role:
        case "system":
            return SystemMessage(one.text)
        case "assistant":
            return AIMessage(one.text)
        case "user" if not one.pictures:
            return HumanMessage(one.text)
    pictures = [
        {"type": "image_url", "image_url": base64.b64encode(picture).decode()}
        for picture in one.pictures
    ]
    return HumanMessage([{"type": "text", "text": one.text}, *pictures])
