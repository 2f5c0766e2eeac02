"""The files of ``deploy/``, read as Docker would: no engine is needed, and none runs here."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from grym_synth.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


class Build(BaseModel):
    model_config = ConfigDict(extra="forbid")
    context: str
    dockerfile: str


class Service(BaseModel):
    model_config = ConfigDict(extra="forbid")
    image: str = ""
    build: Build | None = None
    command: list[str] = []
    environment: dict[str, str] = {}
    secrets: list[str] = []
    ports: list[str] = []
    volumes: list[str] = []
    profiles: list[str] = []
    restart: str = ""
    ipc: str = ""
    stop_grace_period: str = ""
    healthcheck: dict[str, object] = {}
    deploy: dict[str, object] = {}


class Compose(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    services: dict[str, Service]
    volumes: dict[str, None]
    secrets: dict[str, dict[str, str]] = Field(default_factory=dict)


@pytest.fixture(scope="module")
def compose() -> Compose:
    return Compose.model_validate(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_every_port_is_open_to_this_machine_alone_and_to_one_service(compose: Compose) -> None:
    ports = [port for one in compose.services.values() for port in one.ports]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in ports)
    assert len({port.rpartition(":")[0] for port in ports}) == len(ports) == len(compose.services)


def test_every_image_is_of_one_version_and_every_file_is_there(compose: Compose) -> None:
    for one in compose.services.values():
        assert bool(one.image) != bool(one.build)
        if one.image:
            assert re.search(r":v?\d+(\.\d+)*(-\w+)?$", one.image)
        if one.build:
            assert (DEPLOY / one.build.context / one.build.dockerfile).is_file()
    files = DEPLOY.glob("*Dockerfile")
    bases = [line for path in files for line in path.read_text().splitlines() if "FROM" in line]
    assert bases and not [line for line in bases if "latest" in line or ":" not in line]


def test_no_secret_is_written_down(compose: Compose) -> None:
    for one in compose.services.values():
        for name, value in one.environment.items():
            if re.search("KEY|TOKEN|SECRET|PASSWORD", name):
                assert value.startswith(("${", "/run/secrets/")), name
    assert all(set(held) == {"environment"} for held in compose.secrets.values())


def test_what_a_service_names_is_declared(compose: Compose) -> None:
    for one in compose.services.values():
        assert set(one.secrets) <= set(compose.secrets)
        for volume in one.volumes:
            source = volume.partition(":")[0]
            assert source in compose.volumes or source.startswith(("${", "./"))


def test_settings_and_extras_are_those_of_the_project(compose: Compose) -> None:
    given = {name for one in compose.services.values() for name in one.environment}
    known = {f"GRYM_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in given if name.startswith("GRYM_")} <= known
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    told = (DEPLOY / "Dockerfile").read_text() + (ROOT / "docs" / "deploying.md").read_text()
    for named in re.findall(r"\.\[([\w,]+)\]", told):
        assert set(named.split(",")) <= set(extras)
    assert set(re.findall(r"GRYM_[A-Z_]+[A-Z]", told)) - known <= {
        "GRYM_DATABASE_PASSWORD", "GRYM_WEIGHTS",
    }  # fmt: skip


def test_the_chroma_server_is_of_the_version_that_is_tested(compose: Compose) -> None:
    pinned = (ROOT / "constraints.txt").read_text()
    version = re.search(r"^chromadb==(.+)$", pinned, re.M)
    assert version and compose.services["chroma"].image.endswith(f":{version[1]}")
