"""What project memory learns of code from files: those that users hand over, and those built."""

from collections.abc import Iterable, Iterator

from agents.base import source_of
from agents.coding.interface import imported_modules, interface_notes, statements_in
from audio.assets import AssetStore
from memory.context import Note, Plan, Report
from memory.repository import Repository

_KINDS = ("api", "architecture", "performance")


def with_files_read(plan: Plan, project: str, assets: AssetStore, memory: Repository) -> Plan:
    """The plan with what text files say in the place of the notes that hand them over.

    What an older file of the same name said, and the new one doesn't, holds no longer.

    Args:
        plan: its notes about code name files by their ids.
        project: whose memory it is.
        assets: where the files lie.
        memory: what is held of older files.
    """
    handed = [one for one in plan.facts if one.kind in _KINDS and one.assets]
    read = {one.id: [*_read(one, assets)] for one in handed}
    if not any(read.values()):
        return plan
    facts = [new for one in plan.facts for new in (read.get(one.id) or [one])]
    names = {assets.ref(id_).name for one in handed for id_ in one.assets}
    held = [one for one in memory.notes(project) if one.kind in _KINDS and one.evidence == "user"]
    kept = {one.id for one in facts}
    older = (one for one in held if one.id not in kept and _file(one) in names)
    return plan.model_copy(update={"facts": tuple(facts), "taken_back": (*plan.taken_back, *older)})


def built_notes(reports: Iterable[Report], assets: AssetStore) -> tuple[Note, ...]:
    """The interfaces of what was built and passed: programs of a model, and whole packages."""
    return tuple(
        note
        for report in reports
        if report.failure is None
        for files in [_package(report, assets) or _program(report, assets)]
        for note in interface_notes(
            {name: assets.path(assets.ref(id_)).read_text("utf-8") for name, id_ in files.items()},
            assets=files,
            source=source_of("coder", _author(report)),
        )
    )


def _package(report: Report, assets: AssetStore) -> dict[str, str]:
    """The public modules of a package that was built: ids by ``package/module.py``."""
    sources = [one for one in report.artifacts if "/src/" in one.folder]
    opened = [
        assets.path(assets.ref(one.id)).read_text(encoding="utf-8")
        for one in sources
        if one.name == "__init__.py"
    ]
    public = {name for text in opened for name in imported_modules(text)}
    return {
        f"{one.folder.rpartition('/')[2]}/{one.name}": one.id
        for one in sources
        if one.name.removesuffix(".py") in public
    }


def _program(report: Report, assets: AssetStore) -> dict[str, str]:
    """The files of the version that passed, the program first; none where none did."""
    last = report.trials[-1] if report.trials else None
    passed = last.files if last is not None and last.outcome == "passed" else ()
    return {assets.ref(id_).name: id_ for id_ in passed}


def _author(report: Report) -> str:
    return report.trials[-1].author if report.trials else "recipes"


def _read(note: Note, assets: AssetStore) -> Iterator[Note]:
    for id_ in note.assets:
        ref = assets.ref(id_)
        text = assets.path(ref).read_text(encoding="utf-8", errors="replace")
        for one in statements_in(ref.name, text, note.kind):
            yield Note.make(one.kind, one.text, note.place, assets=(id_,))


def _file(note: Note) -> str:
    """The name of the file that a note was read from; its text begins with it."""
    head = note.text.partition(":")[0] if note.assets else ""
    return head.partition(",")[0]
