"""Qwen VL, the one that looks: it draws, reads regions and pictures, and a model looks as well.

Instruments run first; what they say arrives whatever becomes of the model.
"""

from dataclasses import dataclass
from pathlib import Path

from agents.base import file_stem, source_of
from agents.contexts.qwen_vl import QwenVlSlice
from agents.seeing.engraved import score_pages
from agents.seeing.kinds import recognise
from agents.seeing.looking import Looking
from agents.seeing.music import Music
from agents.seeing.onlooker import Onlooker
from agents.seeing.operations import LOOK, SCORE, crop_of, draw, file_word, kinds_for
from agents.seeing.parts import read_by_instruments, told_by_instruments, views_of
from agents.seeing.sightings import (
    picture_findings,
    picture_sentence,
    region_findings,
    region_sentence,
    shows_finding,
)
from audio.assets import AssetRef, AssetStore
from audio.picture_reading import read_picture
from audio.pictures import Picture
from audio.regions import read_regions
from audio.sight.layout import Budget
from grym_synth.errors import Cancelled, GrymError, UnknownName
from grym_synth.plain_text import inert
from grym_synth.tracing.spans import instrument
from memory.context import (
    Artifact,
    Failure,
    Finding,
    Operation,
    Report,
    Task,
)
from memory.packing.packages import seen, slice_report


@dataclass(frozen=True)
class _Sight:
    """What came of one instrument on one file."""

    sentence: str
    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[Finding, ...] = ()


class QwenVl:
    """Draws sound and reads pictures with instruments, and asks a model about them."""

    def __init__(self, assets: AssetStore) -> None:
        self._assets = assets

    def work(self, slice_: QwenVlSlice, onlooker: Onlooker | None = None) -> Report:
        """Do the task's operations on each file that they fit, and report; faults included.

        Args:
            slice_: the task and what it may see.
            onlooker: who looks beside the instruments; None for nobody.
        """
        task, assets = slice_["task"], slice_["assets"]
        looking = _looking(slice_, onlooker)
        sights: list[_Sight] = []
        faults: list[str] = []
        for operation in task.operations or _defaults(assets):
            fitting = [asset for asset in assets if asset.kind in kinds_for(operation)]
            if not fitting:
                faults.append(_no_file(operation))
            for asset in fitting:
                try:
                    with instrument(operation.name):
                        sights.append(self._look(slice_, operation, asset, looking))
                except Cancelled:
                    raise
                except GrymError as fault:
                    faults.append(_in_user_names(fault, asset))
        if not assets:
            faults = ["Looking at a file: none was handed over. Attach a sound file or a picture"]
        findings = {finding.id: finding for sight in sights for finding in sight.findings}
        return Report(
            task=task.id,
            agent="qwen_vl",
            findings=tuple(findings.values()),
            artifacts=tuple(artifact for sight in sights for artifact in sight.artifacts),
            slice=slice_report(slice_["package"]),
            saw=seen(slice_["package"]),
            failure=_failure(faults, delivered=bool(sights)),
            summary=" ".join(sight.sentence for sight in sights),
            tokens_out=onlooker.tokens_out if onlooker is not None else 0,
            degraded=onlooker.degraded if onlooker is not None else (),
        )

    def _look(
        self, slice_: QwenVlSlice, operation: Operation, asset: AssetRef, looking: Looking | None
    ) -> _Sight:
        task, path = slice_["task"], self._assets.path(asset)
        if operation.name == "inspect_picture":
            return self._inspect(slice_, asset, path, looking)
        if operation.name == SCORE:
            return self._engrave(task, asset, path)
        if operation.name == LOOK:
            return self._look_at(task, Music(asset, path), operation, looking)
        if operation.name == "read_regions":
            regions = read_regions(path)
            sentence = region_sentence(asset.name, regions)
            return _Sight(sentence, findings=tuple(region_findings(asset, regions)))
        return self._kept(task, asset, draw(operation, path, asset.name), operation)

    def _kept(self, task: Task, asset: AssetRef, drawn: Picture, operation: Operation) -> _Sight:
        """A picture of a sound, stored and tied to it."""
        name = f"{file_stem(asset.name)}-{file_word(operation, drawn.axes)}.png"
        stored = self._assets.add_bytes(drawn.png, "image", name)
        maker = source_of("qwen_vl", "pictures")
        artifact = Artifact(id=stored.id, name=name, kind="image", made_by=maker, task=task.id)
        tie = shows_finding(stored, asset, drawn.axes.describe())
        said = f"Drew {name}: {drawn.axes.describe()}."
        return _Sight(said, artifacts=(artifact,), findings=(tie,))

    def _look_at(
        self, task: Task, sound: Music, operation: Operation, looking: Looking | None
    ) -> _Sight:
        """Draw a sound, or a part of it, and tell what instruments and a model see in it."""
        budget = looking.budget if looking is not None else Budget()
        time = looking.time_of(sound) if looking is not None else None
        views = [*views_of(sound, crop_of(operation), budget, time)]
        drawn = [
            self._kept(task, sound.asset, Picture(one.content, one.axes), operation)
            for one in views
            if one.axes is not None
        ]
        found = [finding for one in drawn for finding in one.findings]
        said = [told_by_instruments(sound.asset.name, views)]
        if looking is not None:
            sights = looking.at_sound(sound, views)
            found += sights.findings
            said += sights.notices
        artifacts = tuple(artifact for one in drawn for artifact in one.artifacts)
        return _Sight(" ".join(said), artifacts, (*found, *read_by_instruments(views)))

    def _engrave(self, task: Task, asset: AssetRef, path: Path) -> _Sight:
        """The notes of a file as pages of a score."""
        maker, made, ties = source_of("qwen_vl", "engraving"), list[Artifact](), list[Finding]()
        for number, page in enumerate(score_pages(asset, path), 1):
            name = f"{file_stem(asset.name)}-score{'' if number == 1 else f'-{number}'}.png"
            stored = self._assets.add_bytes(page, "image", name)
            made.append(
                Artifact(id=stored.id, name=name, kind="image", made_by=maker, task=task.id)
            )
            ties.append(shows_finding(stored, asset, f"page {number} of its score"))
        of = "the melody measured in" if asset.kind == "audio" else "the notes of"
        said = f"Engraved {of} {asset.name}: {', '.join(one.name for one in made)}."
        return _Sight(said, tuple(made), tuple(ties))

    def _inspect(
        self, slice_: QwenVlSlice, asset: AssetRef, path: Path, looking: Looking | None
    ) -> _Sight:
        """What instruments tell of a picture, and then what a model sees in it."""
        picture = read_picture(path, asset.name)
        kind = recognise(asset, picture, slice_["ties"])
        music = self._music(kind.music)
        sentence = picture_sentence(asset.name, picture)
        findings = picture_findings(asset, picture, ours=kind.basis == "ours")
        if looking is None:
            return _Sight(sentence, findings=tuple(findings))
        sights = looking.at_picture(asset, path, picture, kind, music)
        said = " ".join([sentence, *sights.notices])
        return _Sight(said, findings=(*findings, *sights.findings))

    def _music(self, asset_id: str) -> Music | None:
        """What a picture shows; None where that is not known, or it was forgotten."""
        try:
            asset = self._assets.ref(asset_id)
            fits = asset.kind in kinds_for(Operation(name=SCORE))
            return Music(asset, self._assets.path(asset)) if fits else None
        except UnknownName:
            return None


