"""Which moments of a file sound alike: the self-similarity of harmony and timbre."""

import numpy as np

from audio.blocks import SHORT_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.chroma import Chromagram, PitchMeter
from audio.columns import ColumnMeans

_BANDS = 24
_LOWEST_HZ = 60.0
_RANGE_DB = 60.0


class SimilarityMeter:
    """Keeps harmony and timbre of at most ``cells`` equal spans of the file."""

    def __init__(self, stream: Stream, cells: int) -> None:
        self._cells, self._seconds = cells, stream.seconds
        self._pitch = PitchMeter(stream)
        self._timbre = ColumnMeans(stream.seconds, SHORT_FRAMES_PER_SECOND, cells)
        edges = np.geomspace(_LOWEST_HZ, stream.sample_rate_hz / 2, _BANDS + 1)
        spacing = stream.sample_rate_hz / stream.short_fft
        self._starts = np.unique((edges[:-1] / spacing).astype(int))

    def push(self, block: Block) -> None:
        """Take the next block."""
        self._pitch.push(block)
        self._timbre.push(np.add.reduceat(block.short, self._starts, axis=1))

    def finish(self) -> Floats:
        """Cosine similarity of each two spans: float32, (cells, cells), 0 (unlike) to 1."""
        harmony = chroma_columns(self._pitch.finish(), self._cells)
        power = self._timbre.finish()
        level = 10 * np.log10(np.maximum(power, 1e-12))
        timbre = np.maximum(level - (level.max() - _RANGE_DB), 0) * (power > 1e-12)
        timbre -= timbre.mean(axis=0)
        similarity = (_cosines(harmony) + np.maximum(_cosines(timbre), 0)) / 2
        return similarity.astype(np.float32)


def chroma_columns(chromagram: Chromagram, columns: int) -> Floats:
    """Chroma of each column of a plot: float32, (columns, 12), the strongest class 1.

    It is the root of the mean salience, which brings weaker voices out beside the bass. Columns
    far below the file's usual strength stay dark instead of being raised.
    """
    means = ColumnMeans(chromagram.seconds, 10, columns)
    means.push(chromagram.chroma)
    chroma = np.sqrt(means.finish())
    strongest = chroma.max(axis=1, keepdims=True)
    least = 0.1 * float(np.percentile(strongest, 90)) + 1e-9
    share: Floats = chroma / np.maximum(strongest, least)
    return share


def _cosines(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.maximum(length, 1e-9)
    cosines: Floats = unit @ unit.T
    return cosines
