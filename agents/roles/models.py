"""Which model each role is meant to have: by the run, else by the settings, else by the profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from grym_synth.errors import BadInput
from grym_synth.settings import Profile, Settings
from models.script import read_script
from models.wire import is_http

Role = Literal["supervisor", "gama", "qwen_vl", "coder"]

ROLES: tuple[Role, ...] = get_args(Role)

INSTRUMENTS = "instruments"
"""Stands for no model: the role's deterministic instruments alone."""

SERVICE = "service"
"""Stands for the services' model of a role while no service is configured."""

RUNTIMES: Mapping[Role, tuple[str, ...]] = {
    "supervisor": ("ollama", "openai", "llamacpp", "scripted"),
    "gama": ("gama", "transformers", "openai", "scripted"),
    "qwen_vl": ("ollama", "openai", "transformers", "scripted"),
    "coder": ("ollama", "openai", "llamacpp", "scripted"),
}
"""What can run the model of a role."""

ABLE: frozenset[Role] = frozenset({"supervisor", "gama", "qwen_vl", "coder"})
"""The roles that this version can give to a model; the others work on instruments alone."""

LOCAL: Mapping[Role, tuple[str, ...]] = {
    "supervisor": ("ollama:deepseek-r1:14b", "ollama:deepseek-r1:8b", "ollama:deepseek-r1:7b"),
    "gama": ("gama",),
    "qwen_vl": ("ollama:qwen2.5vl:7b",),
    "coder": ("ollama:qwen2.5-coder:14b", "ollama:qwen2.5-coder:7b"),
}
"""The models of this machine that a role is meant to have, the wanted one first. Where a converted
checkpoint of GAMA lies only the settings can tell."""

_FORMS = {
    "ollama": "ollama:NAME",
    "openai": "openai:URL#NAME",
    "llamacpp": "llamacpp:FILE.gguf",
    "scripted": "scripted:FILE",
    "gama": "gama:FOLDER",
    "transformers": "transformers:FOLDER",
}


@dataclass(frozen=True)
class Choice:
    """What one run asks for; what it leaves out, the settings say."""

    profile: Profile | None = None
    models: Mapping[Role, str] = field(default_factory=dict)
    """Models by role."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Limits of the turn by their names in the settings, which may allow less."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a role is meant to have."""

    models: tuple[str, ...]
    """Strings that name models, the wanted one first; ``instruments`` for none."""
    named: bool
    """Somebody named it: it is no part of a profile."""


def wish_for(role: Role, settings: Settings, choice: Choice) -> Wish:
    """What a role is meant to have: the run's model, the settings' model, or the profile's.

    A run's profile sets a model of the settings aside when it is of another profile.
    """
    if named := choice.models.get(role):
        return Wish((named,), True)
    configured = configured_model(role, settings)
    if configured and (choice.profile is None or _belongs(configured, choice.profile)):
        return Wish((configured,), True)
    return Wish(profile_models(role, choice.profile or settings.models, settings), False)


def kept_models(settings: Settings) -> frozenset[str]:
    """The strings of the models that stay loaded, once they are.

    Raises:
        BadInput: the setting names what is neither a role nor the string of a model.
    """
    kept = set[str]()
    for one in settings.keep_loaded:
        if one in ROLES:
            kept.update(wish_for(one, settings, Choice()).models)
        elif ":" in one:
            kept.add(one)
        else:
            raise BadInput(
                "reading GRYM_KEEP_LOADED",
                f"{one!r} is neither a role nor the string of a model",
                f"Name {', '.join(ROLES)}, or models such as ollama:deepseek-r1:14b",
            )
    return frozenset(kept - {INSTRUMENTS})


def settings_for(spec: str, settings: Settings) -> Settings:
    """The settings that a model is opened with: Ollama is asked for ever for what shall stay."""
    if spec not in kept_models(settings):
        return settings
    return settings.model_copy(update={"keep_alive_seconds": -1})


def configured_model(role: Role, settings: Settings) -> str:
    """The model that the settings name for a role; empty for none."""
    return {
        "supervisor": settings.supervisor_model,
        "gama": settings.gama_model,
        "qwen_vl": settings.qwen_vl_model,
        "coder": settings.coder_model,
    }[role]


def profile_models(role: Role, profile: Profile, settings: Settings) -> tuple[str, ...]:
    """The models that a profile has for a role, the wanted one first."""
    url = settings.services_url.rstrip("/")
    served = (f"openai:{url}#{role}",) if url else ()
    match profile:
        case "instruments":
            return (INSTRUMENTS,)
        case "local":
            return LOCAL[role]
        case "services":
            return served or (SERVICE,)
        case "auto":
            return (*served, *LOCAL[role])


def adopted(settings: Settings, choice: Choice) -> Settings:
    """The settings with the choice of a user of this machine, who may name any model.

    Raises:
        BadInput: a name is no model that its role can have.
    """
    for role, spec in choice.models.items():
        check_owned(role, spec)
    changed = {f"{role}_model": _adopted(role, settings, choice) for role in ROLES}
    profile = choice.profile or settings.models
    return settings.model_copy(update={**changed, "models": profile})


def _adopted(role: Role, settings: Settings, choice: Choice) -> str:
    wish = wish_for(role, settings, choice)
    return wish.models[0] if wish.named else ""


def check_model(role: Role, spec: str) -> None:
    """Refuse a string that names no model for a role; nothing is read.

    Raises:
        BadInput: it has none of the forms that the role's models have.
    """
    runtime, _, target = spec.partition(":")
    url, _, name = target.partition("#")
    whole = is_http(url) and bool(name) if runtime == "openai" else bool(target)
    if spec != INSTRUMENTS and not (runtime in RUNTIMES[role] and whole):
        forms = ", ".join(_FORMS[one] for one in RUNTIMES[role])
        raise BadInput(
            f"choosing {spec!r} for {role}",
            "it has no form that this role's models have",
            f"Write {forms} or {INSTRUMENTS}",
        )


def check_owned(role: Role, spec: str) -> None:
    """Refuse what the owner of the machine names for a role: its form, or a file that is no script.

    Raises:
        BadInput: it can't be the role's model.
    """
    check_model(role, spec)
    runtime, _, target = spec.partition(":")
    if runtime == "scripted" and Path(target).is_file():
        read_script(Path(target))


def _belongs(spec: str, profile: Profile) -> bool:
    """Whether a model is of a profile's kind."""
    served = spec.startswith("openai:")
    return {
        "auto": True,
        "instruments": spec == INSTRUMENTS,
        "local": spec != INSTRUMENTS and not served,
        "services": served,
    }[profile]
