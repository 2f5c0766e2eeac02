"""Make the files of a target: limit, write, decode again, and measure what was written."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.mastering.encoding import at_mp3_rate, encode
from agents.mastering.facts import MadeMaster
from agents.mastering.limiting import Mastered, find_limit
from agents.mastering.metering import Readings, read_meters, second_lufs
from agents.mastering.order import FileFormat, MasterOrder, Target
from agents.mastering.rendering import limited
from agents.mastering.sounds import open_sound
from agents.mastering.steps import Encoding, MasterChain, Resample, Step
from agents.recipes.levels import Profile, profile
from agents.recipes.sound import Sound
from audio.assets import AssetStore

_MP3_ROUNDS = 5
_MP3_MARGIN_DB = 0.1
_MP3_HEADROOM_DB = 0.6
"""What an encoder at 320 kbit/s usually adds to limited peaks."""


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


class _Maker:
    """Makes the files of one target."""

    def __init__(self, target: Target, order: MasterOrder, stem: str, assets: AssetStore) -> None:
        self._target, self._order, self._stem, self._assets = target, order, stem, assets

    def lossless(
        self, sound: Sound, before: Profile, formats: Sequence[FileFormat]
    ) -> tuple[MadeMaster, ...]:
        """WAV and FLAC hold the same samples, so they are measured once."""
        mastered = self._limit(sound, before, self._target.true_peak_dbtp)
        made: list[MadeMaster] = []
        with TemporaryDirectory() as folder:
            for form in formats:
                encoding = self._encoding(form)
                path = Path(folder) / encoding.name
                encode(path, limited(sound, mastered.step, before), encoding)
                if not made:
                    readings, second = read_meters(open_sound(path)), second_lufs(path)
                made.append(self._made(path, encoding, (), mastered, readings, second))
        return tuple(made)

    def mp3(self, sound: Sound, before: Profile, steps: tuple[Step, ...]) -> MadeMaster:
        """An encoder's rounding raises peaks: the ceiling is lowered until the decoded file holds.

        Args:
            sound: at a rate that MP3 holds.
            before: its profile.
            steps: what was done for this.
        """
        encoding, ceiling = self._encoding("mp3"), self._target.true_peak_dbtp - _MP3_HEADROOM_DB
        with TemporaryDirectory() as folder:
            path = Path(folder) / encoding.name
            for _ in range(_MP3_ROUNDS):
                mastered = self._limit(sound, before, ceiling)
                encode(path, limited(sound, mastered.step, before), encoding)
                readings = read_meters(open_sound(path))
                peak = readings.true_peak_dbtp
                over = (-120.0 if peak is None else peak) - self._target.true_peak_dbtp
                if over <= 0:
                    break
                ceiling -= over + _MP3_MARGIN_DB
            return self._made(path, encoding, steps, mastered, readings, second_lufs(path))

    def _limit(self, sound: Sound, before: Profile, ceiling: float) -> Mastered:
        return find_limit(sound, before, self._target.lufs, ceiling, self._order.most_reduction_db)

    def _encoding(self, form: FileFormat) -> Encoding:
        bits = 0 if form == "mp3" else self._order.bit_depth
        return Encoding(name=f"{self._stem}.{form}", format=form, bit_depth=bits)

    def _made(
        self,
        path: Path,
        encoding: Encoding,
        steps: tuple[Step, ...],
        mastered: Mastered,
        readings: Readings,
        second: float | None,
    ) -> MadeMaster:
        """Store what was written, with what was measured of it as it is decoded."""
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
