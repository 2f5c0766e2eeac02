"""Holds answers against their tests; this file itself runs in the sandbox, as its script.

Argument: a word that begins each line of its verdicts, which the answers don't know. The cases lie
beside it as JSON, with the files that an answer left where its program ran elsewhere.
"""

import importlib
import io
import json
import os
import runpy
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType, SimpleNamespace

INPUTS = Path("../in").resolve()
SHOWN = 300
"""Characters of a fault."""


class TimeUp(BaseException):
    """A case took more processor time than it may."""


def main() -> None:
    """Judge all cases, one after the other."""
    word = sys.argv.pop()
    told, out, scratch = sys.stdout, Path.cwd(), Path(os.environ["TMPDIR"]).resolve()
    sys.path.insert(0, str(INPUTS))
    signal.signal(signal.SIGPROF, _time_up)
    cases, before = json.loads((INPUTS / "cases.json").read_text("utf-8")), 0.0
    if any("measuring" in case["test"] for case in cases):
        importlib.import_module("measuring")  # its libraries are on no answer's account
    for number, case in enumerate(cases):
        folder = scratch / f"case-{number}"
        folder.mkdir()
        fault = judged(case, folder, out, number)
        spent = time.process_time()
        told.write(f"{word} {json.dumps({'fault': fault[:SHOWN], 'seconds': spent - before})}\n")
        told.flush()
        before = spent


def judged(case: dict[str, object], folder: Path, out: Path, number: int) -> str:
    """Why an answer is wrong; empty when it is right."""
    files, test, kind = case["files"], str(case["test"]), case["kind"]
    assert isinstance(files, dict)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    known = list(files)
    try:
        with aside(folder, known), limited(float(str(case["seconds"]))):
            if kind == "script":
                run_script(files, test)
            elif kind == "sounds":
                write_sounds(tested(test), out, f"{number}-")
            elif kind == "program":
                work = folder / "work"
                work.mkdir()
                tested(test).check(run_program(folder / known[0], tested(test), work))
            elif kind == "left":
                left = case["left"]
                assert isinstance(left, list)
                tested(test).check([INPUTS / str(name) for name in left])
            else:
                tested(test).check(importlib.import_module(known[0].removesuffix(".py")))
    except TimeUp:
        return f"it took more than {case['seconds']} s of processor time"
    except BaseException as fault:  # noqa: BLE001 - foreign code; its fault is the verdict
        return told_of(fault, folder)
    return ""


def tested(test: str) -> SimpleNamespace:
    """A test's functions."""
    space: dict[str, object] = {"__name__": "hidden_test"}
    exec(compile(test, "hidden test", "exec"), space)  # noqa: S102 - in the sandbox
    return SimpleNamespace(**space)


def run_script(files: dict[str, str], test: str) -> None:
    """Run an answer and its test in one namespace, as the test's author meant it."""
    space: dict[str, object] = {"__name__": "answer"}
    for name, text in files.items():
        exec(compile(text, name, "exec"), space)  # noqa: S102 - in the sandbox
    exec(compile(test, "hidden test", "exec"), space)  # noqa: S102 - in the sandbox


def write_sounds(test: SimpleNamespace, folder: Path, prefix: str) -> list[Path]:
    """Write the sounds that a task is about; none where it has none."""
    import soundfile

    made = []
    for name, (samples, rate) in getattr(test, "sounds", dict)().items():
        soundfile.write(folder / f"{prefix}{name}", samples, rate, subtype="FLOAT")
        made.append(folder / f"{prefix}{name}")
    return made


def run_program(program: Path, test: SimpleNamespace, work: Path) -> list[Path]:
    """Run a program on the sounds of its task; the files that it leaves."""
    given = program.parent / "sounds"
    given.mkdir()
    sounds = write_sounds(test, given, "")
    os.chdir(work)
    sys.argv = [program.name, *(f"../sounds/{path.name}" for path in sounds)]
    try:
        runpy.run_path(str(program), run_name="__main__")
    except SystemExit as end:
        assert not end.code, f"it ended with status {end.code}"
    return sorted(path for path in work.iterdir() if path.is_file())


@contextmanager
def aside(folder: Path, names: list[str]) -> Iterator[None]:
    """Work in a folder of its own, silently; afterwards all is as it was before."""
    here, argv = Path.cwd(), sys.argv
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        os.chdir(here)
        sys.argv = argv
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name.removesuffix(".py"), None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time: a busy machine does not make an answer wrong."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _time_up(number: int, frame: FrameType | None) -> None:
    raise TimeUp


def told_of(fault: BaseException, folder: Path) -> str:
    """A fault with the last line of the answer that led to it."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [one for one in frames if Path(one.filename).parent == folder]
    where = f"{Path(own[-1].filename).name} line {own[-1].lineno}: " if own else ""
    return f"{where}{type(fault).__name__}: {fault}".replace("\n", " ")


if __name__ == "__main__":
    main()
