"""The settings of one process, read once from the environment (prefix ``GRYM_``)."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from grym_synth.errors import BadInput

Profile = Literal["auto", "instruments", "local", "services"]
"""Where models come from: what is there, nowhere, this machine, or HTTP services."""


Action = Literal["run_code", "write_outside", "overwrite", "install"]
"""What may need a human's yes."""


Fit = Literal["auto", "full", "int8", "int4"]
"""A model's precision: ``full`` is that of its files, ``auto`` the first of the three that fits."""


class MediaLimits(BaseModel):
    """What a media file may be; anything beyond is refused with a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    audio_bytes: int = 2_000_000_000
    """Largest audio file, in bytes."""
    audio_seconds: float = 4 * 3600.0
    """Longest audio file, in seconds."""
    max_channels: int = 8
    """Most channels in an audio file."""
    min_sample_rate_hz: int = 8_000
    """Lowest sample rate, in hertz."""
    max_sample_rate_hz: int = 192_000
    """Highest sample rate, in hertz."""
    image_bytes: int = 20_000_000
    """Largest picture file, in bytes."""
    image_pixels: int = 25_000_000
    """Most pixels in a picture."""
    text_bytes: int = 5_000_000
    """Largest text file, in bytes."""
    score_bytes: int = 50_000_000
    """Largest MIDI or MusicXML file, in bytes."""
    store_gib: float | None = Field(default=None, gt=0)
    """Most that the files of all projects may take together, in GiB; None: what the disk has."""


class PackageTokens(BaseModel):
    """Most tokens of project memory that each agent is handed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    gama: int = Field(default=2500, ge=200)
    """GAMA's window has 4,096 tokens for the sound, the question and the answer too."""
    qwen_vl: int = Field(default=3000, ge=200)
    """A picture takes up to 16,000 more."""
    coder: int = Field(default=4000, ge=200)
    """The code that it writes takes as many again."""
    supervisor: int = Field(default=6000, ge=500)
    """The whole project as summaries; what its handles open comes on top."""


