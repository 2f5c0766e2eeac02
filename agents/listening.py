"""A model listens to a file beside the instruments: windows, short questions, merged answers.

It describes. What it says of tempo, key, chords or loudness becomes a *heard* finding, which every
measurement overrules.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from agents.base import source_of
from agents.events import Tell
from agents.hearsay import Claimed, agreed, chord_labels, taken_apart, unit_of
from agents.voices import voice_finding, voices_in, words_finding, words_in
from agents.windows import Window, windows
from audio.assets import AssetRef
from audio.excerpts import read_excerpt
from grym_synth.errors import BadAnswer, Cancelled, ContextOverflow, ModelFault, SoundUnusable
from memory.context import Degraded, Event, Finding, Subject, Thought
from models.audio_base import AudioModel, Heard, Transcribes
from models.base import Options
from models.voice_activity import NAME, is_there
from prompts.rendering import inert, render

DESCRIPTION = "heard.description"
"""The aspect of what a model says of a stretch."""
MOST_WINDOWS = 8
"""Of one file; GAMA takes about three seconds for each on a GPU."""
ANSWER_TOKENS = 160
DESCRIBED = 0.4
"""How sure a description is: no listening model does much better on music."""
CLAIMED = 0.3
"""How sure its claims about what is measured are: GAMA is near chance."""

_LEAST_SECONDS = 1.0
_LONGEST_WISH = 120
"""Most characters of one guideline in a question."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked about files."""

    question: str = ""
    """In the user's or the supervisor's words; empty to have it described."""
    wishes: tuple[str, ...] = ()
    """What the producer wants, the most important first."""


@dataclass
class Ear:
    """Models that listen, for one step of a turn.

    It never raises for what a model can do wrong: ``degraded`` says what was not heard and why.
    After a failure that another question would meet too, nothing is asked.
    """

    model: AudioModel | None
    """Who describes; None for nobody."""
    transcriber: Transcribes | None = None
    """Who reads the words of voices; None for nobody."""
    seconds: float = 600.0
    """Limit of all questions together, loading included."""
    tell: Tell = field(default=lambda event: None)
    """Takes the events."""
    cancel: Options = field(default_factory=Options)
    """Whose ``cancel`` ends it."""

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds
        self.thoughts: list[Thought] = []
        """What was asked and said, in order."""
        self._lost: dict[str, dict[str, None]] = {}
        self._silent: set[str] = set()

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """What models did not do, and why; empty when nothing."""
        return tuple(
            Degraded(
                role="gama",
                wanted=name,
                used="instruments" if name in self._silent else "instruments for a part",
                why="; ".join(why),
            )
            for name, why in self._lost.items()
        )

    @property
    def tokens_out(self) -> int:
        """What the models wrote, in tokens."""
        return sum(one.tokens_out for one in self.thoughts)

    def hear(
        self, asset: AssetRef, path: Path, measured: Sequence[Finding], request: Request
    ) -> tuple[Finding, ...]:
        """What models hear in a file: descriptions with their times, claims, voices and words.

        Args:
            asset: the file.
            path: where it lies.
            measured: what instruments measured of it.
            request: what is asked.

        Raises:
            Cancelled: the caller no longer wants the turn.
            MediaRejected: the file can't be decoded.
        """
        seconds = _seconds(asset, measured)
        return (
            *self._descriptions(asset, path, seconds, measured, request),
            *self._voices(asset, path, seconds),
        )

    def _descriptions(
        self,
        asset: AssetRef,
        path: Path,
        seconds: float,
        measured: Sequence[Finding],
        request: Request,
    ) -> tuple[Finding, ...]:
        if self.model is None or self.model.name in self._silent:
            return ()
        found: list[Finding] = []
        claims: list[tuple[Window, Claimed]] = []
        source = source_of("gama", self.model.name)
        for window in self._windows(self.model, seconds, measured):
            question = _question(self.model, request)
            heard = self._ask(self.model, path, window, question)
            if heard is None:
                continue
            said = taken_apart(heard.text, cut_off=heard.ending.finish == "length")
            claims += [(window, one) for one in said.claims]
            if said.description:
                found.append(_described(asset, window, said.description, question, source))
        return (*found, *_claimed(asset, claims, measured, source))

    def _windows(
        self, model: AudioModel, seconds: float, measured: Sequence[Finding]
    ) -> tuple[Window, ...]:
        try:
            longest = model.facts().hears_seconds
        except ModelFault as fault:
            self._lose(model.name, fault)
            return ()
        known = {one.aspect: one.value for one in measured if one.evidence == "measured"}
        return windows(known, seconds, longest, MOST_WINDOWS)

    def _ask(self, model: AudioModel, path: Path, window: Window, question: str) -> Heard | None:
        if model.name in self._silent:
            return None
        left = self._until - time.monotonic()
        place = f"{_clock(window.start)}–{_clock(window.end)}"
        if left < _LEAST_SECONDS:
            self._note_lost(model.name, f"{place} was not heard: its time was used up")
            return None
        options = Options(
            max_tokens=ANSWER_TOKENS,
            seconds=left,
            first_seconds=left,
            cancel=self.cancel.cancel,
        )
        excerpt = read_excerpt(path, window.start, window.end - window.start)
        try:
            heard = model.listen(*excerpt, question, options)
        except Cancelled:
            raise
        except SoundUnusable as fault:
            self._note_lost(model.name, f"{place} was not heard: {fault.happened}")
            return None
        except ModelFault as fault:
            self._lose(model.name, fault)
            return None
        self._note(model.name, "listen", heard, place)
        return heard

    def _voices(self, asset: AssetRef, path: Path, seconds: float) -> tuple[Finding, ...]:
        if not is_there():
            return ()
        voices = voices_in(path, seconds)
        found = voice_finding(asset, voices, source_of("gama", NAME))
        reader = self.transcriber
        if reader is None or not voices or reader.name in self._silent:
            return (found,)
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            self._note_lost(reader.name, "the voices were not read: its time was used up")
            return (found,)
        options = Options(seconds=left, first_seconds=left, cancel=self.cancel.cancel)
        try:
            words = words_in(path, voices, reader, options)
        except Cancelled:
            raise
        except ModelFault as fault:
            self._lose(reader.name, fault)
            return (found,)
        return (found, words_finding(asset, words, source_of("gama", reader.name)))

    def _lose(self, name: str, fault: ModelFault) -> None:
        """Take note of a failure; most of them another question would meet too."""
        if not isinstance(fault, BadAnswer | ContextOverflow):
            self._silent.add(name)
        self._note_lost(name, f"{fault.tried}: {fault.happened}")

    def _note_lost(self, name: str, why: str) -> None:
        self._lost.setdefault(name, {})[why] = None

    def _note(self, name: str, duty: str, heard: Heard, place: str) -> None:
        ending = heard.ending
        self.thoughts.append(
            Thought(
                duty=duty,
                model=name,
                said=f"{place}: {heard.text}",
                tokens_in=ending.tokens_in,
                tokens_out=ending.tokens_out,
                seconds=round(ending.seconds, 3),
                load_seconds=round(ending.load_seconds, 3),
            )
        )
        text = f"{name} heard {place}: {ending.tokens_out} tokens in {ending.seconds:.1f} s"
        self.tell(Event(kind="said", node="gama", text=text, model=name, seconds=ending.seconds))


