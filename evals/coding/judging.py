"""Answers held against hidden tests in the sandbox: many cases in one, two sandboxes at once."""

import json
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from agents.sandbox.runs import OUTPUT_FILES, Run, Runner
from grym_synth.errors import SandboxRefused

CASE_SECONDS = 10.0
"""Longest run of one case, processor time."""
TOGETHER = 24
"""Cases in one sandbox: starting one and importing the libraries costs more than most of them."""
AT_ONCE = 2
"""Sandboxes."""

_SPARE_SECONDS = 20.0
_ROOM = 256 << 20

Kind = Literal["module", "program", "left", "script", "sounds"]
"""``module``: the test calls its functions; ``program``: it is run on the test's sounds, and the
test looks at the files; ``left``: these files are there already; ``script``: the test stands in its
namespace; ``sounds``: nothing is judged, the test's sounds are written."""


@dataclass(frozen=True)
class Case:
    """One answer and its test."""

    name: str
    kind: Kind
    test: str
    """Python source."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Sources of the answer by name, the program or module first."""
    left: tuple[Path, ...] = ()
    """What a program left elsewhere."""
    seconds: float = CASE_SECONDS


@dataclass(frozen=True)
class Verdict:
    """What a test says."""

    case: str
    fault: str = ""
    """Why the answer is wrong; empty when it is right."""
    seconds: float = 0.0
    """Processor time inside; the first of a sandbox bears the imports."""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return not self.fault


def judge(cases: Sequence[Case], runner: Runner, together: int = TOGETHER) -> list[Verdict]:
    """Hold every answer against its test.

    Args:
        cases: the answers.
        runner: a sandbox; both answers and tests are foreign code.
        together: cases in one sandbox; 1 for answers that nobody has looked at, so that none can
            meddle with another.

    Returns:
        One verdict for each case, in their order.

    Raises:
        SandboxRefused: the runner holds nothing.
    """
    if not runner.confines:
        raise SandboxRefused(
            "running answers and their tests",
            f"a {runner.name} holds no foreign code",
            "Run it on a Linux machine",
        )
    batches = [cases[at : at + together] for at in range(0, len(cases), together)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = pool.map(lambda batch: _batch(batch, runner), batches)
        return [verdict for verdicts in told for verdict in verdicts]


def write_sounds(cases: Sequence[Case], runner: Runner, into: Path) -> list[tuple[Path, ...]]:
    """Have tests write the sounds that their tasks are about.

    Args:
        cases: of kind ``sounds``.
        runner: a sandbox.
        into: an existing folder that takes them, each task's in one of its own.

    Returns:
        The files of each case; none where its test has no sounds or broke.
    """
    made: list[tuple[Path, ...]] = []
    few = OUTPUT_FILES // 2
    for at in range(0, len(cases), few):
        with tempfile.TemporaryDirectory(prefix="grym-eval-") as folder:
            _run(cases[at : at + few], runner, Path(folder))
            for number in range(len(cases[at : at + few])):
                own = into / str(at + number)
                own.mkdir()
                found = sorted(Path(folder).glob(f"{number}-*"))
                made.append(tuple(one.rename(own / one.name.partition("-")[2]) for one in found))
    return made


def _batch(cases: Sequence[Case], runner: Runner) -> list[Verdict]:
    """The verdicts of one sandbox; where a case ends it, the others go to a new one."""
    verdicts: list[Verdict] = []
    while len(verdicts) < len(cases):
        rest = cases[len(verdicts) :]
        with tempfile.TemporaryDirectory(prefix="grym-eval-") as folder:
            told, run = _run(rest, runner, Path(folder))
        verdicts += told
        if len(told) < len(rest):
            fault = run.fault or "it ended the program before the end"
            verdicts.append(Verdict(rest[len(told)].name, fault))
    return verdicts


def _run(cases: Sequence[Case], runner: Runner, into: Path) -> tuple[list[Verdict], Run]:
    word = secrets.token_hex()
    with tempfile.TemporaryDirectory(prefix="grym-eval-") as folder:
        inputs = dict(_inputs(cases, Path(folder)))
        run = runner.run(
            _script("inside"),
            inputs,
            [word],
            into,
            seconds=_SPARE_SECONDS + sum(one.seconds for one in cases),
            output_bytes=_ROOM,
        )
    lines = [line.partition(" ") for line in run.stdout.splitlines()]
    told = [json.loads(said) for first, _, said in lines if first == word]
    verdicts = [
        Verdict(case.name, str(one["fault"]), float(one["seconds"]))
        for case, one in zip(cases, told, strict=False)
    ]
    return verdicts, run


def _inputs(cases: Sequence[Case], folder: Path) -> Iterator[tuple[str, Path]]:
    listed: list[dict[str, object]] = []
    for number, case in enumerate(cases):
        names = [f"{number}-{at}{path.suffix}" for at, path in enumerate(case.left)]
        yield from zip(names, case.left, strict=True)
        listed.append(
            {
                "files": dict(case.files),
                "test": case.test,
                "kind": case.kind,
                "left": names,
                "seconds": case.seconds,
            }
        )
    for name, text in (("cases.json", json.dumps(listed)), ("measuring.py", _script("measuring"))):
        (folder / name).write_text(text, encoding="utf-8")
        yield name, folder / name


@cache
def _script(name: str) -> str:
    return Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
