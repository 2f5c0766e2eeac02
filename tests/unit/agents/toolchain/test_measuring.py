from pathlib import Path

import pytest

from agents.sandbox.plain import PlainChild
from agents.toolchain.bench import Bench
from agents.toolchain.measuring.measuring import Measured, measured
from agents.toolchain.reading import read_specification
from agents.toolchain.wheel import wheel_name, wheel_of
from agents.toolchain.writing import PackageFile, class_name, write_package

FAMILY = (
    "low-pass", "first-order low-pass", "8-pole high-pass at 120 Hz", "LR4 high-pass at 80 Hz",
    "band-pass at 1 kHz, Q 2", "band-pass order 4, Q 2", "notch 50 Hz, Q 30", "notch order 6",
    "bell EQ, gain ±12 dB", "low shelf 120 Hz", "first-order high shelf 4 kHz", "all-pass",
    "third-order all-pass", "three-way crossover", "LR2 crossover", "LR8 crossover, 4 bands",
    "compressor", "RMS compressor", "limiter", "gate", "delay", "ping-pong delay 333.3 ms",
    "waveshaper", "hard clipper 4x oversampling", "arctan saturator 16x oversampling",
    "envelope follower", "RMS envelope follower", "tremolo", "auto-pan", "square tremolo",
    "vibrato", "chorus", "flanger", "phaser", "12-stage phaser", "meter", "true-peak limiter",
    "sidechain compressor", "sidechain gate", "3-band compressor", "2-band LR2 compressor",
)  # fmt: skip


def bench_of(text: str, folder: Path, change: tuple[str, str] = ("", "")) -> Bench:
    specification = read_specification(text)
    files = write_package(specification)
    assert not change[0] or any(change[0] in one.text for one in files)
    changed = [
        PackageFile(one.path, one.text.replace(*change) if change[0] else one.text) for one in files
    ]
    wheel = folder / wheel_name(specification)
    wheel.write_bytes(wheel_of(specification, changed))
    return Bench(PlainChild(), wheel, specification.name, class_name(specification), 120.0)


def measured_of(text: str, folder: Path, change: tuple[str, str] = ("", "")) -> Measured:
    return measured(read_specification(text), bench_of(text, folder, change))


def failed(found: Measured) -> set[str]:
    return {one.name.partition(".")[0] for one in found.checks if one.status == "not_met"}


@pytest.mark.parametrize(
    "text",
    [
        "4-pole low-pass at 500 Hz, sample rate 48 kHz, mono",
        "compressor, mono, sample rate 48 kHz, attack 5 ms, release 50 ms",
    ],
)
def test_what_is_built_measures_as_specified(text: str, tmp_path: Path) -> None:
    found = measured_of(text, tmp_path)
    assert [one.name for one in found.checks if one.status != "met"] == []


@pytest.mark.parametrize(
    ("text", "change", "names"),
    [
        (
            "low-pass at 500 Hz, mono, sample rate 48 kHz",
            ("angle = 2 * math.pi * frequency / rate", "angle = 2.2 * math.pi * frequency / rate"),
            {"corner"},
        ),
        (
            "low-pass at 500 Hz, mono, sample rate 48 kHz",
            ("default=500.0", "default=600.0"),
            {"parameters"},
        ),
        (
            "gate, mono, sample rate 48 kHz",
            ("return without_denormals(np.conc", "return np.nan * without_denormals(np.conc"),
            {"corners"},
        ),
        (
            "tremolo at 4 Hz, mono, sample rate 48 kHz",
            ("self._phase = float(steps[-1] % 1.0)", "self._phase = 0.0"),
            {"blocks"},
        ),
        (
            "true-peak limiter, mono, sample rate 48 kHz",
            ("true_peak=True", "true_peak=False"),
            {"true_peak"},
        ),
        (
            "sidechain compressor, mono, sample rate 48 kHz",
            ("level(block[-self.channels :])", "level(block[: self.channels])"),
            {"key"},
        ),
        (
            "2-band compressor, thresholds -40 and -10 dB, mono, sample rate 48 kHz",
            ('f"threshold_{number}"', '"threshold_1"'),
            {"curve"},
        ),
    ],
)  # fmt: skip
def test_a_fault_in_the_source_is_found(
    text: str, change: tuple[str, str], names: set[str], tmp_path: Path
) -> None:
    assert names <= failed(measured_of(text, tmp_path, change))


def test_what_the_specification_wants_measured_is_measured(tmp_path: Path) -> None:
    text = (
        'kind = "highpass"\nsample_rates = [48000]\nchannels = 1\n'
        '[[parameters]]\nname = "cut"\nunit = "Hz"\nrange = [20, 2000]\ndefault = 100\n'
        '[[checks]]\nmeasure = "gain_db"\nat_hz = 100\ntarget = -3.01\ntolerance = 0.1\n'
        '[[checks]]\nmeasure = "gain_db"\nat_hz = 100\ntarget = -6\ntolerance = 0.1\n'
    )
    status = {one.name: one.status for one in measured_of(text, tmp_path).checks}
    assert (status["wanted.1"], status["wanted.2"]) == ("met", "not_met")


def test_the_tests_of_a_package_fail_where_its_source_is_wrong(tmp_path: Path) -> None:
    text = "low-pass at 500 Hz, mono, sample rate 48 kHz"
    specification = read_specification(text)
    tests = tmp_path / "test_low_pass_filter.py"
    tests.write_text(next(one.text for one in write_package(specification) if "tests/" in one.path))
    wrong = ("(1 - cosine) / 2, 1 - cosine", "(1 - cosine) / 3, 1 - cosine")
    faults, _ = bench_of(text, tmp_path, wrong).test([tests])
    assert len(faults) == 1
    assert "test_tones_come_out_as_loud_as_specified" in faults[0]


@pytest.mark.long
@pytest.mark.parametrize("text", FAMILY)
def test_the_whole_family_measures_as_specified_and_passes_its_own_tests(
    text: str, tmp_path: Path
) -> None:
    found = measured_of(text, tmp_path)
    assert [one.name for one in found.checks if one.status == "not_met"] == []
    specification = read_specification(text)
    tests = tmp_path / f"test_{specification.name}.py"
    tests.write_text(next(one.text for one in write_package(specification) if "tests/" in one.path))
    assert bench_of(text, tmp_path).test([tests])[0] == ()