class Tracing(BaseModel):
    """Where a trace of each turn is sent, and what it tells."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    to: Literal["nowhere", "otlp", "langsmith"] = "nowhere"
    """Who gets it: nobody, an OpenTelemetry collector (OTLP over HTTP), or LangSmith."""
    url: str = Field(default="", max_length=500)
    """Base address of the receiver; empty: as ``OTEL_EXPORTER_OTLP_ENDPOINT`` or
    ``LANGSMITH_ENDPOINT`` say."""
    content: bool = False
    """Whether it also tells what was asked and said; else only names, ids, sizes and times."""
    hide: tuple[str, ...] = ()
    """Regular expressions; what they match is replaced by ``***``, as keys always are."""


_NO_LIST = """it is no JSON list or object; a list is written like '["one", "two"]'"""


class Settings(BaseSettings):
    """What holds for the whole process; what changes per run is in the graph's context."""

    model_config = SettingsConfigDict(
        env_prefix="GRYM_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    home: Path = Path("~/.grym")
    """Where assets, memory and checkpoints live."""
    out: Path = Path("grym-out")
    """Where named copies of artifacts are put."""
    database_url: SecretStr = SecretStr("")
    """PostgreSQL database of the memory and the checkpoints, ``postgresql://…``; empty: files in
    ``home``."""
    chroma_url: SecretStr = SecretStr("")
    """Chroma server (``chroma run``) of the memory's index, ``http://…``; empty: in ``home``."""
    limits: MediaLimits = MediaLimits()
    """Limits on media files."""
    embedder: str = "minilm"
    """Embedding function: ``minilm`` (in the package), ``ollama:NAME``, or ``lexical`` (none)."""
    models: Profile = "auto"
    """Models of the roles that name none: ``auto`` takes what is there, ``instruments`` none,
    ``local`` this machine's, ``services`` those of ``services_url``."""
    supervisor_model: str = Field(default="", max_length=500)
    """Who plans: such as ``ollama:deepseek-r1:14b``, or ``instruments``; empty: by profile."""
    gama_model: str = Field(default="", max_length=500)
    """Who listens beside the instruments, such as ``gama:FOLDER``."""
    speech_model: str = Field(default="", max_length=500)
    """Who reads the words of voices: ``transformers:FOLDER`` of a wav2vec2; empty for nobody."""
    qwen_vl_model: str = Field(default="", max_length=500)
    """Who looks beside the instruments, such as ``ollama:qwen2.5vl:7b``."""
    qwen_vl_precision: Fit = "auto"
    """Precision of a ``transformers:`` model that looks."""
    coder_model: str = Field(default="", max_length=500)
    """Who writes code, such as ``ollama:qwen2.5-coder:14b``."""
    run_models: tuple[str, ...] = ()
    """Further models that a run may name, beside those of the settings and of Ollama here."""
    service_key: SecretStr = SecretStr("")
    """What clients of ``grym serve`` must send as bearer token; needed beyond this machine."""
    services_url: str = Field(default="", max_length=500)
    """OpenAI-compatible API that offers a model for each role under the role's name."""
    model_seconds: float = Field(default=600.0, ge=1, le=7200)
    """Most time that a model may take in one step of a turn, loading included, in seconds."""
    ollama_url: str = "http://127.0.0.1:11434"
    """Where Ollama answers."""
    openai_api_key: SecretStr = SecretStr("")
    """Key for OpenAI-compatible servers; empty for none. Sent only to the server that is named."""
    context_tokens: int = Field(default=16_384, ge=1024)
    """Largest window to ask a language model for, in tokens; memory is taken for it."""
    memory_gib: float | None = Field(default=None, gt=0, le=100_000)
    """What models may take in all, in GiB; by default nearly all of the graphics processor's
    memory, or three quarters of the machine's."""
    keep_loaded: tuple[str, ...] = ()
    """Models that stay in memory once they are loaded, others' needs or not: roles, such as
    ``supervisor``, or strings of models. What does not fit beside them is refused."""
    keep_alive_seconds: int = Field(default=300, ge=-1)
    """How long Ollama keeps a model loaded after an answer; -1 for ever."""
    max_rounds: int = Field(default=4, ge=1, le=20)
    """Most supervisor rounds in one turn."""
    max_tasks: int = Field(default=8, ge=1, le=32)
    """Most tasks in one turn."""
    package_tokens: PackageTokens = PackageTokens()
    """Most tokens of project memory that each specialist is handed."""
    script_seconds: float = Field(default=120.0, gt=0)
    """Longest run of one generated script, in seconds."""
    soundfont: Path | None = None
    """SoundFont 2 file (``.sf2``) that songs are played on; None: physical models."""
    needs_approval: tuple[Action, ...] = ("run_code", "write_outside", "overwrite", "install")
    """What a human must say yes to first: running what a model wrote, putting its results outside
    of ``out``, putting them where something lies already, installing a package that was built."""
    tracing: Tracing = Tracing()
    """Traces of turns; off by default."""
    allowed_origins: tuple[str, ...] = (
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        "https://smith.langchain.com",
    )
    """Web origins that may call the local server, beside its own."""

    @field_validator("home", mode="before")
    @classmethod
    def _named(cls, home: Path | str) -> Path | str:
        if home == "":
            raise ValueError("it is empty; leave it out or name a folder")
        return home

    @property
    def home_path(self) -> Path:
        """The home directory, absolute, with ``~`` expanded."""
        return self.home.expanduser().absolute()


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        BadInput: a ``GRYM_`` variable has a value that can't be used.
    """
    try:
        return Settings()
    except (ValidationError, SettingsError) as fault:
        happened = _told(fault)
        raise BadInput("reading the settings", happened, "Mend the GRYM_ variables") from fault


def _told(fault: ValidationError | SettingsError) -> str:
    if isinstance(fault, SettingsError):
        _, field, *_ = str(fault).split('"')
        return f"{field}: {_NO_LIST}"
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {_why(one)}" for one in fault.errors())


def _why(error: ErrorDetails) -> str:
    return _NO_LIST if error["type"] == "tuple_type" else error["msg"].removeprefix("Value error, ")
