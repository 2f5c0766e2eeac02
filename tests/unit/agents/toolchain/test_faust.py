from pathlib import Path

import pytest

from agents.sandbox.plain import PlainChild
from agents.toolchain.faust.bench import FaustBench
from agents.toolchain.faust.compiler import FaustFault, find_compiler
from agents.toolchain.faust.interface import same_interface
from agents.toolchain.faust.judging import judged
from agents.toolchain.faust.latency import latency_samples
from agents.toolchain.faust.source import faust_source, has_faust
from agents.toolchain.faust.steps import add_faust
from agents.toolchain.products import Designed
from agents.toolchain.reading import read_specification
from agents.toolchain.steps import measure, write
from agents.workflows.checks import Check
from audio.assets import AssetStore
from audio.probing.probe import Probe
from audio.probing.signals import impulse
from grym_synth.settings import Settings
from tests.programs import program
from tests.unit.agents.toolchain.test_measuring import FAMILY, bench_of

ONE_RATE = ", mono, sample rate 48 kHz"


def store(folder: Path) -> AssetStore:
    return AssetStore(folder / "assets", Settings(home=folder).limits)


def checked(text: str, folder: Path, change: tuple[str, str] = ("", "")) -> dict[str, Check]:
    program("faust")
    compiler, specification = find_compiler(), read_specification(text)
    assert compiler is not None
    source = faust_source(specification)
    assert not change[0] or change[0] in source
    path = folder / "made.dsp"
    path.write_text(source.replace(*change) if change[0] else source, encoding="utf-8")
    compiled = compiler.compile(path)
    if not (compiler.library and compiled.programs):
        pytest.skip("libfaust is not installed")
    faust = FaustBench(PlainChild(), specification, compiler.library, compiled.programs, 120.0)
    found = judged(specification, faust, bench_of(text, folder)).checks
    return {one.name: one for one in (same_interface(specification, compiled.interface), *found)}


def not_met(found: dict[str, Check]) -> list[str]:
    return [one.name for one in found.values() if one.status == "not_met"]


@pytest.mark.parametrize(
    "text",
    [
        "4-pole low-pass at 500 Hz",
        "limiter, 1 ms lookahead, release 40 ms",
        "delay 20 ms",
        "phaser with 6 stages, feedback 60 %",
    ],
)
def test_the_faust_source_measures_as_specified_and_does_what_python_does(
    text: str, tmp_path: Path
) -> None:
    found = checked(text + ONE_RATE, tmp_path)
    assert not_met(found) == []
    assert {"faust.parameters", "faust.same", "faust.tail"} < set(found)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (("(1 - c) / 2, 1 - c", "(1 - c) / 3, 1 - c"), {"faust.same", "faust.corner.gain.48000"}),
        (("500, 20, 20000", "600, 20, 20000"), {"faust.parameters", "faust.same"}),
        (("[unit:Hz]", "[unit:kHz]"), {"faust.parameters"}),
        (("flush(v) = v * (abs(v) > 1e-30)", "flush(v) = v"), {"faust.tail"}),
    ],
)
def test_a_fault_in_the_faust_source_is_found(
    change: tuple[str, str], names: set[str], tmp_path: Path
) -> None:
    assert names <= set(not_met(checked("low-pass at 500 Hz" + ONE_RATE, tmp_path, change)))


def test_a_source_that_does_not_compile_is_told_with_the_compilers_words(tmp_path: Path) -> None:
    program("faust")
    compiler = find_compiler()
    assert compiler is not None
    path = tmp_path / "wrong.dsp"
    path.write_text("process = nothing_of_that_name;")
    with pytest.raises(FaustFault, match="nothing_of_that_name"):
        compiler.compile(path)


def test_without_a_compiler_the_report_says_so_and_nothing_else_changes(tmp_path: Path) -> None:
    assets, designed = store(tmp_path), Designed(specification=read_specification("low-pass"))
    tried = add_faust(designed, write(designed, assets), PlainChild(), assets, None)
    assert [one.status for one in tried.checks] == ["not_checked"]
    assert "no Faust compiler" in tried.checks[0].why
    assert tried.files == ()


def test_without_a_sandbox_the_source_is_compiled_and_handed_over_unheard(tmp_path: Path) -> None:
    program("faust")
    assets, designed = store(tmp_path), Designed(specification=read_specification("tremolo"))
    tried = add_faust(designed, write(designed, assets), None, assets, find_compiler())
    status = {one.name: one.status for one in tried.checks}
    assert status == {
        "faust.compiles": "met", "faust.parameters": "met", "faust.measured": "not_checked",
    }  # fmt: skip
    assert {"faust/tremolo.dsp", "README.md"} == {one.path for one in tried.files}


def test_the_responses_of_the_package_and_of_its_faust_source_are_two_files(
    tmp_path: Path,
) -> None:
    program("faust")
    specification = read_specification("low-pass at 500 Hz" + ONE_RATE)
    assets, designed = store(tmp_path), Designed(specification=specification)
    written, child = write(designed, assets), PlainChild()
    made = [
        *measure(designed, written, child, assets).files,
        *add_faust(designed, written, child, assets, find_compiler()).files,
    ]
    tables = {one.path: one.ref.id for one in made if one.path.endswith("response.csv")}
    if len(tables) < 2:
        pytest.skip("libfaust is not installed")
    assert tables["response.csv"] != tables["faust/response.csv"]


def test_names_with_marks_of_their_own_stay_what_they_are_to_the_user(tmp_path: Path) -> None:
    text = (
        'kind = "highpass"\nsample_rates = [48000]\nchannels = 1\ntitle = "A [title]"\n'
        '[[parameters]]\nname = "cut[hidden:1]/Höhe"\nunit = "Hz"\nrange = [20, 2000]\n'
        "default = 99\n"
    )
    assert not_met(checked(text, tmp_path)) == []


@pytest.mark.parametrize("text", ["true-peak limiter, 1 ms lookahead", "hard clipper", "gate"])
def test_the_latency_of_the_source_is_that_of_the_package(text: str, tmp_path: Path) -> None:
    specification = read_specification(text + ONE_RATE)
    probe = Probe(impulse(1, 64), 48_000)
    (answer,) = bench_of(text + ONE_RATE, tmp_path).measure([probe], 1).answers
    assert latency_samples(specification, 48_000) == answer.latency


@pytest.mark.long
@pytest.mark.parametrize("text", FAMILY)
def test_the_whole_family_but_the_meter_is_there_in_faust(text: str, tmp_path: Path) -> None:
    specification = read_specification(text)
    if not has_faust(specification):
        assert specification.kind == "meter"
        return
    assert not_met(checked(text, tmp_path)) == []
