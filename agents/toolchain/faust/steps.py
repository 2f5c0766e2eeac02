"""The step of a build that adds the processor in Faust."""

import tempfile
from dataclasses import replace
from pathlib import Path

from agents.sandbox.runs import Runner
from agents.toolchain.bench import BenchFault
from agents.toolchain.faust.bench import FaustBench
from agents.toolchain.faust.compiler import Compiled, Compiler, FaustFault
from agents.toolchain.faust.interface import same_interface
from agents.toolchain.faust.judging import broke_off, compiles, judged, not_run
from agents.toolchain.faust.readme import with_measurements
from agents.toolchain.faust.source import faust_source, has_faust
from agents.toolchain.products import Designed, Tried, Written, WrittenFile
from agents.toolchain.steps import SECONDS, bench_of, stored
from agents.workflows.checks import Check, unchecked
from audio.assets import AssetStore
from audio.probing.plotting import View, table_of

_WHAT = "the processor in Faust"


def add_faust(
    designed: Designed, written: Written, runner: Runner | None, assets: AssetStore,
    compiler: Compiler | None,
) -> Tried:  # fmt: skip
    """Write the Faust source of a member of the family, compile it and measure it.

    Args:
        designed: what was to be built.
        written: its package.
        runner: the way to run packages; None where this machine has none.
        assets: where files go.
        compiler: of this machine; None where there is none: the report says so, and nothing else
            changes.
    """
    specification = designed.specification
    if written.author or not has_faust(specification):
        return Tried(checks=())
    if compiler is None:
        why = "no Faust compiler is installed (the program faust is not found)"
        return Tried(checks=(unchecked("faust", _WHAT, "", why),))
    source = faust_source(specification)
    dsp = stored(f"faust/{specification.name}.dsp", source.encode(), "text", assets)
    with tempfile.TemporaryDirectory(prefix="grym-faust-") as folder:
        path = Path(folder) / f"{specification.name}.dsp"
        path.write_text(source, encoding="utf-8")
        try:
            compiled = compiler.compile(path)
        except FaustFault as fault:
            return Tried(checks=(compiles(compiler, str(fault)),), files=(dsp,))
        return _measured(designed, written, runner, assets, compiler, compiled, dsp)


def _measured(
    designed: Designed, written: Written, runner: Runner | None, assets: AssetStore,
    compiler: Compiler, compiled: Compiled, dsp: WrittenFile,
) -> Tried:  # fmt: skip
    specification = designed.specification
    checks = [compiles(compiler, ""), same_interface(specification, compiled.interface)]
    files = [dsp]
    if why := _deaf(runner, compiler, compiled):
        checks.append(not_run(why))
    elif runner is not None:
        faust = FaustBench(runner, specification, compiler.library, compiled.programs, SECONDS)
        try:
            with bench_of(specification, written, runner, assets) as (python, _):
                found = judged(specification, faust, python)
            checks += found.checks
            table = table_of(_named(found.view)).encode()
            files.append(stored("faust/response.csv", table, "text", assets))
        except BenchFault as fault:
            checks.append(broke_off(fault))
    files += _readme(written, checks, dsp.path, compiler, assets)
    return Tried(checks=tuple(checks), files=tuple(files))


def _named(view: View) -> View:
    """A view that says whose it is, so that its table is never that of the package itself."""
    curves = tuple(replace(one, name=f"Faust, {one.name}") for one in view.curves)
    return replace(view, curves=curves)


def _deaf(runner: Runner | None, compiler: Compiler, compiled: Compiled) -> str:
    """Why a compiled program can't be run here; empty where it can."""
    if runner is None:
        return "there is no way to run code on this machine"
    if not compiler.library:
        return "libfaust, which runs what the compiler makes, is not installed"
    return "" if compiled.programs else "the compiler makes nothing that libfaust can run"


def _readme(
    written: Written, checks: list[Check], path: str, compiler: Compiler, assets: AssetStore
) -> list[WrittenFile]:
    """The package's README, with what was measured of its Faust source."""
    for one in written.files:
        if one.path == "README.md":
            text = assets.path(one.ref).read_text(encoding="utf-8")
            told = with_measurements(text, checks, path, compiler.version)
            return [stored(one.path, told.encode(), "text", assets)]
    return []
