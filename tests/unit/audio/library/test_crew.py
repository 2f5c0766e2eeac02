"""Workers side by side: what a crash costs."""

import os
import signal
import time
from pathlib import Path
from threading import Thread

from audio.library.crew import Crew
from audio.library.reading import Wanted
from grym_synth.settings import MediaLimits
from tests.processes import children_running
from tests.unit.audio.library import drumkit


def wanted(path: Path) -> Wanted:
    held = path.stat()
    return Wanted(str(path), held.st_size, held.st_mtime_ns)


def kill_a_child() -> None:
    """End the first worker of this process as a crash would, once there is one."""
    while not (children := children_running("audio.library.worker")):
        time.sleep(0.01)
    os.kill(children[0], signal.SIGSEGV)


def test_a_worker_that_crashes_costs_one_file(tmp_path: Path) -> None:
    names = [f"{number}.wav" for number in range(3)]
    files = [drumkit.write(tmp_path / name, drumkit.kick()) for name in names]
    with Crew(1, MediaLimits()) as crew:
        killer = Thread(target=kill_a_child)
        killer.start()
        readings = list(crew.read(map(wanted, files)))
        killer.join()
    problems = {Path(one.path).name: one.problem for one in readings}
    assert problems == {"0.wav": "its decoder crashed (signal 11)", "1.wav": "", "2.wav": ""}
    crashed = next(one for one in readings if one.problem)
    assert crashed.changed_ns == files[0].stat().st_mtime_ns


def test_broken_files_are_told_and_the_others_measured(tmp_path: Path) -> None:
    good = drumkit.write(tmp_path / "good.wav", drumkit.kick())
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF but not really")
    with Crew(2, MediaLimits()) as crew:
        first = {Path(one.path).name: one for one in crew.read(map(wanted, (good, bad)))}
    assert first["bad.wav"].problem == "format not recognised"
    assert first["good.wav"].sound is not None and first["good.wav"].vector
