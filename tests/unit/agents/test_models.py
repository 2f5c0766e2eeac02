import pytest

from agents.roles.models import INSTRUMENTS, Choice, Role, adopted, check_model, wish_for
from grym_synth.errors import BadInput
from grym_synth.settings import Profile, Settings

R1 = "ollama:deepseek-r1:14b"
OWN = "ollama:qwen3:30b"
SERVED = "openai:http://127.0.0.1:8000/v1#supervisor"


def wanted(settings: Settings, choice: Choice | None = None) -> str:
    return wish_for("supervisor", settings, choice or Choice()).models[0]


@pytest.mark.parametrize(
    ("profile", "model"),
    [("auto", R1), ("local", R1), ("instruments", INSTRUMENTS), ("services", "service")],
)
def test_a_profile_says_what_a_role_has_that_names_no_model(profile: Profile, model: str) -> None:
    assert wanted(Settings(models=profile)) == model


def test_services_and_auto_take_a_configured_service() -> None:
    url = "http://127.0.0.1:8000/v1/"
    assert wanted(Settings(models="services", services_url=url)) == SERVED
    assert wanted(Settings(services_url=url)) == SERVED
    assert wanted(Settings(models="local", services_url=url)) == R1


def test_a_named_model_goes_before_the_profile() -> None:
    assert wanted(Settings(models="instruments", supervisor_model=OWN)) == OWN
    assert wanted(Settings(supervisor_model=INSTRUMENTS)) == INSTRUMENTS


def test_a_runs_model_goes_before_everything() -> None:
    settings = Settings(models="services", supervisor_model=OWN)
    assert wanted(settings, Choice("instruments", {"supervisor": R1})) == R1


@pytest.mark.parametrize(
    ("profile", "model"),
    [("instruments", INSTRUMENTS), ("local", OWN), ("auto", OWN), ("services", "service")],
)
def test_a_runs_profile_sets_models_of_another_profile_aside(profile: Profile, model: str) -> None:
    assert wanted(Settings(supervisor_model=OWN), Choice(profile)) == model


def test_the_command_line_goes_before_the_environment() -> None:
    settings = Settings(supervisor_model=OWN, coder_model="ollama:coder")
    changed = adopted(settings, Choice("instruments", {"coder": "openai:http://far.example/v1#c"}))
    assert wanted(changed) == INSTRUMENTS
    assert wish_for("coder", changed, Choice()).models == ("openai:http://far.example/v1#c",)


@pytest.mark.parametrize(
    ("role", "spec"),
    [
        ("supervisor", "deepseek-r1:14b"),
        ("supervisor", "gama:/models/gama"),
        ("gama", "ollama:llama3"),
        ("coder", "openai:http://127.0.0.1:8000/v1"),
        ("coder", "openai:file:///etc/passwd#x"),
        ("qwen_vl", "ollama:"),
        ("coder", ""),
    ],
)
def test_a_string_that_names_no_model_of_a_role_is_refused_with_the_forms(
    role: Role, spec: str
) -> None:
    with pytest.raises(BadInput, match=r"Write .+ or instruments"):
        check_model(role, spec)