def looks(slice_: QwenVlSlice) -> bool:
    """Whether a task has something for a model to look at; drawings are for the user's eyes."""
    names = {one.name for one in slice_["task"].operations or _defaults(slice_["assets"])}
    return bool(names & {"inspect_picture", LOOK})


def _looking(slice_: QwenVlSlice, onlooker: Onlooker | None) -> Looking | None:
    if onlooker is None:
        return None
    told = [one.text for one in slice_["package"].items if one.kind != "asset"]
    question = " ".join(inert(slice_["request"]).split())
    return Looking(onlooker, question, "\n".join(told), slice_["relations"])


def _defaults(assets: tuple[AssetRef, ...]) -> tuple[Operation, ...]:
    """What is done when the task names nothing: sound is drawn, pictures are inspected."""
    kinds = {asset.kind for asset in assets}
    names = {"audio": "spectrogram", "image": "inspect_picture"}
    return tuple(Operation(name=name) for kind, name in names.items() if kind in kinds)


def _in_user_names(fault: GrymError, asset: AssetRef) -> str:
    """What went wrong with a file, by the name that the user knows it by."""
    return str(fault).replace(f"{asset.id}.{asset.suffix}", asset.name)


def _failure(faults: list[str], delivered: bool) -> Failure | None:
    """Failed where nothing came of the task; where a part did, the task is only not met."""
    if not faults:
        return None
    return Failure(kind="not_met" if delivered else "failed", why="; ".join(faults))


def _no_file(operation: Operation) -> str:
    kind = "picture" if "image" in kinds_for(operation) else "sound file"
    return f"Running {operation.name}: no {kind} was handed over. Attach one"
