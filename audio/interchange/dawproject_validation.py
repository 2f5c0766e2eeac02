"""Whether a DAWproject file is one: structure, attributes, references, and files that are there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from audio.interchange.dawproject import METADATA_FILE, PROJECT_FILE
from audio.interchange.dawproject_reading import ZIP_FAULTS, opened, part_of
from audio.interchange.dawproject_shape import (
    METADATA_ORDER,
    NOT_LOOKED_INTO,
    REFERENCES,
    SHAPES,
)
from audio.interchange.xml_trees import parsed
from grym_synth.errors import MediaRejected

MOST_PROBLEMS = 50
"""No more than this many are told."""


def problems_of(content: bytes, name: str = "the session") -> tuple[str, ...]:
    """What is wrong with a ``.dawproject`` file, in sentences; empty where nothing is.

    Looked at are the zip, both documents, the order and number of elements, attributes and their
    values, ids (each once) and references to them, and whether embedded sound files are there.
    """
    try:
        with opened(content, name) as file:
            names = file.namelist()
            project = parsed(part_of(file, PROJECT_FILE, name), PROJECT_FILE)
            metadata = parsed(part_of(file, METADATA_FILE, name), METADATA_FILE)
            broken = file.testzip()
    except MediaRejected as fault:
        return (f"{fault.tried}: {fault.happened}.",)
    except ZIP_FAULTS as fault:
        return (f"A sound file of {name} can't be read ({fault}).",)
    found = [f"{broken} is damaged."] if broken is not None else []
    if project.tag != "Project":
        return (*found, f"{PROJECT_FILE} begins with <{project.tag}> and not with <Project>.")
    found += [
        *_metadata_problems(metadata),
        *_element_problems(project, "Project"),
        *_reference_problems(project),
        *_file_problems(project, names),
    ]
    return tuple(found[:MOST_PROBLEMS])


def _metadata_problems(metadata: Element) -> Iterator[str]:
    if metadata.tag != "MetaData":
        yield f"{METADATA_FILE} begins with <{metadata.tag}> and not with <MetaData>."
    yield from _order_problems(metadata, tuple((name,) for name in METADATA_ORDER), "MetaData")


def _element_problems(element: Element, path: str) -> Iterator[str]:
    """What is wrong with an element and all below it."""
    shape = SHAPES[element.tag]
    for name in shape.required:
        if name not in element.attrib:
            yield f"{path} has no attribute {name}."
    known = {**shape.required, **shape.optional}
    for name, value in element.attrib.items():
        if name not in known:
            yield f"{path} has an attribute {name}, which is not known."
        elif not known[name](value):
            yield f"{path} has {name}={value!r}, which is not allowed."
    yield from _order_problems(element, shape.children, path)
    for place, child in enumerate(element):
        if child.tag in SHAPES:
            yield from _element_problems(child, f"{path}/{child.tag}[{place + 1}]")


def _order_problems(element: Element, groups: Sequence[Sequence[str]], path: str) -> Iterator[str]:
    """Children that are unknown, missing, too many, or out of order."""
    place_of = {name.rstrip("*!"): place for place, group in enumerate(groups) for name in group}
    latest = 0
    for child in element:
        place = place_of.get(child.tag)
        if place is None:
            told = "" if child.tag in SHAPES or child.tag in NOT_LOOKED_INTO else "unknown "
            yield f"{path} holds the {told}element {child.tag}, which does not belong there."
        elif place < latest:
            yield f"{path} holds {child.tag} behind what must follow it."
        latest = max(latest, place or 0)
    counts = Counter(child.tag for child in element)
    for name in (name for group in groups for name in group):
        count = counts[name.rstrip("*!")]
        if count > 1 and not name.endswith("*"):
            yield f"{path} holds {name.rstrip('!')} {count} times; once is allowed."
        if count == 0 and name.endswith("!"):
            yield f"{path} holds no {name.rstrip('!')}."


def _reference_problems(project: Element) -> Iterator[str]:
    ids = Counter(one.attrib["id"] for one in project.iter() if "id" in one.attrib)
    for key, count in ids.items():
        if count > 1:
            yield f"The id {key!r} is given {count} times."
    for element in project.iter():
        for name in REFERENCES:
            wanted = element.get(name)
            if wanted is not None and wanted not in ids:
                yield f"{element.tag} names the {name} {wanted!r}, which is not there."


def _file_problems(project: Element, names: Sequence[str]) -> Iterator[str]:
    for file in project.iter("File"):
        path = file.get("path", "")
        if file.get("external") != "true" and path not in names:
            yield f"The sound file {path!r} is not in the session."
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            yield f"The path {path!r} leads out of the session."
