"""Installing what was built into the environment that this process runs in, after a yes.

Only wheels of the project's own sources are installed, without a network and without building:
nothing of them runs. What a model wrote is left to the user's own hands.
"""

import hashlib
import re
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from agents.coding.approval import ActionRequest, Approval, ReviewConfig
from agents.toolchain.products import Written
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, held, unchecked
from audio.assets import AssetStore

INSTALL = "install"
"""The action's name."""
_WHAT = "the package is installed"
_METHOD = "pip, without a network; then the metadata that lies in the environment"
_SECONDS = 120.0
_ASKED = re.compile(
    r"(?<!\w)(?:(?:and|then|please|und|dann|bitte)\s+(?:then\s+|dann\s+)?(?:install|installiere?)\s+"
    r"(?:it|the (?:package|wheel)|es|ihn|sie|das paket)|(?:und|dann)\s+installieren)(?!\w)",
    re.I,
)
_STARTS_ITSELF = frozenset(("sitecustomize", "usercustomize"))
"""Modules that Python imports whenever it starts."""


def asked_in(text: str) -> bool:
    """Whether words ask to have the package installed: “…, and install it”."""
    return bool(_ASKED.search(text))


def unfit(specification: Specification, is_ours: bool, is_sound: bool) -> str:
    """Why a package isn't installed, in a sentence; empty where it may be.

    Args:
        specification: of the package.
        is_ours: whether it is made of the project's own sources.
        is_sound: whether all of its checks are met.
    """
    if not is_ours:
        return "a model wrote it"
    if not is_sound:
        return "not all of its checks are met"
    name = specification.name
    if name in _STARTS_ITSELF:
        return f"Python runs {name} by itself whenever it starts"
    try:
        held_by = distribution(name).read_text("WHEEL") or ""
    except PackageNotFoundError:
        taken = Path(sysconfig.get_path("purelib"), name).exists()
        return f"another module {name} is there" if taken else ""
    return "" if "grym-synth" in held_by else f"another package {name} is there"


def question(specification: Specification, written: Written) -> Approval:
    """Ask whether a wheel may be installed."""
    wheel, into = written.wheel, sys.prefix
    try:
        before = f" It replaces version {distribution(specification.name).version}."
    except PackageNotFoundError:
        before = ""
    return Approval(
        action_requests=(
            ActionRequest(
                name=INSTALL,
                args={
                    "program": wheel.name, "sha256": wheel.id, "author": "the project's sources",
                    "file": wheel.name, "path": into,
                },
                description=f"Install {wheel.name} into {into} (without a network).{before}\n\n"
                f"SHA-256 {wheel.id}",
            ),
        ),
        review_configs=(
            ReviewConfig(action_name=INSTALL, allowed_decisions=("approve", "reject")),
        ),
    )  # fmt: skip


def not_installed(why: str) -> Check:
    """The check of a package that was to be installed, and is not."""
    return unchecked("installed", _WHAT, _METHOD, why)


def install(specification: Specification, written: Written, assets: AssetStore) -> Check:
    """Install exactly the wheel that was built."""
    with tempfile.TemporaryDirectory(prefix="grym-install-") as folder:
        wheel = Path(folder) / written.wheel.name
        content = assets.path(written.wheel).read_bytes()
        if hashlib.sha256(content).hexdigest() != written.wheel.id:
            return held("installed", _WHAT, False, _METHOD, why="the wheel was changed")
        wheel.write_bytes(content)
        pip = ["-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"]
        said = _python([*pip, "--no-index", "--no-deps", "--force-reinstall", str(wheel)])
        told = _python(
            [
                "-c",
                f"from importlib.metadata import version; print(version({specification.name!r}))",
            ]
        )
    good = said is not None and told is not None and said.returncode == told.returncode == 0
    lines = (said.stderr if said is not None else "it took too long").strip().splitlines()
    version = told.stdout.strip() if good and told is not None else None
    why = lines[0] if lines else "pip left nothing"
    return held("installed", _WHAT, good, _METHOD, measured=version, why=why)


def _python(words: list[str]) -> subprocess.CompletedProcess[str] | None:
    """Run this interpreter, apart from the current folder; None where it takes too long."""
    try:
        return subprocess.run(
            [sys.executable, "-I", *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