def _question(model: AudioModel, request: Request) -> str:
    """The question with as many wishes as fit into what the model can take."""
    wishes = [inert(one)[:_LONGEST_WISH] for one in request.wishes]
    most = model.facts().question_tokens
    while True:
        text = render("listen", question=inert(request.question), wishes=wishes).strip()
        if not wishes or model.count(text) <= most:
            break
        wishes.pop()
    if model.count(text) > most:
        text = render("listen", question="", wishes=[]).strip()
    return text


def _described(asset: AssetRef, window: Window, text: str, question: str, source: str) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id, start=window.start, end=window.end),
        DESCRIPTION,
        text,
        unit="",
        evidence="heard",
        source=source,
        method=f"asked where {window.why}: {question}",
        confidence=DESCRIBED,
    )


def _claimed(
    asset: AssetRef,
    claims: Sequence[tuple[Window, Claimed]],
    measured: Sequence[Finding],
    source: str,
) -> Iterable[Finding]:
    """The claims as findings about the whole file, to be held against what was measured of it."""
    chords = next((one.value for one in measured if one.aspect == "chords"), None)
    for one in agreed(claim for _, claim in claims):
        if one.aspect == "chords" and chord_labels(one.value) <= chord_labels(chords):
            continue  # it names some of the chords that are there
        places = ", ".join(
            f"{_clock(window.start)}–{_clock(window.end)}"
            for window, claim in claims
            if (claim.aspect, claim.value) == (one.aspect, one.value)
        )
        yield Finding.make(
            Subject(kind="asset", id=asset.id),
            one.aspect,
            one.value,
            unit=unit_of(one.aspect),
            evidence="heard",
            source=source,
            method=f"said of {places}: {one.sentence}",
            confidence=CLAIMED,
        )


def _seconds(asset: AssetRef, measured: Sequence[Finding]) -> float:
    """A file's length: as measured, else as its header says."""
    values: list[JsonValue] = [one.value for one in measured if one.aspect == "duration.seconds"]
    held = next((one for one in values if isinstance(one, int | float)), asset.seconds)
    return float(held or 0.0)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"
