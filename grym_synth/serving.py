"""The models of the roles as a service that other machines and programs can ask."""

from collections.abc import Iterable, Sequence
from functools import cache

from agents.roles.models import (
    INSTRUMENTS,
    ROLES,
    Choice,
    Role,
    kept_models,
    settings_for,
    wish_for,
)
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from models.audio_text.opening import open_audio_model
from models.chat import open_chat_model
from models.packages import need_packages
from models.residency.opening import LOOPBACK, Management
from models.service.served import Answers, Listens, Served, Talks
from models.vision.opening import open_vision_model


def served_models(
    settings: Settings, roles: Iterable[Role], at_once: int, most_waiting: int
) -> list[Served]:
    """The models that the settings give to some roles, each under its role's name.

    Args:
        settings: which models the roles have, and how much memory there is for them.
        roles: whose; by default of all roles that have one.
        at_once: how many requests each works on together.
        most_waiting: how many may wait for each.

    Raises:
        BadInput: a role that was named has no model, or none has.
    """
    specs = served_specs(settings, roles)
    management = Management(settings, kept_models(settings))
    return [
        Served(role, _opened(role, spec, settings, management), at_once, most_waiting)
        for role, spec in specs.items()
    ]


def served_specs(settings: Settings, roles: Iterable[Role]) -> dict[Role, str]:
    """Which models the settings give to some roles: see ``served_models``."""
    named = tuple(roles)
    specs = {role: wish_for(role, settings, Choice()).models[0] for role in named or ROLES}
    without = [role for role in named if ":" not in specs[role]]
    if without or all(":" not in one for one in specs.values()):
        raise BadInput(
            f"serving {', '.join(without) or 'models'}",
            "no model is set for it",
            "Name one, such as --model gama=gama:FOLDER",
        )
    return {role: spec for role, spec in specs.items() if spec != INSTRUMENTS and ":" in spec}


def opened_role(role: Role, settings: Settings) -> Answers:
    """The model of one role, with the memory of this process shared among all that it opens."""
    return _opened(role, served_specs(settings, [role])[role], settings, _management(settings))


@cache
def _management(settings: Settings) -> Management:
    return Management(settings, kept_models(settings))


def check_reach(host: str, settings: Settings) -> None:
    """Refuse to let others in without a key.

    Raises:
        BadInput: anybody could reach it, and no key is set.
    """
    if host not in LOOPBACK and not settings.service_key.get_secret_value():
        raise BadInput(
            f"serving on {host}",
            "other machines can reach it and no key is set",
            "Set GRYM_SERVICE_KEY, or serve on 127.0.0.1",
        )


def serve(served: Sequence[Served], host: str, port: int, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that are being answered are ended before.

    Raises:
        BadInput: anybody could reach it, and no key is set.
        ModelUnavailable: the packages of the server are not installed.
    """
    check_reach(host, settings)
    need_packages("serving models", "uvicorn", "starlette", "prometheus_client")
    import uvicorn

    from models.service.app import Terms, service_app

    terms = Terms(settings.service_key.get_secret_value(), seconds=settings.model_seconds)
    app = service_app(served, terms)
    uvicorn.run(app, host=host, port=port, timeout_graceful_shutdown=60, access_log=False)


def _opened(role: Role, spec: str, settings: Settings, management: Management) -> Talks | Listens:
    settings = settings_for(spec, settings)
    if role == "gama":
        return Listens(management.ear(open_audio_model(spec, settings)))
    if role == "qwen_vl":
        return Talks(management.eyes(open_vision_model(spec, settings)))
    return Talks(management.chat(open_chat_model(spec, settings)))
