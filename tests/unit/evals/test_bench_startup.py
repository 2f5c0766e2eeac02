import subprocess
from pathlib import Path

import pytest

from evals.bench.startup import once


def test_a_command_that_fails_is_not_timed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        once(["-c", "raise SystemExit(3)"], tmp_path)


def test_processor_time_of_children_counts(tmp_path: Path) -> None:
    work = "sum(range(3_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"

    alone, with_child = once(["-c", "pass"], tmp_path), once(["-c", child], tmp_path)

    assert with_child.cpu_seconds > alone.cpu_seconds
    assert alone.peak_mb > 1
