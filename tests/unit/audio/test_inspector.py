"""A file that its decoder can't bear costs that file, not the session."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.assets import AssetStore
from audio.inspector import Inspector
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits
from tests.processes import children_running


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.1 * np.sin(np.arange(44100) / 10), 44100)
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Twenty minutes of noise, which take a while to decode."""
    path = tmp_path / "long.flac"
    rng = np.random.default_rng(1)
    with soundfile.SoundFile(path, "w", 48000, 2) as file:
        for _ in range(120):
            file.write(0.3 * rng.standard_normal((480_000, 2)))
    return path


def _children() -> set[int]:
    return {*children_running("audio.inspecting_worker")}


def test_a_decoder_that_dies_over_a_file_costs_that_file(long: Path, tone: Path) -> None:
    inspector, before = Inspector(), _children()
    inspector.inspect(tone, "audio", "tone.wav", MediaLimits())
    (worker,) = _children() - before
    killer = threading.Timer(0.2, os.kill, (worker, signal.SIGSEGV))
    killer.start()
    with pytest.raises(MediaRejected, match=r"long\.flac.*its decoder crashed \(signal 11\)"):
        inspector.inspect(long, "audio", "long.flac", MediaLimits())
    facts = inspector.inspect(tone, "audio", "tone.wav", MediaLimits())
    assert (facts.seconds, facts.channels) == (1.0, 1)
    inspector.end()
    assert _children() == before


def test_the_process_that_decodes_can_write_no_file_and_has_bounded_memory(tone: Path) -> None:
    inspector, before = Inspector(), _children()
    inspector.inspect(tone, "audio", "tone.wav", MediaLimits())
    (worker,) = _children() - before
    held = {
        line[:26].strip(): line[26:].split()[0]
        for line in Path(f"/proc/{worker}/limits").read_text().splitlines()
    }
    assert held["Max file size"] == "0"
    assert int(held["Max address space"]) <= 4 << 30
    inspector.end()


def test_files_are_inspected_by_several_threads_at_once(tone: Path, tmp_path: Path) -> None:
    store, ids = AssetStore(tmp_path / "store", MediaLimits()), list[str]()
    paths = []
    for number in range(6):
        paths.append(tmp_path / f"{number}.wav")
        soundfile.write(paths[-1], np.full(800 + number, 0.1), 8000)
    workers = [threading.Thread(target=lambda p=p: ids.append(store.add(p).id)) for p in paths]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(ids)) == len(paths)
