"""What a client sends: the part of OpenAI's chat protocol that is taken."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Form(BaseModel):
    """Base of all forms; what it doesn't know is passed over, as OpenAI's own clients expect."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class TextPart(Form):
    """Words."""

    type: Literal["text"]
    text: str


class Address(Form):
    """Where a picture is: only ``data:`` addresses are taken, nothing is ever fetched."""

    url: str


class PicturePart(Form):
    """A picture."""

    type: Literal["image_url"]
    image_url: Address


class Sound(Form):
    """A sound file."""

    data: str
    """Base64."""


class SoundPart(Form):
    """A sound."""

    type: Literal["input_audio"]
    input_audio: Sound


Part = Annotated[TextPart | PicturePart | SoundPart, Field(discriminator="type")]


class ChatMessage(Form):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]


class NamedSchema(Form):
    """A JSON schema."""

    schema_: Annotated[dict[str, JsonValue], Field(alias="schema")]


class ResponseFormat(Form):
    """Which form the answer must have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class StreamOptions(Form):
    """What a stream holds beside the answer."""

    include_usage: bool = False


class TemplateKwargs(Form):
    """What the chat template is told."""

    enable_thinking: bool | None = None


class ChatRequest(Form):
    """The body of ``/v1/chat/completions``."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    seed: int | None = 0
    response_format: ResponseFormat | None = None
    chat_template_kwargs: TemplateKwargs = TemplateKwargs()
    n: Literal[1] = 1
    tools: Annotated[list[JsonValue], Field(max_length=0)] = []
    """None: these models can't call tools."""
