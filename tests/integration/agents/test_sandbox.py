import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.sandbox import landlock
from agents.sandbox.runs import TOO_LONG, Outputs, Run
from grym_synth.errors import SandboxRefused

if sys.platform != "linux":
    pytest.skip("the sandbox is for Linux", allow_module_level=True)

from agents.sandbox.host import Sandbox

MEGABYTE = 1 << 20


def opened(method: str) -> Sandbox:
    candidates = [one for one in Sandbox.candidates() if one.method == method]
    for candidate in candidates:
        try:
            run = candidate.run("", {}, [], Path("/nowhere"), seconds=10, output_bytes=MEGABYTE)
        except (OSError, subprocess.SubprocessError):
            continue
        if not run.fault:
            return candidate
    pytest.skip(f"this machine has no {method}")


@pytest.fixture(scope="module", params=["bwrap", "landlock"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return opened(request.param)


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> "RunScript":
    return RunScript(sandbox, tmp_path / "left")


class RunScript:
    def __init__(self, sandbox: Sandbox, into: Path) -> None:
        self.sandbox, self.into = sandbox, into
        into.mkdir()

    def __call__(
        self, script: str, *arguments: object, seconds: float = 10.0, output_bytes: int = MEGABYTE
    ) -> Run:
        return self.sandbox.run(
            textwrap.dedent(script),
            {},
            [str(one) for one in arguments],
            self.into,
            seconds=seconds,
            output_bytes=output_bytes,
        )


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("caller") / "secret"
    path.write_text("a key of the caller")
    return path


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


ATTACKS = {
    "reads a file of the caller": "open(secret).read()",
    "reads the list of users": "open('/etc/passwd').read()",
    "lists the caller's home": "os.listdir(os.path.dirname(secret))",
    "lists the root of all users": "os.listdir('/home') or os.listdir('/root')",
    "reads the caller's environment": "open(f'/proc/{caller}/environ').read()",
    "reads its own memory map": "open('/proc/self/maps').read()",
    "finds a variable of the caller": "os.environ['PATH']",
    "writes beside a file of the caller": "open(secret + '.new', 'w')",
    "changes a file of the caller": "open(secret, 'a').write('x')",
    "truncates a file of the caller": "os.truncate(secret, 0)",
    "removes a file of the caller": "os.remove(secret)",
    "changes the rights of a file": "os.chmod(secret, 0o777)",
    "changes the times of a file": "os.utime(secret)",
    "writes into the libraries": "open(os.path.join(os.__file__.rsplit('/', 1)[0], 'x'), 'w')",
    "writes to the temporary folder of all": "open('/var/tmp/escaped', 'w')",
    "connects to loopback": "socket.create_connection(('127.0.0.1', port), 2)",
    "looks a name up": "socket.getaddrinfo('localhost', 80)[0] and socket.socket()",
    "opens a unix socket": "socket.socket(socket.AF_UNIX)",
    "signals the caller": "os.kill(caller, 0)",
    "kills its supervisor": "os.kill(os.getppid(), 9)",
    "signals a thread of the caller": "libc.tgkill(caller, caller, 0) == 0 or fail()",
    "forks": "os.fork() or os._exit(0)",
    "runs a program": "os.execv('/usr/bin/id', ['id'])",
    "runs a shell": "subprocess.run(['/bin/sh', '-c', 'true'], check=True)",
    "makes a link out": "os.symlink('/etc/passwd', 'link')",
    "makes a hard link": "os.link(secret, 'link')",
    "makes a pipe file": "os.mkfifo('pipe')",
    "makes a device": "os.mknod('device', 0o600 | 0x2000, os.makedev(1, 1))",
    "makes memory without a name": "os.memfd_create('x')",
    "unshares a namespace": "libc.unshare(0x10000000) == 0 or fail()",
    "mounts": "libc.mount(b'none', b'/job', b'tmpfs', 0, None) == 0 or fail()",
    "traces a process": "libc.ptrace(16, caller, 0, 0) == 0 or fail()",
    "outlives its parent": "libc.prctl(1, 0, 0, 0, 0) == 0 or fail()",
    "leaves its session": "os.setsid()",
    "raises its limits": "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
    "limits the caller": "resource.prlimit(caller, resource.RLIMIT_NOFILE, (1, 1))",
    "changes the user": "os.setuid(0) or open('/etc/shadow')",
    "sets the clock": "time.clock_settime(time.CLOCK_REALTIME, time.time())",
    "uses io_uring": "libc.syscall(425, 1, ctypes.create_string_buffer(200)) >= 0 or fail()",
    "uses a call newer than the filter": "libc.syscall(500) == 0 or fail()",
    "reads the environment of the first process": "open('/proc/1/environ').read()",
    "chooses what the kernel runs on a crash": "open('/proc/sys/kernel/core_pattern', 'w')",
    "slows another process down": "os.setpriority(os.PRIO_PROCESS, caller, 19)",
    "reads the memory of the machine": "open('/dev/mem', 'rb').read(1)",
    "reads a disk": "open('/dev/sda', 'rb').read(1)",
    "writes to the terminal": "open('/dev/tty', 'w').write('x')",
    "reads the kernel's log": "libc.klogctl(3, ctypes.create_string_buffer(64), 64) >= 0 or fail()",
    "lists the temporary files of all": "os.listdir('/tmp') and os.listdir('/var/tmp')",
    "connects to a name without a file": "socket.socket(socket.AF_UNIX).connect('\\0grym')",
    "sends without a connection": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "listens for others": "socket.create_server(('0.0.0.0', 0))",
    "shares memory with others": "libc.shmget(1234, 4096, 0o1666) >= 0 or fail()",
    "asks for a key": "libc.syscall(250, 0, -3, 0) >= 0 or fail()",
    "loads code into the kernel": "libc.syscall(321, 0, 0, 0) >= 0 or fail()",
    "watches files of others": "libc.inotify_init() >= 0 or fail()",
    "makes its results a program of root": "os.chmod('.', 0o6777)",
    "changes the host's name": "socket.sethostname('mine')",
    "restarts the machine": "libc.reboot(0) == 0 or fail()",
    "reads through a handle of the caller": "os.listdir('/proc/self/fd') or os.listdir('/dev/fd')",
}
PREPARE = """
import ctypes, os, resource, signal, socket, subprocess, sys, time
secret, caller, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
libc = ctypes.CDLL(None, use_errno=True)
def fail():
    raise OSError("refused")
"""


def test_no_attack_gets_out(run: RunScript, secret: Path, listener: socket.socket) -> None:
    tries = [
        f"try:\n    {attack}\n    worked.append({name!r})\n"
        "except (OSError, ValueError, KeyError, subprocess.SubprocessError):\n    pass\n"
        for name, attack in ATTACKS.items()
    ]
    script = PREPARE + "worked = []\n" + "".join(tries) + "print(worked)\n"
    outcome = run(script, secret, os.getpid(), listener.getsockname()[1])
    assert outcome.fault == ""
    assert outcome.stdout.strip() == "[]"
    assert secret.read_text() == "a key of the caller"
    assert [path.name for path in secret.parent.iterdir()] == ["secret"]
    assert not Path("/var/tmp/escaped").exists()


def test_a_script_reads_its_input_and_leaves_its_output(
    sandbox: Sandbox, tmp_path: Path, secret: Path
) -> None:
    script = "import sys; open(sys.argv[2], 'w').write(open(sys.argv[1]).read()[::-1])"
    outcome = sandbox.run(
        script, {"a.txt": secret}, ["../in/a.txt", "b.txt"], tmp_path,
        seconds=10, output_bytes=MEGABYTE,
    )  # fmt: skip
    assert outcome.fault == ""
    assert outcome.outputs["b.txt"].read_text() == "rellac eht fo yek a"


def test_a_script_imports_modules_among_its_inputs(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    module = tmp_path / "given" / "ring.py"
    module.write_text("HZ = 30\n")
    script = "import sys\nsys.path.insert(0, '../in')\nimport ring\nprint(ring.HZ)\n"
    run = sandbox.run(script, {"ring.py": module}, [], tmp_path, seconds=10, output_bytes=MEGABYTE)
    assert (run.fault, run.stdout.strip()) == ("", "30")


def test_a_script_can_not_change_its_input(sandbox: Sandbox, tmp_path: Path, secret: Path) -> None:
    script = "import sys; open(sys.argv[1], 'a').write('x')"
    outcome = sandbox.run(
        script, {"a.txt": secret}, ["../in/a.txt"], tmp_path, seconds=10, output_bytes=MEGABYTE
    )
    assert outcome.returncode != 0
    assert secret.read_text() == "a key of the caller"


def test_an_error_is_told_by_its_last_line(run: RunScript) -> None:
    assert run("raise ValueError('no such band')").fault == "ValueError: no such band"


def test_exit_works_as_in_an_interpreter(run: RunScript) -> None:
    assert run("exit(3)").returncode == 3
    assert run("raise SystemExit('too quiet')").fault == "too quiet"


def test_numpy_scipy_and_soundfile_are_there_with_threads(run: RunScript) -> None:
    outcome = run("""
        import threading, numpy, soundfile
        from scipy import fft
        numpy.linalg.inv(numpy.eye(200)); fft.rfft(numpy.ones((8, 4096)), workers=2)
        thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
        soundfile.write("a.flac", numpy.zeros(100), 8000)
    """)
    assert (outcome.fault, outcome.stdout) == ("", "thread\n")
    assert list(outcome.outputs) == ["a.flac"]


def test_a_sleeper_is_ended_at_its_deadline(run: RunScript) -> None:
    outcome = run("import time; time.sleep(60)", seconds=0.5)
    assert outcome.fault == TOO_LONG
    assert outcome.seconds < 3


def test_a_busy_thread_is_ended_at_its_deadline(run: RunScript) -> None:
    outcome = run("import threading\nwhile True: pass", seconds=0.5)
    assert outcome.fault == TOO_LONG


def test_ignored_signals_do_not_help(run: RunScript) -> None:
    outcome = run(
        """
        import signal, time
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        time.sleep(60)
        """,
        seconds=0.5,
    )
    assert outcome.fault == TOO_LONG


def test_a_memory_bomb_hits_its_limit(run: RunScript) -> None:
    outcome = run("block = bytearray(3 << 30)")
    assert outcome.fault.startswith("MemoryError")


def test_a_bomb_of_mapped_memory_hits_its_limit(run: RunScript) -> None:
    outcome = run("""
        import mmap
        held = []
        while True:
            held.append(mmap.mmap(-1, 256 << 20))
    """)
    assert "Cannot allocate memory" in outcome.fault


def test_a_bomb_of_processes_starts_none(run: RunScript) -> None:
    outcome = run("""
        import os, subprocess
        for start in (os.fork, lambda: os.posix_spawn("/bin/true", ["true"], {}),
                      lambda: subprocess.Popen(["/bin/true"])):
            for _ in range(1000):
                try:
                    start()
                except OSError:
                    continue
                raise SystemExit("a process started")
    """)
    assert outcome.fault == ""


def test_a_bomb_of_threads_hits_its_limit(run: RunScript) -> None:
    outcome = run("""
        import threading, time
        for number in range(100_000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    """)
    assert "can't start new thread" in outcome.fault


def test_deep_recursion_ends_the_script_alone(run: RunScript) -> None:
    outcome = run("""
        import sys
        sys.setrecursionlimit(10**9)
        def dig(): dig()
        dig()
    """)
    assert outcome.fault
    assert outcome.outputs == {}


def test_a_script_that_hides_its_end_leaves_nothing_running(run: RunScript) -> None:
    outcome = run("""
        import os, threading, time
        threading.Thread(target=time.sleep, args=(60,)).start()
        os._exit(0)
    """)
    assert outcome.seconds < 5


def test_a_flood_of_text_is_cut_off(run: RunScript) -> None:
    outcome = run("while True: print('x' * 100000)")
    assert "printed more than" in outcome.fault
    assert len(outcome.stdout) < 2 * MEGABYTE


def test_the_disk_can_not_be_filled_by_one_file(run: RunScript) -> None:
    outcome = run("open('big', 'wb').write(bytes(50 << 20))")
    assert outcome.fault
    assert outcome.outputs == {}


def test_the_disk_can_not_be_filled_by_many_files(run: RunScript) -> None:
    outcome = run("""
        import time
        for number in range(400):
            open(f'part{number}', 'wb').write(bytes(1 << 19))
            time.sleep(0.001)
        time.sleep(1)
    """)
    assert outcome.fault
    assert outcome.outputs == {}


def test_a_sparse_terabyte_does_not_come_back(run: RunScript) -> None:
    outcome = run("open('sparse', 'wb').truncate(1 << 40)")
    assert outcome.fault
    assert outcome.outputs == {}


def test_too_many_files_do_not_come_back(run: RunScript) -> None:
    outcome = run("for number in range(100): open(f'f{number}', 'w').write('x')")
    assert "more than 16 files" in outcome.fault
    assert list(run.into.iterdir()) == []


@pytest.mark.parametrize("name", [".hidden", "a b", "ä", "x" * 200, "-rf", "line\nbreak"])
def test_files_with_odd_names_do_not_come_back(run: RunScript, name: str) -> None:
    outcome = run(f"open({name!r}, 'w').write('x')")
    assert "name" in outcome.fault
    assert list(run.into.iterdir()) == []


def test_folders_do_not_come_back(run: RunScript) -> None:
    outcome = run("import os; os.mkdir('folder'); open('folder/a', 'w').write('x')")
    assert outcome.outputs == {}


def test_a_forged_stream_can_not_write_outside(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    outputs = Outputs(tmp_path / "in", MEGABYTE)
    with pytest.raises(Exception, match="name"):
        outputs.push((9).to_bytes(8, "big") + (1).to_bytes(8, "big") + b"../escape" + b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_nothing_is_left_when_the_caller_is_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    mark = f"grym-left-{os.getpid()}-{sandbox.method}"
    caller = textwrap.dedent(f"""
        from pathlib import Path
        from agents.sandbox.host import Sandbox
        Sandbox({sandbox.method!r}, {str(sandbox.bwrap)!r} , {sandbox.user!r}).run(
            "import time; print(1); time.sleep(30)", {{}}, [{mark!r}], Path({str(tmp_path)!r}),
            seconds=30, output_bytes=1 << 20)
    """)
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", caller], cwd=root) as process:
        try:
            assert _until(lambda: len(_processes(mark)) > 0)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert _until(lambda: not _processes(mark))
        finally:
            process.kill()


def test_the_sandbox_that_opens_withstood_the_attacks() -> None:
    try:
        assert Sandbox.open().confines
    except SandboxRefused as refusal:
        pytest.skip(str(refusal))


def test_landlock_says_its_version() -> None:
    assert landlock.version() >= 0


def _processes(mark: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in line and b"agents.sandbox.host import" not in line:
                found.append(entry.name)
    return found


def _until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
