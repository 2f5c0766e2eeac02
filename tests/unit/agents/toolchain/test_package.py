import ast
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from agents.toolchain.family import KINDS
from agents.toolchain.reading import read_specification
from agents.toolchain.wheel import sdist_of, wheel_name, wheel_of
from agents.toolchain.writing import write_package

NAMES = {
    "bandpass": "band-pass filter", "peak": "peak filter", "allpass": "all-pass filter",
    "low_shelf": "low shelf", "high_shelf": "high shelf", "envelope": "envelope follower",
    "multiband_compressor": "multiband compressor",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_of_the_family_is_a_package_that_stands_alone(kind: str) -> None:
    specification = read_specification(f"a {NAMES.get(kind, kind)}")
    assert specification.kind == kind
    files = write_package(specification)
    modules = {Path(one.path).stem for one in files if one.path.startswith("src/")}
    for one in files:
        if not one.path.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(one.text)):
            if isinstance(node, ast.ImportFrom):
                top, _, rest = str(node.module).partition(".")
                known = top in (*sys.stdlib_module_names, "numpy", "scipy", specification.name)
                assert known, f"{one.path} imports {node.module}"
                assert top != specification.name or not rest or rest in modules


def test_the_same_specification_gives_the_same_bytes() -> None:
    made = [read_specification("chorus with 3 voices") for _ in range(2)]
    for pack in (wheel_of, sdist_of):
        first, second = (pack(one, write_package(one)) for one in made)
        assert first == second


def test_the_source_archive_holds_the_whole_project() -> None:
    specification = read_specification("a gate")
    files = write_package(specification)
    packed = io.BytesIO(sdist_of(specification, files))
    with tarfile.open(fileobj=packed, mode="r:gz") as archive:
        names = {one.removeprefix("gate-1.0.0/") for one in archive.getnames()}
    assert names == {*(one.path for one in files), "PKG-INFO"}


def test_the_wheel_holds_what_installers_look_for() -> None:
    specification = read_specification('a limiter called "Glass Roof"')
    wheel = zipfile.ZipFile(io.BytesIO(wheel_of(specification, write_package(specification))))
    assert wheel_name(specification) == "glass_roof-1.0.0-py3-none-any.whl"
    names = wheel.namelist()
    assert {"glass_roof/__init__.py", "glass_roof/py.typed"} < set(names)
    record = wheel.read("glass_roof-1.0.0.dist-info/RECORD").decode()
    assert sorted(line.split(",")[0] for line in record.splitlines()) == sorted(names)
    assert b"Name: glass-roof" in wheel.read("glass_roof-1.0.0.dist-info/METADATA")


def test_the_interface_names_every_parameter_as_the_specification_does() -> None:
    specification = read_specification("delay, time 1-500 ms (default 120 ms)")
    text = next(one.text for one in write_package(specification) if one.path.endswith("tion.json"))
    told = json.loads(text)
    assert told["parameters"][0] == {
        "name": "time", "role": "time", "unit": "ms", "minimum": 1.0, "maximum": 500.0,
        "default": 120.0, "scale": "log", "smoothing_ms": 20.0,
    }  # fmt: skip


@pytest.mark.long
def test_pip_installs_the_wheel_into_a_new_environment(tmp_path: Path) -> None:
    specification = read_specification("high-pass at 80 Hz")
    wheel = tmp_path / wheel_name(specification)
    wheel.write_bytes(wheel_of(specification, write_package(specification)))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "new"], check=True)
    python = str(tmp_path / "new" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--no-deps", "--no-index", "-q", str(wheel)]
    subprocess.run(pip, check=True)
    installed = tmp_path.glob("new/lib/python3*/site-packages/high_pass_filter/definition.py")
    assert len(list(installed)) == 1
