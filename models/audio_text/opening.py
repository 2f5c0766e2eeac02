"""Open a listening model by the string that names it."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from models.audio_base import AudioModel, Samples, Transcribes, VoiceSpan
from models.base import Options
from models.ctc import Word
from models.packages import need_packages
from models.wire import is_http

SPEECH_FORM = "transformers:FOLDER"
"""The string that names a model which reads words from voices."""

FORMS = "gama:FOLDER, transformers:FOLDER, openai:URL#NAME or scripted:FILE"
"""The strings that name a listening model."""


def open_audio_model(spec: str, settings: Settings) -> AudioModel:
    """Open a listening model; it is asked nothing, and nothing is loaded, before its first use.

    Args:
        spec: its runtime and its name, in one of the ``FORMS``.
        settings: the key and the window for OpenAI-compatible servers.

    Raises:
        BadInput: the string has none of the forms.
        ModelUnavailable: the packages that run it are not installed.
    """
    runtime, _, target = spec.partition(":")
    url, _, name = target.partition("#")
    match runtime:
        case "gama" | "transformers" if target:
            return _local(runtime, target)
        case "openai" if is_http(url) and name:
            from models.audio_text.openai import OpenAIEar

            key = settings.openai_api_key.get_secret_value()
            return OpenAIEar(spec, url, name, key, settings.context_tokens)
        case "scripted" if target:
            from models.audio_text.scripted import ScriptedEar

            return ScriptedEar.read(Path(target))
    raise BadInput(f"opening the model {spec!r}", "it has no known form", f"Write {FORMS}")


class LocalTranscriber(Transcribes, Protocol):
    """One whose weights this process holds."""

    def load_once(self) -> float:
        """Load it unless it is loaded; seconds that this took."""
        ...

    def unload(self) -> None:
        """Free its memory."""
        ...


class LateTranscriber:
    """A model that reads words from voices; its packages are imported at its first use."""

    def __init__(self, spec: str) -> None:
        """Take the string that names it, as in ``SPEECH_FORM``.

        Raises:
            BadInput: it has another form.
        """
        runtime, _, self._target = spec.partition(":")
        if runtime != "transformers" or not self._target:
            happened = "it has no known form"
            raise BadInput(f"opening the model {spec!r}", happened, f"Write {SPEECH_FORM}")
        self.name = spec
        self._opening = threading.Lock()
        self._model: LocalTranscriber | None = None

    def words(
        self,
        samples: Samples,
        sample_rate_hz: int,
        voices: Sequence[VoiceSpan] | None = None,
        options: Options | None = None,
    ) -> tuple[Word, ...]:
        """The words of a sound, as ``models.speech.Transcriber`` reads them."""
        return self._opened().words(samples, sample_rate_hz, voices, options)

    def load_once(self) -> float:
        """Load it unless it is loaded; seconds that this took."""
        return self._opened().load_once()

    def unload(self) -> None:
        """Free its memory once it is at nothing; the next use loads it again."""
        if self._model is not None:
            self._model.unload()

    def _opened(self) -> LocalTranscriber:
        with self._opening:
            if self._model is None:
                need_packages(f"opening {self.name}", "torch", "transformers")
                from models.speech import Transcriber

                self._model = Transcriber(self._target)
            return self._model


def _local(runtime: str, target: str) -> AudioModel:
    need_packages(f"opening {runtime}:{target}", "torch", "transformers")
    if runtime == "gama":
        from models.audio_text.gama import GamaEar

        return GamaEar(target)
    from models.audio_text.hugging_face import TransformersEar

    return TransformersEar(target)
