"""From what a model hands over to a draft: stored, named safely, and free of plain faults."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from agents.boss.forms import CriterionForm
from agents.coding.approval import Source
from agents.coding.forms import CodeForm, FileForm
from agents.coding.saving import save_faults, saves_of
from agents.coding.words import CodeFile, Draft
from audio.aspects import ASPECTS, PROFILE
from audio.assets import AssetStore
from memory.context import Criterion, Thought

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}\.py")
_TAKEN = frozenset((*sys.stdlib_module_names, "numpy", "scipy", "soundfile", "pyflakes"))
"""Names of modules that a file of the draft would hide."""


def drafted(
    form: CodeForm, number: int, author: str, thought: Thought | None, assets: AssetStore,
    request: str = "", out: Path = Path(), named: Sequence[str] = (),
) -> Draft:  # fmt: skip
    """Store the files of a form and take down its criteria; faults say what can't be.

    Args:
        form: what was handed over.
        number: of the version, from 1.
        author: the string that opens the model.
        thought: what it thought and what it cost.
        assets: where the files go.
        request: the user's words, the only source of places for results.
        out: the output folder.
        named: the places that they name for the results of this draft.
    """
    faults = [
        *_name_faults(form.files),
        *_criterion_faults(form.criteria),
        *save_faults(form.save_as, request),
    ]
    return Draft(
        number=number,
        files=() if faults else stored([Source(one.name, one.text) for one in form.files], assets),
        criteria=tuple(map(_criterion, form.criteria)) if not faults else (),
        keeps_sound=form.keeps_sound,
        saves=() if faults else saves_of(form.save_as, named, out),
        why=" ".join(form.why.split()),
        author=author,
        faults=tuple(faults),
        thought=thought,
    )


def stored(sources: Sequence[Source], assets: AssetStore) -> tuple[CodeFile, ...]:
    """Put files into the asset store, under their names."""
    return tuple(
        CodeFile(name=one.name, id=assets.add_bytes(_bytes(one.text), "text", one.name).id)
        for one in sources
    )


def sources_of(draft: Draft, assets: AssetStore) -> list[Source]:
    """The files of a draft as text."""
    return [
        Source(one.name, assets.path(assets.ref(one.id)).read_text(encoding="utf-8"))
        for one in draft.files
    ]


def form_of(draft: Draft, assets: AssetStore) -> CodeForm | None:
    """What its author handed over, as it is shown to it again; None where there are no files."""
    if not draft.files:
        return None
    criteria = [
        CriterionForm(aspect=one.aspect, op=one.op, value=value, tolerance=one.tolerance)
        for one in draft.criteria
        if isinstance(value := one.value, int | float | str) or value is None
    ]
    return CodeForm(
        files=tuple(FileForm(name=n, text=text) for n, text in sources_of(draft, assets)),
        criteria=tuple(criteria),
        keeps_sound=draft.keeps_sound,
        why=draft.why,
    )


def edited(draft: Draft, files: dict[str, str], assets: AssetStore) -> Draft:
    """A draft with what a human changed: files of other names are left out."""
    sources = [Source(one.name, files.get(one.name, one.text)) for one in sources_of(draft, assets)]
    return draft.model_copy(update={"files": stored(sources, assets), "author": "user"})


def _bytes(text: str) -> bytes:
    return (text if text.endswith("\n") else text + "\n").encode("utf-8", "replace")


def _name_faults(files: Sequence[FileForm]) -> Iterator[str]:
    names = [one.name for one in files]
    for one in files:
        if not _NAME.fullmatch(one.name):
            yield f"{one.name!r} is no file name: small letters, digits, underscores, then .py"
        elif one.name.removesuffix(".py") in _TAKEN:
            yield f"{one.name} has the name of a library and would hide it: choose another"
        if "\0" in one.text or not one.text.strip():
            yield f"{one.name} holds no source"
    if len(set(names)) < len(names):
        yield "two files have one name"
    if names[0].startswith("test_"):
        yield "the first file must be the program, not its tests"
    if not any(name.startswith("test_") for name in names):
        yield "there are no tests: add a file whose name begins with test_"


def _criterion_faults(criteria: Sequence[CriterionForm]) -> Iterator[str]:
    for one in criteria:
        if one.aspect not in PROFILE:
            yield f"criteria: {one.aspect!r} can't be measured; choose from {', '.join(PROFILE)}"


def _criterion(form: CriterionForm) -> Criterion:
    known = ASPECTS[form.aspect]
    tolerance = form.tolerance
    if form.op == "==" and tolerance is None and isinstance(form.value, int | float):
        tolerance = round(known.tolerance(float(form.value)), 6)
    return Criterion(
        aspect=form.aspect, op=form.op, value=form.value, tolerance=tolerance, unit=known.unit
    )
