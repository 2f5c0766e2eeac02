"""The steps of a build, from words to a measured package."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agents.sandbox.runs import Runner
from agents.toolchain.bench import Bench, BenchFault
from agents.toolchain.measuring.measuring import measured
from agents.toolchain.products import Designed, Tried, Written, WrittenFile
from agents.toolchain.specification import Specification
from agents.toolchain.wheel import sdist_name, sdist_of, wheel_name, wheel_of
from agents.toolchain.writing import PackageFile, class_name, write_package
from agents.workflows.checks import Check, held, unchecked
from audio.assets import AssetStore
from audio.media import AssetKind
from audio.probing.plotting import picture_of, table_of
from memory.context import Degraded

SECONDS = 300.0
"""Longest run of tests, and of all measurements together."""


def write(designed: Designed, assets: AssetStore) -> Written:
    """Write the package of a member of the family, and its wheel."""
    specification = designed.specification
    files = write_package(specification)
    return stored_package(specification, files, class_name(specification), assets)


def stored_package(
    specification: Specification, files: Sequence[PackageFile], processor: str, assets: AssetStore
) -> Written:
    """Put the files of a package and its wheel into the store."""
    wheel = assets.add_bytes(wheel_of(specification, files), "archive", wheel_name(specification))
    sdist = assets.add_bytes(sdist_of(specification, files), "archive", sdist_name(specification))
    kept = [one for one in files if one.text]  # an empty marker goes into the wheel alone
    return Written(
        files=tuple(stored(one.path, one.text.encode(), "text", assets) for one in kept),
        wheel=wheel,
        sdist=sdist,
        processor=processor,
    )


def stored(path: str, content: bytes, kind: AssetKind, assets: AssetStore) -> WrittenFile:
    """Put one file into the store under the last part of its path."""
    return WrittenFile(path=path, ref=assets.add_bytes(content, kind, path.rpartition("/")[2]))


def run_tests(
    designed: Designed, written: Written, runner: Runner | None, assets: AssetStore
) -> Tried:
    """Run the package's own tests on its wheel."""
    what = "the package's own tests pass"
    if runner is None:
        return Tried(checks=(unchecked("tests", what, "", _NO_SANDBOX),), degraded=(_no_runner(),))
    with bench_of(designed.specification, written, runner, assets) as (bench, folder):
        tests = []
        for one in written.files:
            if re.fullmatch(r"tests/test_\w+\.py", one.path):
                path = folder / one.ref.name
                path.write_bytes(assets.path(one.ref).read_bytes())
                tests.append(path)
        faults, ran = bench.test(tests)
    good = not faults and ran > 0
    why = "; ".join(faults[:3]) or "there are none"
    method = f"{ran} test functions, run on the wheel in a {runner.name}"
    return Tried(checks=(held("tests", what, good, method, measured=ran, why=why),))


def measure(
    designed: Designed, written: Written, runner: Runner | None, assets: AssetStore
) -> Tried:
    """Send known signals through the wheel and measure what comes out."""
    specification = designed.specification
    if runner is None:
        check = unchecked("measured", "it measures as specified", "", _NO_SANDBOX)
        return Tried(checks=(check,))
    with bench_of(specification, written, runner, assets) as (bench, _):
        try:
            found = measured(specification, bench)
        except BenchFault as fault:
            return Tried(checks=(_broken(fault),))
    return Tried(
        checks=found.checks,
        files=(
            stored("response.png", picture_of(found.view), "image", assets),
            stored("response.csv", table_of(found.view).encode(), "text", assets),
        ),
    )


_NO_SANDBOX = "there is no way to run code on this machine"


def _no_runner() -> Degraded:
    return Degraded(
        role="sandbox", wanted="a sandbox for the package", used="none", why=_NO_SANDBOX
    )


def _broken(fault: BenchFault) -> Check:
    what = "the package runs through all measurements"
    return held("measured", what, False, "probes in the sandbox", why=fault.happened)


@contextmanager
def bench_of(
    specification: Specification, written: Written, runner: Runner, assets: AssetStore
) -> Iterator[tuple[Bench, Path]]:
    """A bench with the wheel under its own name, and a folder beside it."""
    with tempfile.TemporaryDirectory(prefix="grym-build-") as name:
        folder = Path(name)
        wheel = folder / written.wheel.name
        wheel.write_bytes(assets.path(written.wheel).read_bytes())
        yield Bench(runner, wheel, specification.name, written.processor, SECONDS), folder
