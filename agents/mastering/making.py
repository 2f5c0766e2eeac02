"""Make the files of a target: limit, write, decode again, and measure what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.mastering.encoding import at_mp3_rate, encode
from agents.mastering.facts import MadeMaster
from agents.mastering.limiting import Mastered, Patience, find_limit
from agents.mastering.metering import Readings, read_meters, second_lufs
from agents.mastering.order import FileFormat, MasterOrder, Target
from agents.mastering.rendering import limited
from agents.mastering.sounds import open_sound
from agents.mastering.steps import Encoding, Limit, MasterChain, Resample, Step
from agents.recipes.levels import Profile, profile
from agents.recipes.sound import Sound
from audio.assets import AssetStore

_EXACT = Patience()
_MP3 = Patience(headroom_db=0.7, close_lu=0.1, rounds=6)
"""An encoder at 320 kbit/s usually adds 0.6 dB to limited peaks; a try takes a second or two."""


def make_masters(
    toned: Path, target: Target, order: MasterOrder, stem: str, assets: AssetStore
) -> tuple[MadeMaster, ...]:
    """All files of one target.

    Args:
        toned: what is limited.
        target: the loudness and the ceiling.
        order: the formats, and how far the limiter may go.
        stem: first part of the file names.
        assets: where files go.
    """
    sound = open_sound(toned)
    before = profile(sound)
    maker = _Maker(target, order, f"{stem}-{target.name}", assets)
    lossless = tuple(one for one in order.formats if one != "mp3")
    made = maker.lossless(sound, before, lossless) if lossless else ()
    if "mp3" in order.formats:
        fit = at_mp3_rate(sound)
        steps: tuple[Step, ...] = (
            (Resample(sample_rate_hz=fit.rate),) if fit.rate != sound.rate else ()
        )
        made += (maker.mp3(fit, before if fit is sound else profile(fit), steps),)
    return made


@dataclass(frozen=True)
class _Written:
    """A file, the limiter that it went through, and what was measured of it."""

    path: Path
    mastered: Mastered
    readings: Readings


class _Maker:
    """Makes the files of one target."""

    def __init__(self, target: Target, order: MasterOrder, stem: str, assets: AssetStore) -> None:
        self._target, self._order, self._stem, self._assets = target, order, stem, assets

    def lossless(
        self, sound: Sound, before: Profile, formats: Sequence[FileFormat]
    ) -> tuple[MadeMaster, ...]:
        """WAV and FLAC hold the same samples, so they are measured once."""
        with TemporaryDirectory() as folder:
            first = self._written(Path(folder), sound, before, formats[0], _EXACT)
            second = second_lufs(first.path)
            made = [self._made(first, first.path, formats[0], (), second)]
            for form in formats[1:]:
                path = Path(folder) / self._encoding(form).name
                encode(path, limited(sound, first.mastered.step, before), self._encoding(form))
                made.append(self._made(first, path, form, (), second))
            return tuple(made)

    def mp3(self, sound: Sound, before: Profile, steps: tuple[Step, ...]) -> MadeMaster:
        """An encoder's rounding raises peaks: the ceiling is lowered until the decoded file holds.

        Args:
            sound: at a rate that MP3 holds.
            before: its profile.
            steps: what was done for this.
        """
        with TemporaryDirectory() as folder:
            made = self._written(Path(folder), sound, before, "mp3", _MP3)
            return self._made(made, made.path, "mp3", steps, second_lufs(made.path))

    def _written(
        self, folder: Path, sound: Sound, before: Profile, form: FileFormat, patience: Patience
    ) -> _Written:
        """A file whose loudness and peaks, as it is decoded, are those of the target."""
        encoding, target = self._encoding(form), self._target
        path, heard = folder / encoding.name, dict[Limit, Readings]()

        def listen(step: Limit) -> Readings:
            encode(path, limited(sound, step, before), encoding)
            heard.clear()
            heard[step] = read_meters(open_sound(path))
            return heard[step]

        most, ceiling = self._order.most_reduction_db, target.true_peak_dbtp
        mastered = find_limit(sound, before, target.lufs, ceiling, most, listen, patience)
        readings = heard.get(mastered.step) or listen(mastered.step)
        return _Written(path, mastered, readings)

    def _encoding(self, form: FileFormat) -> Encoding:
        bits = 0 if form == "mp3" else self._order.bit_depth
        return Encoding(name=f"{self._stem}.{form}", format=form, bit_depth=bits)

    def _made(
        self,
        written: _Written,
        path: Path,
        form: FileFormat,
        steps: tuple[Step, ...],
        second: float | None,
    ) -> MadeMaster:
        """Store what was written, with what was measured of it as it is decoded."""
        encoding, mastered, readings = self._encoding(form), written.mastered, written.readings
        return MadeMaster(
            chain=MasterChain(
                target=self._target, steps=(*steps, mastered.step), encoding=encoding
            ),
            ref=self._assets.add(path, "audio", encoding.name),
            lufs=readings.lufs,
            second_lufs=second,
            true_peak_dbtp=readings.true_peak_dbtp,
            range_lu=readings.range_lu,
            crest_db=readings.crest_db,
            correlation=readings.correlation,
            reduction_db=round(mastered.reduction_db, 2),
            held_back=mastered.held_back,
        )
