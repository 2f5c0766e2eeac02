"""What OpenAI-compatible servers send, as typed words: streamed events, listings, properties."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from models.base import Ending, Piece
from models.faults import Refused
from models.watch import Watch


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", protected_namespaces=())


class _Meta(_Told):
    n_ctx_train: int = 1 << 30
    """The longest window that it was made for, in tokens; only llama-server tells."""


class Offered(_Told):
    """One model of a listing."""

    id: str
    max_model_len: int | None = None
    """Its window in tokens; only vLLM tells."""
    root: str = ""
    """The checkpoint that it runs; only vLLM tells."""
    meta: _Meta = _Meta()


class Listing(_Told):
    """What ``/models`` answers."""

    data: tuple[Offered, ...]

    def named(self, model: str) -> Offered:
        """The model of this id."""
        for one in self.data:
            if one.id == model:
                return one
        offered = ", ".join(one.id for one in self.data[:5]) or "none"
        raise Refused(404, f"there is no model {model}; it offers {offered}")


class _Generation(_Told):
    n_ctx: int = Field(ge=1)


class _Modalities(_Told):
    vision: bool = False


class Props(_Told):
    """What llama-server's ``/props`` answers."""

    default_generation_settings: _Generation
    modalities: _Modalities = _Modalities()
    chat_template: str = ""


class Templated(_Told):
    """What llama-server's ``/apply-template`` answers."""

    prompt: str


class Tokenized(_Told):
    """What llama-server's ``/tokenize`` answers."""

    tokens: tuple[int, ...]


class _Delta(_Told):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    """The same in newer servers."""


class _Choice(_Told):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Usage(_Told):
    prompt_tokens: int = 0
    completion_tokens: int | None = 0


class Event(_Told):
    """One streamed event of a chat completion."""

    choices: tuple[_Choice, ...] = ()
    usage: _Usage | None = None
    error: JsonValue = None


def events_of(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream of server-sent lines, till it says that it is done.

    Raises:
        Refused: an event is an error.
        ValueError: an event is not of the protocol.
    """
    for line in lines:
        field, _, value = line.partition(":")
        if field == "error":
            raise Refused(-1, value)
        if field != "data":
            continue
        if value.strip() == "[DONE]":
            return
        event = Event.model_validate_json(value)
        if event.error is not None:
            told = event.error
            raise Refused(-1, str(told.get("message", told) if isinstance(told, dict) else told))
        yield event


def pieces_of(events: Iterable[Event], watch: Watch) -> Iterator[Piece]:
    """The pieces of an answer; the ending comes only when the server told why it ended."""
    finish, usage = None, _Usage()
    for event in events:
        usage = event.usage or usage
        for choice in event.choices[:1]:
            thinking = choice.delta.reasoning_content or choice.delta.reasoning
            if thinking:
                yield Piece(thinking=thinking)
            if choice.delta.content:
                yield Piece(text=choice.delta.content)
            finish = choice.finish_reason or finish
    if finish is not None:
        yield Piece(
            ending=Ending(
                finish="length" if finish == "length" else "stop",
                tokens_in=usage.prompt_tokens,
                tokens_out=usage.completion_tokens or 0,
                seconds=watch.seconds,
            )
        )
