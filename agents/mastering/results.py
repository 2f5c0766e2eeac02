"""Check a mastering, and leave its files and its report."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.base import finding_of
from agents.mastering.checking import checks_of
from agents.mastering.comparing import compare
from agents.mastering.encoding import encode
from agents.mastering.facts import Inspected, Made, MadeMaster, Mixed, Prepared, Toned
from agents.mastering.order import MasterOrder
from agents.mastering.sounds import open_sound
from agents.mastering.steps import Encoding
from agents.mastering.telling import (
    chain_of,
    draw_pictures,
    facts_of,
    quality,
    summary_of,
    text_of,
)
from agents.workflows.reporting import artifact_of, report_of, stored_json, write_report
from audio.assets import AssetRef, AssetStore
from audio.measurement import Reporter
from memory.context import Artifact, ArtifactKind, ContextPackage, Finding, Report, Task

_SAY = Reporter("master")


@dataclass(frozen=True)
class Results:
    """All that the stages found and made."""

    order: MasterOrder
    stem: str
    """First part of the file names, and the folder's name."""
    inputs: tuple[AssetRef, ...]
    inspected: Inspected
    prepared: Prepared
    mixed: Mixed
    toned: Toned
    made: Made


def finish(
    results: Results,
    reference: Path | None,
    task: Task,
    package: ContextPackage,
    assets: AssetStore,
    scratch: AssetStore,
) -> Report:
    """Check the masters, draw pictures, and write the report.

    Args:
        results: what was found and made.
        reference: what tonal balance was held against; None for the usual slope.
        task: the workflow's task.
        package: what it was handed of the project memory.
        assets: where files go that the user gets.
        scratch: where the mix lies.
    """
    made, mix = results.made, scratch.path(results.mixed.ref)
    against = reference if results.toned.balance is not None else None
    comparisons = compare(mix, made.masters, against, results.toned.balance, assets)
    checks = checks_of(results.inputs, results.prepared, made.masters, comparisons, assets)
    first = made.masters[0]
    pictures = draw_pictures(mix, assets.path(first.ref), first.chain.target.name, assets)
    json, page = write_report(
        f"Mastering {results.stem}",
        checks,
        facts_of(results.order, results.inspected, results.toned, made, comparisons),
        text_of(results.order, results.inspected, results.toned, made, comparisons, pictures),
        assets,
    )
    return report_of(
        task,
        package,
        checks,
        _artifacts(results, (json, page), pictures, task, assets, mix),
        findings=[one for master in made.masters for one in _findings(master, task)],
        summary=summary_of(results.inspected, made, results.order),
    )


def _artifacts(
    results: Results,
    reports: tuple[AssetRef, AssetRef],
    pictures: tuple[AssetRef, ...],
    task: Task,
    assets: AssetStore,
    mix: Path,
) -> Iterator[Artifact]:
    """The masters first, then the mix, the chain, quality control and the report."""
    parts = (results.inspected, results.prepared, results.mixed, results.toned, results.made)
    chain = stored_json(chain_of(*parts).model_dump(mode="json"), "chain.json", assets)
    control = stored_json(quality(results.inspected, results.order), "qc.json", assets)
    files: list[tuple[AssetRef, ArtifactKind, str]] = [
        *((one.ref, "audio", "/masters") for one in results.made.masters),
        (_store_mix(mix, results, assets), "audio", ""),
        (chain, "session", ""),
        (control, "report", ""),
        *((one, "report", "") for one in reports),
        *((one, "image", "/pictures") for one in pictures),
    ]
    for ref, kind, folder in files:
        yield artifact_of(ref, kind, f"{results.stem}{folder}", task)


def _store_mix(mix: Path, results: Results, assets: AssetStore) -> AssetRef:
    """The mix as a file to go on with: 24 bits."""
    name = "mix.wav" if results.stem == "mix" else f"{results.stem}-mix.wav"
    encoding = Encoding(name=name, format="wav", bit_depth=24)
    with TemporaryDirectory() as folder:
        path = Path(folder) / encoding.name
        encode(path, open_sound(mix), encoding)
        return assets.add(path, "audio", encoding.name)


def _findings(master: MadeMaster, task: Task) -> Iterator[Finding]:
    """What was measured of a master."""
    name = "measured of the file as it is decoded"
    for aspect, value in (
        ("loudness.integrated_lufs", master.lufs),
        ("loudness.true_peak_dbtp", master.true_peak_dbtp),
    ):
        if value is not None:
            yield finding_of(task.agent, master.ref, _SAY.told(aspect, value, name))
