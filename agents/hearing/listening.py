"""A model listens to a file beside the instruments: windows, short questions, merged answers.

It describes. What it says of tempo, key, chords or loudness becomes a *heard* finding, which every
measurement overrules.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.base import source_of
from agents.hearing.ear_questions import Request, question_for
from agents.hearing.heard_findings import claimed, clock, described, seconds_of
from agents.hearing.hearsay import Claimed, taken_apart
from agents.hearing.voices import voice_finding, voices_in, words_finding, words_in
from agents.hearing.windows import Window, windows
from agents.turn.events import Tell
from audio.assets import AssetRef
from audio.excerpts import read_excerpt
from grym_synth.errors import (
    BadAnswer,
    Cancelled,
    ContextOverflow,
    GrymError,
    ModelFault,
    ModelTimeout,
    SoundUnusable,
)
from memory.context import Degraded, Event, Finding, Thought
from models.audio_base import AudioModel, Heard, Transcribes
from models.base import Options
from models.voice_activity import NAME, is_there

MOST_WINDOWS = 8
"""Of one file; GAMA takes about four seconds for each on an H100 (160 tokens at 44 a second)."""
ANSWER_TOKENS = 160

_LEAST_SECONDS = 1.0


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
    cancel: threading.Event = field(default_factory=threading.Event)
    """Once set, listening ends with ``Cancelled``."""

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
                role="speech" if self.transcriber and name == self.transcriber.name else "gama",
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

    def lose(self, name: str, fault: GrymError) -> None:
        """Take note of a model's failure; most of them another question would meet too."""
        if not isinstance(fault, BadAnswer | ContextOverflow):
            self._silent.add(name)
        self._note_lost(name, f"{fault.tried}: {fault.happened}")

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
        seconds = seconds_of(asset, measured)
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
        model = self.model
        if model is None or model.name in self._silent:
            return ()
        try:
            question, longest = question_for(model, request), model.facts().hears_seconds
        except ModelFault as fault:
            self.lose(model.name, fault)
            return ()
        found: list[Finding] = []
        claims: list[tuple[Window, Claimed]] = []
        source = source_of("gama", model.name)
        known = {one.aspect: one.value for one in measured if one.evidence == "measured"}
        for window in windows(known, seconds, longest, MOST_WINDOWS):
            heard = self._ask(model, path, window, question)
            if heard is not None:
                said = taken_apart(heard.text, cut_off=heard.ending.finish == "length")
                claims += [(window, one) for one in said.claims]
                if said.description:
                    found.append(described(asset, window, said.description, question, source))
        return (*found, *claimed(asset, claims, measured, source))

    def _ask(self, model: AudioModel, path: Path, window: Window, question: str) -> Heard | None:
        """What a model says of a window; None where it was not heard."""
        if model.name in self._silent:
            return None
        place = f"{clock(window.start)}–{clock(window.end)}"
        excerpt = read_excerpt(path, window.start, window.end - window.start)
        if excerpt.not_numbers:
            what = f"{excerpt.not_numbers} samples are not numbers and were heard as silence"
            self._note_lost(model.name, f"{place}: {what}")
        try:
            limits = self._limits(model.name)
            heard = model.listen(excerpt.samples, excerpt.sample_rate_hz, question, limits)
        except Cancelled:
            raise
        except SoundUnusable as fault:
            self._note_lost(model.name, f"{place} was not heard: {fault.happened}")
            return None
        except ModelFault as fault:
            self.lose(model.name, fault)
            return None
        self._note(model.name, heard, place)
        return heard

    def _voices(self, asset: AssetRef, path: Path, seconds: float) -> tuple[Finding, ...]:
        if not is_there():
            return ()
        voices = voices_in(path, seconds)
        found = voice_finding(asset, voices, source_of("gama", NAME))
        reader = self.transcriber
        if reader is None or not voices or reader.name in self._silent:
            return (found,)
        name = reader.name
        try:
            words = words_in(path, seconds, voices, reader, lambda: self._limits(name))
        except Cancelled:
            raise
        except ModelFault as fault:
            self.lose(name, fault)
            return (found,)
        return (found, words_finding(asset, words, source_of("gama", name)))

    def _limits(self, name: str) -> Options:
        """What one more question may take.

        Raises:
            ModelTimeout: nothing is left.
        """
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            do = "Give it more time, or a smaller model"
            raise ModelTimeout(f"asking {name}", "its time in this step was used up", do)
        return Options(
            max_tokens=ANSWER_TOKENS, seconds=left, first_seconds=left, cancel=self.cancel
        )

    def _note_lost(self, name: str, why: str) -> None:
        self._lost.setdefault(name, {})[why] = None

    def _note(self, name: str, heard: Heard, place: str) -> None:
        ending = heard.ending
        self.thoughts.append(
            Thought(
                duty="listen",
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
