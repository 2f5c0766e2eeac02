"""Who plays each role: the model that is wanted, another one that is there, or instruments."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from agents.roles.models import (
    ABLE,
    INSTRUMENTS,
    ROLES,
    RUNTIMES,
    Choice,
    Role,
    check_model,
    check_owned,
    configured_model,
    kept_models,
    profile_models,
    settings_for,
    wish_for,
)
from agents.roles.presence import Presence
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from memory.context import Degraded
from models.audio_base import AudioModel, Transcribes
from models.audio_text.opening import LateTranscriber, open_audio_model
from models.base import ChatModel
from models.chat import open_chat_model
from models.residency.opening import LOOPBACK, Management
from models.vision.base import VisionModel
from models.vision.opening import open_vision_model
from models.wire import is_http

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*(:[a-z0-9][a-z0-9._-]*)?", re.I)
"""A model's name in Ollama's library or in its registry."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one role has in a turn."""

    role: Role
    wanted: str
    used: str
    """The string that opens its model, or ``instruments``."""
    why: str = ""
    """Why it is not what was wanted; empty when it is."""

    @property
    def degraded(self) -> Degraded | None:
        """What is told of a role that has less than was wanted."""
        if self.used == self.wanted:
            return None
        return Degraded(role=self.role, wanted=self.wanted, used=self.used, why=self.why)


