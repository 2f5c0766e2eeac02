"""Chat models behind an OpenAI-compatible server: vLLM, llama-server, a service of our own."""

import base64
from collections.abc import Generator, Sequence

import httpx
from pydantic import JsonValue

from models.base import Facts, Message, Options, Piece
from models.faults import Refused, server_fault
from models.openai_events import Listing, Props, Templated, Tokenized, events_of, pieces_of
from models.runtime import ChatRuntime
from models.tokens import PICTURE_TOKENS
from models.watch import Watch
from models.wire import asked, refuse_error, watched_client

_COUNT_SECONDS = 5.0

_FAULTS = (httpx.HTTPError, Refused, ValueError)


class OpenAIChat(ChatRuntime):
    """A model that a server offers at ``URL/chat/completions``."""

    def __init__(self, name: str, url: str, model: str, key: str, context_tokens: int) -> None:
        """Name a model; nothing is asked yet.

        Args:
            name: the string that opened it.
            url: the API's address, such as ``http://127.0.0.1:8000/v1``.
            model: its id at the server.
            key: sent as bearer token, to this address only; empty for none.
            context_tokens: the window to count on where the server tells none.
        """
        super().__init__(name)
        self._url, self._model, self._context = url.rstrip("/"), model, context_tokens
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._tokenizes = False
        self._root = model

    def count(self, text: str) -> int:
        """Tokens of a text: by llama-server's tokenizer once its facts are known, else high."""
        if not self._tokenizes:
            return super().count(text)
        limits = Options(seconds=_COUNT_SECONDS, first_seconds=_COUNT_SECONDS)
        try:
            with Watch(self.name, limits) as watch:
                return self._tokens(text, watch)
        except _FAULTS:
            return super().count(text)

    def _ask_facts(self, watch: Watch) -> Facts:
        try:
            listing = Listing.model_validate_json(
                asked(self._url, "/models", None, watch, self._headers)
            )
            one = listing.named(self._model)
            props = self._props(watch)
        except _FAULTS as fault:
            watch.check()
            raise server_fault(fault, self.name, self._url) from fault
        self._tokenizes, self._root = props is not None, one.root or self._model
        if props is None:
            return Facts(context_tokens=one.max_model_len or self._context)
        template = props.chat_template
        return Facts(
            context_tokens=min(props.default_generation_settings.n_ctx, one.meta.n_ctx_train),
            thinks="enable_thinking" in template or "<think>" in template,
            images=props.modalities.vision,
        )

    def _props(self, watch: Watch) -> Props | None:
        """What llama-server says about itself; None from any other server."""
        try:
            return Props.model_validate_json(self._told("/props", None, watch))
        except (Refused, ValueError):
            return None

    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        begun = False
        body = self._body(messages, options, self._known(watch).thinks)
        try:
            with (
                watched_client(self._url, watch, self._headers) as client,
                client.stream("POST", "/chat/completions", json=body) as got,
            ):
                if got.status_code != httpx.codes.OK:
                    refuse_error(got.status_code, got.read())
                for piece in pieces_of(events_of(got.iter_lines()), watch):
                    begun = True
                    yield piece
        except _FAULTS as fault:
            watch.check()
            raise server_fault(fault, self.name, self._url, begun) from fault

    def _body(
        self, messages: Sequence[Message], options: Options, thinks: bool
    ) -> dict[str, JsonValue]:
        body: dict[str, JsonValue] = {
            "model": self._model,
            "messages": [_message(one) for one in messages],
            "max_tokens": options.max_tokens,
            "temperature": options.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if options.seed is not None:
            body["seed"] = options.seed
        if options.think is not None and thinks:
            body["chat_template_kwargs"] = {"enable_thinking": options.think}
        if options.schema is not None:
            form: JsonValue = {"name": "answer", "schema": options.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        return body

    def _conversation(self, messages: Sequence[Message], watch: Watch) -> int:
        if not self._tokenizes:
            return super()._conversation(messages, watch)
        texts: JsonValue = [{"role": one.role, "content": one.text} for one in messages]
        try:
            filled = self._told("/apply-template", {"messages": texts}, watch)
            tokens = self._tokens(Templated.model_validate_json(filled).prompt, watch)
        except _FAULTS:
            watch.check()
            return super()._conversation(messages, watch)
        return tokens + PICTURE_TOKENS * sum(len(one.pictures) for one in messages)

    def _tokens(self, text: str, watch: Watch) -> int:
        content = self._told("/tokenize", {"content": text, "parse_special": True}, watch)
        return len(Tokenized.model_validate_json(content).tokens)

    def _told(self, path: str, body: dict[str, JsonValue] | None, watch: Watch) -> bytes:
        """What llama-server answers beside the API."""
        return asked(self._url.removesuffix("/v1"), path, body, watch, self._headers)


def _message(one: Message) -> JsonValue:
    if not one.pictures:
        return {"role": one.role, "content": one.text}
    parts: list[JsonValue] = []
    for picture in one.pictures:
        kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
        url = f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
        parts.append({"type": "image_url", "image_url": {"url": url}})
    parts.append({"type": "text", "text": one.text})
    return {"role": one.role, "content": parts}
