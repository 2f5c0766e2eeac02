"""Requests for whole workflows: compose a song, master stems, unpack a recording, build a tool."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from pydantic import JsonValue

from agents.judging.targets import groups_of, services_in
from agents.planning.drafts import Draft, drawing
from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.subjects import files_of
from agents.workflows.ordering import OWNERS, objective_of
from audio.assets import AssetRef
from memory.context import Order, ProjectContext, WorkflowName

_FEW = r"(?:(?!\b(?:of|from|for|der|des|vom|von|del|de la|du|click|klick)\b)[^.?!;\n]){0,90}?"
"""What may stand between a verb and what it makes: never a part of what is there already."""
_NEAR = r"[^.?!\n]{0,80}?"
_FEW_WORDS = r"(?:[ -]+[\w'’]+){0,4}?[ -]+"
_SESSION = "project.json"
"""The file that a composed song is changed by."""
_TARGETS = ("streaming", "broadcast", "club")


def flows_of(context: ProjectContext, understood: Understood) -> list[Draft]:
    """The workflow that a request asks for, and what is to be done with its result.

    Args:
        context: what the project knows.
        understood: what was read from the request.
    """
    first = workflow_of(context, understood)
    if first is None or first.order is None:
        return []
    drafts = [first]
    if first.order.workflow == "compose" and _wants("master", understood.text.words):
        master = _draft("master", {"targets": [*_targets(understood)]}, ())
        drafts.append(replace(master, objective="Master the result", needs=(0,)))
    if first.order.workflow != "build" and _wants_picture(understood):
        last = len(drafts) - 1
        drafts.append(drawing(understood, (), (last,)))
    return drafts


def workflow_of(context: ProjectContext, understood: Understood) -> Draft | None:
    """The workflow that a request asks for; None where it asks for none.

    Args:
        context: what the project knows.
        understood: what was read from the request.
    """
    words = understood.text.words
    if re.match(rf"\W*{_any('asks')}", words, re.IGNORECASE) or _wants("tells", words):
        return None
    audio = files_of(context, understood.text, "audio")
    sent = tuple(one for one in audio if one.id in context.attached)
    if not sent and (session := _session_to_change(context, words)):
        return _draft("compose", {"brief": understood.text.raw, "base": session}, ())
    if _wants("compose", words) and not sent:
        midi = [one for one in context.assets if one.kind == "midi" and one.id in context.attached]
        return _draft("compose", _brief(understood, midi[:1]), tuple(midi[:1]))
    if _wants("unpack", words):
        return _draft("unpack", {}, audio)
    if _wants_master(words, audio, sent):
        return _draft("master", {"targets": [*_targets(understood)]}, sent or audio)
    if _wants("build", words) and not sent:
        return _draft("build", {"spec": understood.text.raw}, ())
    return None


def _wants_picture(understood: Understood) -> bool:
    """Whether a picture is named, rather than a song drawn from a sketch."""
    reading = understood.reading
    tags = lexicon(understood.language).tags(understood.text.tokens)
    named = any(tag.group == "picture" for tag in tags)
    return named and bool(reading.pictures or reading.result_pictures)


@cache
def _words() -> Mapping[str, list[str]]:
    """The vocabulary: patterns of words by what they mean."""
    text = resources.files("agents.planning.vocabulary").joinpath("workflows.toml").read_text()
    return tomllib.loads(text)


@cache
def _any(*names: str) -> str:
    """A pattern for any word of some meanings."""
    return rf"\b(?:{'|'.join(one for name in names for one in _words()[name])})\b"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """What asks for a workflow, or names a target."""
    made = rf"{_any('make')}(?:-moi)?\s+(?:(?:me|us|mir|uns|nous)\s+)?{_any('a')}\s+{_FEW}"
    for_whom = rf"(?:\s+(?:me|us|mir|uns))?(?:\s+{_any('a')})?\s+{_FEW}"
    patterns = {
        "compose": rf"{_any('compose')}(?!\s+of)|"
        rf"{made}{_any('song')}(?!\s*(?:{'|'.join(_words()['after_song'])}))",
        "stems": rf"{_any('mix')}{_NEAR}{_any('stems')}|{_any('stems')}{_NEAR}{_any('mix')}",
        "unpack": rf"{_any('unpack')}|{_any('transcribe')}(?!.{{0,40}}{_any('spoken')})|"
        rf"{_any('turn')}{_NEAR}{_any('into')}\s+(?:{_any('a')}\s+)?{_any('session')}",
        "build": rf"{_any('build')}{for_whom}{_any('tool')}",
        "change": rf"{_any('change')}{_FEW_WORDS}(?:{_any('part')}{_NEAR}{_any('section')}|"
        rf"{_any('section')}(?:['’]s)?{_FEW_WORDS}{_any('part')})",
    }
    return re.compile(patterns.get(name) or _any(name), re.IGNORECASE)


def _wants(name: str, words: str) -> bool:
    """Whether words ask for it, and don't deny it."""
    found = _pattern(name).search(words)
    denied = rf"{_any('denies')}\s+(?:\w+\s+)?$"
    return found is not None and not re.search(denied, words[: found.start()], re.IGNORECASE)


def _session_to_change(context: ProjectContext, words: str) -> str:
    """The id of the composed song of which parts are to be others: the project's last one.

    Empty where none was composed, or the request is about how a part sounds or another file.
    """
    if not _wants("change", words) or _wants("sounding", words):
        return ""
    made = (one for turn in reversed(context.history) if not turn.undone for one in turn.artifacts)
    return next((one.id for one in made if one.name == _SESSION), "")


def _wants_master(words: str, audio: tuple[AssetRef, ...], sent: tuple[AssetRef, ...]) -> bool:
    """Stems are mixed and mastered together; one file for one target is a recipe's work."""
    if len(audio) > 1 and _wants("stems", words):
        return True
    if len(sent) > 1 and _wants("mix_them", words):
        return True
    return len(_named(words)) > 1 and bool(audio) and _wants("mix", words)


def _targets(understood: Understood) -> list[str]:
    """The targets by name, and as the numbers that the request gives; else streaming."""
    named = _named(understood.text.words)
    given = {one.unit: one.value for one in understood.quantities}
    if "lufs" in given:
        return [*named, f"{given['lufs']:g},{given.get('dbtp', -1.0):g}"]
    peak = f",{-abs(given['dbtp']):g}" if "dbtp" in given else ""
    return [f"{one}{peak}" for one in named or ["streaming"]]


def _named(words: str) -> list[str]:
    """The targets that are named; beside a service, "streaming" only describes it."""
    services = services_in(words)
    described = {group for one in services for group in groups_of(one)}
    usual = [one for one in _TARGETS if one not in described and _wants(one, words)]
    return [*usual, *(one.name for one in services)]


def _brief(understood: Understood, midi: list[AssetRef]) -> dict[str, JsonValue]:
    brief: dict[str, JsonValue] = {"brief": understood.text.raw}
    return {**brief, "sketch": midi[0].id} if midi else brief


def _draft(
    workflow: WorkflowName, parameters: dict[str, JsonValue], files: tuple[AssetRef, ...]
) -> Draft:
    order = Order(workflow=workflow, parameters=parameters)
    objective = objective_of(order, files)
    return Draft(OWNERS[workflow], objective, "the request asks for it", files, order=order)