class Casting:
    """Gives each role its model, and opens each model once."""

    def __init__(self, settings: Settings, presence: Presence | None = None) -> None:
        """Take the settings; nothing is asked or opened yet.

        Args:
            settings: which models the roles have, and what a run may name.
            presence: says what can be used now.

        Raises:
            BadInput: a setting names no model that its role can have, or no address of services.
        """
        self._settings = settings
        self.presence = presence or Presence(settings)
        self._opened: dict[str, ChatModel] = {}
        self._ears: dict[str, AudioModel] = {}
        self._eyes: dict[str, VisionModel] = {}
        self._opening = Lock()
        self._memory = Management(settings, kept_models(settings))
        speech = settings.speech_model
        self.transcriber: Transcribes | None = (
            self._memory.transcriber(LateTranscriber(speech)) if speech else None
        )
        if settings.services_url and not is_http(settings.services_url):
            raise BadInput(
                "reading GRYM_SERVICES_URL",
                f"{settings.services_url!r} is no address of a server",
                "Write one such as http://127.0.0.1:8000/v1",
            )
        for role in ROLES:
            if spec := configured_model(role, settings):
                check_owned(role, spec)

    def check(self, choice: Choice) -> None:
        """Refuse what a run may not choose: it comes from whoever can reach the server.

        It may name what the settings name, ``instruments``, and models of an Ollama on this machine
        that run on it. Anything else would let a caller point the process at a file or an address.

        Raises:
            BadInput: a name is not one of these.
        """
        for role, spec in choice.models.items():
            check_model(role, spec)
            if not self._may(role, spec):
                raise BadInput(
                    f"choosing {spec!r} for {role}",
                    "a run may only name models of the settings, or of Ollama on this machine",
                    f"Name one of {', '.join(sorted(self._allowed(role)))}, or set GRYM_RUN_MODELS",
                )

    def offered(self, role: Role) -> tuple[str, ...]:
        """What a run may name for a role: the settings' first, then what is there; none the last.

        Models of other roles that theirs could run are left out, but those of Ollama are one pool.
        """
        named = configured_model(role, self._settings)
        wanted = (*((named,) if named else ()), *wish_for(role, self._settings, Choice()).models)
        served = [f"ollama:{one}" for one in self.presence.ollama() or ()]
        pool = (*wanted, *self._settings.run_models, *served)
        able = (one for one in pool if one.partition(":")[0] in RUNTIMES[role])
        found = dict.fromkeys(able)
        return (*(one for one in found if ":" in one and self._may(role, one)), INSTRUMENTS)

    def _may(self, role: Role, spec: str) -> bool:
        return spec in self._allowed(role) or self._is_local(spec)

    def cast(self, choice: Choice) -> Mapping[Role, Part]:
        """What each role has now."""
        return {role: self.part(role, choice) for role in ROLES}

    def part(self, role: Role, choice: Choice) -> Part:
        """What one role has now."""
        models = wish_for(role, self._settings, choice).models
        wanted = models[0]
        why = ""
        for spec in models:
            if spec == INSTRUMENTS:
                return Part(role, wanted, INSTRUMENTS, why)
            fault = self.presence.fault(spec)
            if not fault and role in ABLE:
                return Part(role, wanted, spec, why)
            why = why or fault or f"{spec} is there, but this version works without it"
        return Part(role, wanted, INSTRUMENTS, why)

    def standing(self, role: Role, choice: Choice, degraded: Iterable[Degraded]) -> str:
        """Who plays a role in a turn that has begun, by what was said of it then and since.

        So a model that vanishes within a turn is asked, fails, and is told of.
        """
        less = [one.used for one in degraded if one.role == role]
        if INSTRUMENTS in less:
            return INSTRUMENTS
        wanted = wish_for(role, self._settings, choice).models[0]
        return next((used for used in less if ":" in used), wanted)

    def open(self, spec: str) -> ChatModel | None:
        """The chat model of a string; None for ``instruments``.

        Raises:
            BadInput: the string or its file can't be used.
        """
        if spec == INSTRUMENTS:
            return None
        with self._opening:
            if spec not in self._opened:
                model = open_chat_model(spec, settings_for(spec, self._settings))
                self._opened[spec] = self._memory.chat(model)
            return self._opened[spec]

    def open_ear(self, spec: str) -> AudioModel | None:
        """The listening model of a string; None for ``instruments``.

        Raises:
            BadInput: the string or its file can't be used.
        """
        if spec == INSTRUMENTS:
            return None
        with self._opening:
            if spec not in self._ears:
                self._ears[spec] = self._memory.ear(open_audio_model(spec, self._settings))
            return self._ears[spec]

    def open_eyes(self, spec: str) -> VisionModel | None:
        """The model that sees of a string; None for ``instruments``.

        Raises:
            BadInput: the string or its file can't be used.
            ModelUnavailable: the packages that run it are not installed.
        """
        if spec == INSTRUMENTS:
            return None
        with self._opening:
            if spec not in self._eyes:
                self._eyes[spec] = self._memory.eyes(
                    open_vision_model(spec, settings_for(spec, self._settings))
                )
            return self._eyes[spec]

    def order(self, stages: Sequence[frozenset[str]]) -> tuple[str, ...]:
        """The order in which a plan's models cost the fewest loads; they stay loaded till then.

        Args:
            stages: the strings of models that are used together, one stage after another.
        """
        return self._memory.order(stages)

    def degraded(self, choice: Choice) -> tuple[Degraded, ...]:
        """The roles that have less than was wanted, and why."""
        return _degraded(self.cast(choice).values())

    def _allowed(self, role: Role) -> frozenset[str]:
        settings = self._settings
        named = (configured_model(one, settings) for one in ROLES)
        profiles = (
            *profile_models(role, "local", settings),
            *profile_models(role, "services", settings),
        )
        everything = {INSTRUMENTS, *named, *settings.run_models, *profiles}
        return frozenset(one for one in everything if ":" in one or one == INSTRUMENTS)

    def _is_local(self, spec: str) -> bool:
        """Whether it is a model of an Ollama on this machine, and does not run elsewhere."""
        runtime, _, name = spec.partition(":")
        return (
            runtime == "ollama"
            and is_loopback(self._settings.ollama_url)
            and _NAME.fullmatch(name) is not None
            and not self.presence.runs_elsewhere(name)
        )


def is_loopback(url: str) -> bool:
    """Whether a server's address is of this machine."""
    return is_http(url) and urlsplit(url).hostname in LOOPBACK


def _degraded(parts: Iterable[Part]) -> tuple[Degraded, ...]:
    told = (part.degraded for part in parts)
    return tuple(one for one in told if one is not None)
