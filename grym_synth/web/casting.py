"""Routes about models: what each role can have now, what is missing, and how to get it."""

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agents.roles.casting import Casting
from agents.roles.getting import how_to_get
from agents.roles.models import INSTRUMENTS, ROLES, Choice, Role
from graph.state import Context
from grym_synth.web.desk import answer_json, desk_of
from grym_synth.web.telling import Json

PROFILES = {
    "auto": "What is there",
    "local": "Models of this machine",
    "services": "Services over HTTP",
    "instruments": "Instruments alone",
}
_LIMITS = ("max_rounds", "max_tasks", "model_seconds")


def models(request: Request) -> Response:
    """What a turn may choose: the models of each role, profiles, and limits."""
    studio = desk_of(request).studio
    casting, settings = studio.deps.casting, studio.settings
    return answer_json(
        {
            "profiles": [{"name": name, "says": says} for name, says in PROFILES.items()],
            "roles": [_role(casting, one) for one in ROLES],
            "limits": [_limit(name, float(getattr(settings, name))) for name in _LIMITS],
        }
    )


def _role(casting: Casting, role: Role) -> Json:
    part = casting.part(role, Choice())
    return {
        "role": role,
        "wanted": part.wanted,
        "used": part.used,
        "lacks": _model(casting, part.wanted) if part.used != part.wanted else None,
        "models": [_model(casting, one) for one in casting.offered(role)],
    }


def _model(casting: Casting, spec: str) -> Json:
    why = "" if spec == INSTRUMENTS else casting.presence.fault(spec)
    get: list[JsonValue] = [*how_to_get(spec, casting.presence)] if why else []
    return {"model": spec, "there": not why, "why": why, "get": get}


def _limit(name: str, most: float) -> Json:
    """A limit of the settings: a turn may be given less, never more."""
    field = Context.model_fields[name]
    return {"name": name, "says": (field.description or "").split(";")[0], "least": 1, "most": most}


ROUTES = [Route("/api/models", models)]
