"""A model listens to a file beside the instruments: windows, short questions, merged answers.

It describes. What it says of tempo, key, chords or loudness becomes a *heard* finding, which every
measurement overrules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from agents.base import source_of
from agents.hearing.ear_questions import Request, question_for
from agents.hearing.heard_findings import claimed, clock, described, seconds_of
from agents.hearing.hearsay import Claimed, taken_apart
from agents.hearing.voices import voice_finding, voices_in, words_finding, words_in
from agents.hearing.windows import Window, windows
from agents.witness import Witness
from audio.assets import AssetRef
from audio.excerpts import read_excerpt
from grym_synth.errors import Cancelled, ModelFault, SoundUnusable
from memory.context import AgentName, Finding
from models.audio_base import AudioModel, Heard, Transcribes
from models.voice_activity import NAME, is_there

MOST_WINDOWS = 8
"""Of one file; GAMA takes about four seconds for each on an H100 (160 tokens at 44 a second)."""
ANSWER_TOKENS = 160
_CUT_SECONDS = 0.5
"""What may be lost of a window without a word."""


@dataclass
class Ear(Witness):
    """Models that listen, for one step of a turn."""

    model: AudioModel | None
    """Who describes; None for nobody."""
    transcriber: Transcribes | None = None
    """Who reads the words of voices; None for nobody."""

    agent: ClassVar[AgentName] = "gama"
    senses: ClassVar[str] = "heard"

    def role_of(self, name: str) -> str:
        """The role that a model of this name plays."""
        return "speech" if self.transcriber and name == self.transcriber.name else "gama"

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
        if model is None or not self.asks(model.name):
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
        if not self.asks(model.name):
            return None
        place = f"{clock(window.start)}–{clock(window.end)}"
        excerpt = read_excerpt(path, window.start, window.end - window.start)
        if excerpt.not_numbers:
            what = f"{excerpt.not_numbers} samples are not numbers and were heard as silence"
            self.miss(model.name, f"{place}: {what}")
        try:
            limits = self.limits(model.name, ANSWER_TOKENS)
            heard = model.listen(excerpt.samples, excerpt.sample_rate_hz, question, limits)
        except Cancelled:
            raise
        except SoundUnusable as fault:
            self.miss(model.name, f"{place} was not heard: {fault.happened}")
            return None
        except ModelFault as fault:
            self.lose(model.name, fault)
            return None
        if heard.cut_seconds > _CUT_SECONDS and not heard.ending.lessened:
            self.miss(model.name, f"{place}: only the first {heard.heard_seconds:.1f} s were heard")
        self.note(model.name, "listen", place, heard.text, heard.ending)
        return heard

    def _voices(self, asset: AssetRef, path: Path, seconds: float) -> tuple[Finding, ...]:
        if not is_there():
            return ()
        voices = voices_in(path, seconds)
        found = voice_finding(asset, voices, source_of("gama", NAME))
        reader = self.transcriber
        if reader is None or not voices or not self.asks(reader.name):
            return (found,)
        name = reader.name
        try:
            words = words_in(
                path, seconds, voices, reader, lambda: self.limits(name, ANSWER_TOKENS)
            )
        except Cancelled:
            raise
        except ModelFault as fault:
            self.lose(name, fault)
            return (found,)
        return (found, words_finding(asset, words, source_of("gama", name)))
