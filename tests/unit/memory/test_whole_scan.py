"""What is nearest, found by looking at every vector."""

import numpy as np

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
