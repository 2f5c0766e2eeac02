"""Sounds with events at known places, on backgrounds of noise or of something like music.

An event is loud enough to be seen: a tone, sweep or hum lies at least ``LEAST_OVER_DB`` above the
loudest that the background holds within half an octave of it, 46 ms at a time and but for a tenth
of the time; a click as much above the loudest moment at most frequencies; and none is fainter than
-60 dBFS. Among drums there are no drop-outs and clicks. Lines don't cross; a drop-out or a click
keeps ``APART_SECONDS`` from other events' ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from audio.sight.events import PictureEvent

Samples = NDArray[np.float64]

RATES = (16_000, 22_050, 32_000, 44_100, 48_000)
LEAST_OVER_DB, MOST_OVER_DB = 10.0, 35.0
FAINTEST = 1e-3
"""Amplitude of the faintest line, so that none is darker than the picture's darkest colour."""
APART_SECONDS, APART_OCTAVES, APART_HERTZ = 0.25, 0.4, 150.0
_LOUDEST = 0.5
_LEAST_SHARE = 0.02
"""Of the sound's length: shorter lines are not to be seen."""
_TRIES = 60


@dataclass
class Scene:
    """A sound and what can be seen of it."""

    rate: int
    sound: Samples
    """float64, (frames,), -1..1."""
    background: str
    """``white``, ``pink``, ``music``, or ``drums`` with it."""
    events: list[PictureEvent] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Start, end, lowest and highest hertz of the lines."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.sound) / self.rate


def make_scene(random: np.random.Generator) -> Scene:
    """Draw a sound with up to seven events."""
    rate = int(random.choice(RATES))
    seconds = float(np.round(random.uniform(4, 30), 2))
    background = str(random.choice(("white", "pink", "music", "drums"), p=(0.3, 0.3, 0.25, 0.15)))
    sound = _BACKGROUNDS[background](random, round(seconds * rate), rate)
    scene = Scene(rate, sound, background)
    top = 0.45 * rate
    if random.random() < 0.3 and background in ("white", "pink"):
        top = _cut_off(scene, random)
    over = _LevelOver(scene.sound, rate)
    if random.random() < 0.35:
        _hum(scene, random, over)
    for _ in range(random.integers(0, 4)):
        _tone(scene, random, over, top)
    if random.random() < 0.4:
        _sweep(scene, random, over, top)
    for _ in range(random.integers(0, 3) if background != "drums" else 0):
        _drop_out(scene, random)
    if random.random() < 0.4 and background != "drums":
        for _ in range(random.integers(1, 3)):
            _click(scene, random, over)
    scene.events.sort(key=lambda event: event.start)
    return scene


class _LevelOver:
    """Finds the level that something needs to be seen above a background."""

    def __init__(self, sound: Samples, rate: int) -> None:
        self._size = 1 << round(np.log2(0.046 * rate))
        self._hertz, _, power = signal.spectrogram(
            sound, rate, "hann", self._size, self._size // 2, scaling="spectrum", detrend=False
        )
        self._power = 2 * power

    def at(self, hertz: float, random: np.random.Generator) -> float:
        """An amplitude well above what there is about a frequency."""
        near = np.abs(np.log2(np.maximum(self._hertz, 1) / hertz)) < 1 / 2
        near |= np.abs(self._hertz - hertz) < 2 * self._hertz[1]
        level = float(np.percentile(self._power[near].max(axis=0), 90))
        return max(float(np.sqrt(level) * _decibels(random)), FAINTEST)

    def click(self, random: np.random.Generator) -> float:
        """The height of a single sample."""
        level = float(np.median(self._power, axis=0).max()) + 1e-14
        height = max(float(np.sqrt(level) * _decibels(random)), FAINTEST)
        return float(height * self._size / 4)


def _decibels(random: np.random.Generator) -> float:
    decibels = float(random.uniform(LEAST_OVER_DB, MOST_OVER_DB))
    return float(10.0 ** (decibels / 20))


