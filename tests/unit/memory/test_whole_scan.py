"""What is nearest, found by looking at every vector."""

from pathlib import Path

import numpy as np
import pytest

from memory.vectors.whole_scan import ROWS, WholeScan

COUNT = 2 * ROWS + 500


def test_the_nearest_are_those_that_are_nearest_whatever_came_and_went() -> None:
    rolled = np.random.default_rng(7)
    vectors = rolled.standard_normal((COUNT, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scan = WholeScan()
    scan.put([str(number) for number in range(COUNT)], vectors)
    scan.drop([str(number) for number in range(0, COUNT, 3)])
    scan.put(["0", "1"], vectors[[1, 0]])
    left = [number for number in range(COUNT) if number % 3]
    now = {"0": vectors[1], "1": vectors[0]} | {str(n): vectors[n] for n in left if n != 1}
    assert len(scan) == len(now)
    for sought, limit in zip(vectors[:20], [20, 50] * 10, strict=True):
        told = [float(now[one] @ sought) for one in scan.nearest(sought, limit)]
        true = sorted((float(one @ sought) for one in now.values()), reverse=True)[:limit]
        assert np.allclose(told, true, atol=2e-3)


def test_fewer_are_found_where_there_are_fewer() -> None:
    scan = WholeScan()
    assert scan.nearest(np.ones(4, np.float32), 3) == []
    scan.put(["one"], np.ones((1, 4), np.float32))
    assert scan.nearest(np.ones(4, np.float32), 3) == ["one"]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A file of three vectors, for stamp 7."""
    scan = WholeScan()
    scan.put(["gone", "x", "y", "z"], np.eye(4, dtype=np.float32))
    scan.drop(["gone"])
    scan.save(tmp_path / "scan", 7)
    return tmp_path / "scan"


def test_what_was_saved_is_found_again_and_takes_in_more(saved: Path) -> None:
    scan = WholeScan.loaded(saved, 7)
    assert scan is not None and len(scan) == 3
    scan.put([f"more {number}" for number in range(ROWS)], np.full((ROWS, 4), 0.5, np.float32))
    scan.drop(["x"])
    asked = np.array([0.1, 0.8, 0.9, 0.1], np.float32)
    assert len(scan) == ROWS + 2
    assert scan.nearest(asked, ROWS + 2)[0].startswith("more")
    assert scan.nearest(np.eye(4, dtype=np.float32)[2], 1) == ["y"]


def test_an_empty_one_is_saved_too(tmp_path: Path) -> None:
    WholeScan().save(tmp_path / "scan", 0)
    scan = WholeScan.loaded(tmp_path / "scan", 0)
    assert scan is not None and scan.nearest(np.ones(4, np.float32), 3) == []
    scan.put(["one"], np.ones((1, 4), np.float32))
    assert scan.nearest(np.ones(4, np.float32), 3) == ["one"]


def test_a_file_that_is_damaged_or_of_another_time_is_not_read(saved: Path) -> None:
    assert WholeScan.loaded(saved, 8) is None
    assert WholeScan.loaded(saved.with_name("none"), 7) is None
    whole = saved.read_bytes()
    for at in range(0, len(whole), 7):
        saved.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        read = WholeScan.loaded(saved, 7)
        assert read is None or read.nearest(np.eye(4, dtype=np.float32)[2], 1) == ["y"]
        saved.write_bytes(whole[:at])
        assert WholeScan.loaded(saved, 7) is None
