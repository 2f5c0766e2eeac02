"""What a mastering leaves beside the masters: quality control, the chain, pictures, the report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from agents.mastering.facts import Compared, Inspected, Made, MadeMaster, Mixed, Prepared, Toned
from agents.mastering.order import MasterOrder
from agents.mastering.repairing import repaired
from agents.mastering.steps import Chain
from audio.assets import AssetRef, AssetStore
from audio.mastering.faults import CALLED, Fault
from audio.pictures import draw_loudness_curve, draw_spectrogram
from grym_synth.errors import BadInput


def chain_of(
    inspected: Inspected, prepared: Prepared, mixed: Mixed, toned: Toned, made: Made
) -> Chain:
    """The whole way from the inputs to the masters."""
    return Chain(
        sample_rate_hz=inspected.sample_rate_hz,
        channels=inspected.channels,
        stems=prepared.chains,
        mix=mixed.steps,
        tone=toned.steps,
        masters=tuple(one.chain for one in made.masters),
        bypassed=toned.bypassed,
    )


def quality(inspected: Inspected, order: MasterOrder) -> dict[str, JsonValue]:
    """What ``qc.json`` holds: the inputs, what is wrong with them, and what may be."""
    certain = [one for one in inspected.faults if one.certain]
    doubts = [one for one in inspected.faults if not one.certain]
    return {
        "inputs": [one.model_dump(mode="json") for one in inspected.stems],
        "looked_for": [*CALLED],
        "faults": [_fault(one, order) for one in certain],
        "doubts": [_fault(one, order) for one in doubts],
    }


def draw_pictures(
    before: Path, after: Path, target: str, assets: AssetStore
) -> tuple[AssetRef, ...]:
    """Loudness and spectrum of the mix and of a master; nothing of what is too short to draw."""
    found = []
    for name, path in (("before", before), ("after", after)):
        title = "Mix" if name == "before" else f"Master ({target})"
        for kind, draw in (("loudness", draw_loudness_curve), ("spectrum", draw_spectrogram)):
            try:
                picture = draw(path, title)
            except BadInput:
                continue
            found.append(assets.add_bytes(picture.png, "image", f"{kind}-{name}.png"))
    return tuple(found)


def facts_of(
    order: MasterOrder,
    inspected: Inspected,
    toned: Toned,
    made: Made,
    comparisons: Sequence[Compared],
) -> Mapping[str, JsonValue]:
    """What scripts read in ``report.json`` beside the checks."""
    return {
        "order": order.model_dump(mode="json"),
        "inputs": [one.model_dump(mode="json") for one in inspected.stems],
        "faults": [_fault(one, order) for one in inspected.faults],
        "tone": toned.model_dump(mode="json", exclude={"ref", "steps"}),
        "comparison": [one.model_dump(mode="json") for one in comparisons],
        "masters": [_file(one) for one in made.masters],
    }  # fmt: skip


def text_of(
    order: MasterOrder,
    inspected: Inspected,
    toned: Toned,
    made: Made,
    comparisons: Sequence[Compared],
    pictures: Iterable[AssetRef],
) -> str:
    """The Markdown that follows the checks."""
    parts = (
        "## Found in the inputs",
        *_found(inspected.faults, order),
        "## What the chain did",
        *(f"- {one}" for one in (*toned.notes, *(f"left out: {one}" for one in toned.bypassed))),
        *(f"- {_limited(one)}" for one in made.masters),
        "## Mix and master at equal loudness",
        "| target | gain | changed | crest | loudness range | correlation | tonal balance |",
        "|---|---|---|---|---|---|---|",
        *map(_row, comparisons),
        "",
        "*Changed*: level of the difference against the master. *Tonal balance*: distance from "
        f"{toned.balance.against if toned.balance else 'the usual slope'}.",
        "## Pictures",
        *(f"![{one.name}](pictures/{one.name})" for one in pictures),
    )
    return "\n".join(_spaced(parts))


def summary_of(inspected: Inspected, made: Made, order: MasterOrder) -> str:
    """One or two sentences for the answer."""
    certain = [one for one in inspected.faults if one.certain]
    kinds = ", ".join(dict.fromkeys(CALLED[one.kind] for one in certain))
    mended = sum(repaired(one, order) for one in certain)
    wrong = f"Found in the inputs: {kinds}; {mended} of {len(certain)} repaired." if kinds else (
        "Nothing is wrong with the inputs."
    )  # fmt: skip
    files = {one.chain.target.name: one for one in reversed(made.masters)}
    masters = "; ".join(
        f"{name}: {_number(one.lufs)} LUFS, {_number(one.true_peak_dbtp)} dBTP"
        for name, one in reversed(files.items())
    )
    return f"{wrong} Masters: {masters}."


def _fault(fault: Fault, order: MasterOrder) -> JsonValue:
    return {**fault.model_dump(mode="json"), "repaired": repaired(fault, order)}


def _file(master: MadeMaster) -> JsonValue:
    told = master.model_dump(mode="json", exclude={"chain", "ref"})
    return {
        "name": master.chain.encoding.name,
        "sha256": master.ref.id,
        "target": master.chain.target.model_dump(mode="json"),
        **told,
    }


def _found(faults: Sequence[Fault], order: MasterOrder) -> Iterator[str]:
    if not faults:
        yield "Nothing that was looked for: " + ", ".join(CALLED.values()) + "."
    for one in faults:
        done = "repaired" if repaired(one, order) else "not repaired"
        kind = f"**{CALLED[one.kind]}**" if one.certain else f"perhaps {CALLED[one.kind]}"
        yield f"- {kind}: {one.says} ({done}; {one.method})"


def _limited(master: MadeMaster) -> str:
    name = master.chain.encoding.name
    says = f"{name}: peaks limited by up to {master.reduction_db:g} dB"
    return f"{says}; {master.held_back}" if master.held_back else says


def _row(one: Compared) -> str:
    pairs = (one.crest_db, one.range_lu, one.correlation, one.balance_db)
    changed = "" if one.changed_db is None else f"{one.changed_db:g} dB"
    cells = [one.target, f"{one.gain_db:+g} dB", changed, *map(_pair, pairs)]
    return f"| {' | '.join(cells)} |"


def _pair(pair: tuple[float | None, float | None]) -> str:
    return f"{_number(pair[0])} → {_number(pair[1])}"


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _spaced(parts: Iterable[str]) -> Iterator[str]:
    """A blank line before and after each heading and before a table."""
    for one in parts:
        if one.startswith(("## ", "| target")):
            yield ""
        yield one
        if one.startswith("## "):
            yield ""