def _white(random: np.random.Generator, frames: int, rate: int) -> Samples:
    level = 10 ** (random.uniform(-65, -35) / 20)
    noise: Samples = random.normal(0, level, frames)
    return noise


def _pink(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """Noise that falls by 3 dB an octave."""
    spectrum = np.fft.rfft(random.normal(0, 1, frames))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(frames, 1 / rate), 20.0))
    noise = np.fft.irfft(spectrum, frames)
    level = 10 ** (random.uniform(-55, -30) / 20)
    scaled: Samples = noise / noise.std() * level
    return scaled


def _music(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """Chords of decaying notes with partials above faint noise."""
    return _chords(random, frames, rate, random.uniform(0.35, 1.2))


def _drums(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """Such chords with a hi-hat on the half beats."""
    beat = random.uniform(0.35, 1.2)
    sound = _chords(random, frames, rate, beat)
    hiss = signal.lfilter(
        (1, -1), (1,), random.normal(0, 10 ** (random.uniform(-50, -35) / 20), frames)
    )
    hats: Samples = hiss * np.exp(-(np.arange(frames) / rate % (beat / 2)) * 30)
    return sound + hats


def _chords(random: np.random.Generator, frames: int, rate: int, beat: float) -> Samples:
    at = np.arange(frames) / rate
    sound = random.normal(0, 10 ** (random.uniform(-80, -65) / 20), frames)
    level = 10 ** (random.uniform(-40, -25) / 20)
    for number in range(int(at[-1] / beat) + 1):
        first, last = round(number * beat * rate), min(round((number + 1) * beat * rate), frames)
        if last - first < 64:
            continue
        local = np.arange(last - first) / rate
        shape = np.clip(local / 0.02, 0, 1) * np.exp(-local * 1.5)
        shape *= np.clip(local[::-1] / 0.03, 0, 1)
        root = 110 * 2 ** (random.integers(0, 12) / 12)
        for note in (1.0, 1.26, 1.5):
            for partial in range(1, 7):
                hertz = root * note * partial
                if hertz < 0.45 * rate:
                    phase = 2 * np.pi * (hertz * local + random.random())
                    sound[first:last] += level / partial**1.5 * shape * np.sin(phase)
    return np.asarray(sound, np.float64)


_BACKGROUNDS: dict[str, Callable[[np.random.Generator, int, int], Samples]] = {
    "white": _white, "pink": _pink, "music": _music, "drums": _drums
}  # fmt: skip


def _cut_off(scene: Scene, random: np.random.Generator) -> float:
    """Take away what is above a frequency; what may still be used is returned."""
    hertz = float(np.exp(random.uniform(np.log(2500), np.log(0.42 * scene.rate))))
    taps = signal.firwin(1001, hertz, fs=scene.rate)
    scene.sound = signal.fftconvolve(scene.sound, taps, "same")
    _note(scene, kind="cutoff", start=0.0, end=scene.seconds, hertz=hertz)
    return 0.7 * hertz


def _hum(scene: Scene, random: np.random.Generator, over: _LevelOver) -> None:
    hertz = float(random.choice((50.0, 60.0))) * random.uniform(0.998, 1.002)
    at = np.arange(len(scene.sound)) / scene.rate
    for partial in range(1, int(random.integers(1, 5)) + 1):
        level = min(over.at(partial * hertz, random), _LOUDEST / 4)
        scene.sound = scene.sound + level * np.sin(2 * np.pi * partial * hertz * at)
        scene.taken.append((0.0, scene.seconds, partial * hertz, partial * hertz))
    _note(scene, kind="hum", start=0.0, end=scene.seconds, hertz=hertz)


def _tone(scene: Scene, random: np.random.Generator, over: _LevelOver, top: float) -> None:
    for _ in range(_TRIES):
        hertz = float(np.exp(random.uniform(np.log(150), np.log(top))))
        start, end = _stretch(scene, random, 0.1, 4.0)
        if _is_free(scene, start, end, hertz, hertz):
            level = min(over.at(hertz, random), _LOUDEST)
            _add(scene, start, end, level, np.full(_frames(scene, start, end), hertz), random)
            scene.taken.append((start, end, hertz, hertz))
            _note(scene, kind="tone", start=start, end=end, hertz=hertz)
            return


def _sweep(scene: Scene, random: np.random.Generator, over: _LevelOver, top: float) -> None:
    for _ in range(_TRIES):
        start, end = _stretch(scene, random, 0.4, 5.0)
        ends = np.exp(random.uniform(np.log(200), np.log(top), 2))
        if abs(np.log2(ends[1] / ends[0])) < 1 or not _is_free(scene, start, end, *sorted(ends)):
            continue
        frames = _frames(scene, start, end)
        make = np.geomspace if random.random() < 0.5 else np.linspace
        path = make(ends[0], ends[1], frames)
        level = min(max(over.at(float(hertz), random) for hertz in path[:: frames // 6]), _LOUDEST)
        _add(scene, start, end, level, path, random)
        scene.taken.append((start, end, float(min(ends)), float(max(ends))))
        _note(scene, kind="sweep", start=start, end=end,
              hertz=float(ends[0]), end_hertz=float(ends[1]))  # fmt: skip
        return


def _drop_out(scene: Scene, random: np.random.Generator) -> None:
    for _ in range(_TRIES):
        length = max(random.uniform(0.03, 0.6), 0.006 * scene.seconds)
        start = random.uniform(0.5, scene.seconds - length - 0.5)
        end = start + length
        if _is_apart(scene, start, end):
            scene.sound[round(start * scene.rate) : round(end * scene.rate)] = 0.0
            _note(scene, kind="dropout", start=start, end=end)
            return


def _click(scene: Scene, random: np.random.Generator, over: _LevelOver) -> None:
    level = over.click(random)
    for _ in range(_TRIES):
        at = random.uniform(0.5, scene.seconds - 0.5)
        if level < 1 and _is_apart(scene, at, at):
            scene.sound[round(at * scene.rate)] += level * random.choice((-1, 1))
            _note(scene, kind="click", start=at, end=at)
            return


def _note(scene: Scene, **event: object) -> None:
    scene.events.append(PictureEvent.model_validate(event))


def _stretch(
    scene: Scene, random: np.random.Generator, least: float, most: float
) -> tuple[float, float]:
    """Where a line begins and ends."""
    least = max(least, _LEAST_SHARE * scene.seconds)
    length = random.uniform(least, min(most, 0.6 * scene.seconds))
    start = random.uniform(0.2, scene.seconds - length - 0.2)
    return start, start + length


def _frames(scene: Scene, start: float, end: float) -> int:
    return round(end * scene.rate) - round(start * scene.rate)


def _add(
    scene: Scene,
    start: float,
    end: float,
    level: float,
    hertz: Samples,
    random: np.random.Generator,
) -> None:
    """Add a line that fades in and out over at most 10 ms."""
    frames, fade = len(hertz), random.uniform(0.002, 0.01) * scene.rate
    at = np.arange(frames)
    shape = np.clip(np.minimum(at, at[::-1]) / fade, 0, 1)
    wave = level * shape * np.sin(2 * np.pi * np.cumsum(hertz) / scene.rate)
    first = round(start * scene.rate)
    scene.sound = scene.sound.copy()
    scene.sound[first : first + frames] += wave


def _is_free(scene: Scene, start: float, end: float, low: float, high: float) -> bool:
    """Whether a line crosses no other, and no two lines begin as if they were one note."""
    ratio = 2**APART_OCTAVES
    return all(
        (end + APART_SECONDS < other[0] or other[1] + APART_SECONDS < start)
        or low > max(other[3] * ratio, other[3] + APART_HERTZ)
        or high < min(other[2] / ratio, other[2] - APART_HERTZ)
        for other in scene.taken
    )


def _is_apart(scene: Scene, start: float, end: float) -> bool:
    """Whether nothing that ends or begins is near, and no line is cut."""
    return all(
        end + APART_SECONDS < event.start or event.end + APART_SECONDS < start
        for event in scene.events
        if event.kind not in ("hum", "cutoff")
    )
