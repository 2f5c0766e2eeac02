"""Vision models of the installed ``transformers``: Qwen2.5-VL, Qwen3-VL and Qwen3.5."""

import threading
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, cast

from torch import Tensor
from transformers import LogitsProcessor, PreTrainedModel, PreTrainedTokenizerBase

from grym_synth.settings import Fit
from models.base import Answer, Ending, Facts, Message, Options, Piece
from models.devices import FreeBytes, free_bytes
from models.local.checkpoint import unusable, weight_files
from models.local.generation import Generates, Line, ends_of, generate, generate_rows, worked
from models.local.guided import Guide
from models.local.resident import ON_PROCESSOR, Resident
from models.local.weights import on_device
from models.runtime import ChatRuntime, gathered
from models.thinking import split_thinking
from models.vision.base import shown
from models.vision.checkpoint_eyes import read_eyes
from models.vision.eyes import Eyes
from models.vision.loading import load_model
from models.vision.memory_need import read_shape
from models.vision.pictures import PictureLimits, opened
from models.vision.processor import Conversation, PictureProcessor, read_processor
from models.watch import Watch


class TransformersVision(Resident, ChatRuntime):
    """A checkpoint on this machine, loaded at its first question and asked by one at a time.

    Loading and generating happen in a thread of their own: a call ends as soon as it is cancelled
    or late, and what it began to load is there for the next one.
    """

    def __init__(
        self,
        target: str,
        limits: PictureLimits,
        context_tokens: int,
        fit: Fit = "auto",
        free: FreeBytes = free_bytes,
    ) -> None:
        """Name a folder, or a checkpoint in Hugging Face's cache; nothing is read yet.

        Args:
            target: the folder or the name.
            limits: what pictures may be.
            context_tokens: largest window to make room for; never longer than the model's own.
            fit: the precision.
            free: measures a device.
        """
        Resident.__init__(self, target)
        ChatRuntime.__init__(self, f"transformers:{target}")
        self._limits, self._most_context, self._fit, self._free = limits, context_tokens, fit, free
        self._reading = threading.Lock()
        self._model: PreTrainedModel | None = None
        self._processor: PictureProcessor | None = None
        self._guide: Guide | None = None

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees pictures."""
        return self._eyes

    def look(
        self, pictures: Sequence[bytes], question: str, options: Options | None = None
    ) -> Answer:
        """Answer a question about pictures."""
        return self.answer(shown(pictures, question), options)

    def look_each(
        self, asked: Sequence[Sequence[Message]], options: Options | None = None
    ) -> list[Answer]:
        """Answer several conversations, as many at once as the window has room for."""
        chosen = options or Options()
        rows: list[tuple[str, Ending]] = []
        with Watch(self.name, chosen) as watch:
            watch.check()
            facts = self._known(watch)
            for each in asked:
                self._refuse_unable(each, chosen, facts)
            taken = [self._conversation(each, watch) for each in asked]
            room = min((self._room(one, chosen, facts) for one in taken), default=1)
            chosen = replace(chosen, max_tokens=room)
            groups = _grouped(list(zip(asked, taken, strict=True)), room, facts.context_tokens)

            def work(line: Line) -> None:
                for group in groups:
                    rows.extend(self._rows(group, chosen, line))
                line.box.put(Piece(ending=Ending("stop", 0, 0, 0.0)))

            for _ in worked(work, self.name, watch):
                pass
            spent = watch.seconds
        return [_answer(text, replace(ending, seconds=spent)) for text, ending in rows]

    @cached_property
    def _eyes(self) -> Eyes:
        return read_eyes(self.folder, self.name)

    def _ask_facts(self, watch: Watch) -> Facts:
        text = read_shape(self.folder, self.name).get_text_config()
        for file in weight_files(self.folder):
            if not file.is_file():
                raise unusable(file, "there is no such file")
        template = str(self._known_processor().chat_template)
        return Facts(
            context_tokens=min(self._most_context, int(text.max_position_embeddings)),
            thinks="enable_thinking" in template or "<think>" in template,
            images=True,
        )

    def _known_processor(self) -> PictureProcessor:
        with self._reading:
            if self._processor is None:
                self._processor = read_processor(self.folder)
            return self._processor

    def _load(self) -> None:
        window = self.facts().context_tokens
        self._model = load_model(self.folder, self.name, self._fit, window, self.device, self._free)

    def _lessen(self) -> str:
        return ON_PROCESSOR if self.leave_gpu() else ""

    def _drop(self) -> None:
        self._model = None

    def _conversation(self, messages: Sequence[Message], watch: Watch) -> int:
        """Tokens of the messages, exactly: pictures as they are seen, the rest by the template."""
        sizes = [one.size for each in opened(messages, self._limits) for one in each]
        pictures = sum(self._eyes.tokens_of(*size) - 1 for size in sizes)
        return self._known_processor().count(messages) + pictures

    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        def work(line: Line) -> None:
            with self.busy:
                if line.stop.is_set():
                    return
                load_seconds = self.load_once()
                if not line.stop.is_set():
                    asked = self._asked([messages], options)
                    generate(*asked[:3], options, line, load_seconds, asked.held_to)

        yield from worked(work, self.name, watch)

    def _rows(
        self, asked: Sequence[Sequence[Message]], options: Options, line: Line
    ) -> list[tuple[str, Ending]]:
        with self.busy:
            if line.stop.is_set():
                return []
            self.load_once()
            ready = self._asked(asked, options)
            return generate_rows(*ready[:3], options, line, ready.held_to)

    def _asked(self, asked: Sequence[Sequence[Message]], options: Options) -> "_Asked":
        """Conversations as the loaded model takes them."""
        assert self._model is not None
        model, processor = cast(Generates, self._model), self._known_processor()
        seen: list[Conversation] = [
            list(zip(each, opened(each, self._limits), strict=True)) for each in asked
        ]
        inputs = on_device(processor.inputs_of(seen, options.think), self._model)
        held_to: LogitsProcessor | None = None
        if options.schema is not None:
            if self._guide is None:
                ends = [one for one in ends_of(model) if one is not None]
                self._guide = Guide(processor.tokenizer, ends)
            held_to = self._guide.held_to(options.schema, len(asked))
        return _Asked(model, processor.tokenizer, inputs, held_to)


class _Asked(NamedTuple):
    """What a generation needs."""

    model: Generates
    tokenizer: PreTrainedTokenizerBase
    inputs: dict[str, Tensor]
    held_to: LogitsProcessor | None


def _grouped(
    asked: Sequence[tuple[Sequence[Message], int]], room: int, window: int
) -> list[list[Sequence[Message]]]:
    """Conversations that are answered together: all rows of a group are as long as the longest.

    Args:
        asked: conversations with their tokens.
        room: tokens that each answer may have.
        window: tokens that memory was left for.
    """
    groups: list[list[Sequence[Message]]] = []
    longest = 0
    for messages, tokens in asked:
        longest = max(longest, tokens)
        if groups and (len(groups[-1]) + 1) * (longest + room) <= window:
            groups[-1].append(messages)
        else:
            groups.append([messages])
            longest = tokens
    return groups


def _answer(text: str, ending: Ending) -> Answer:
    """The answer of a row, with its thinking apart."""
    return gathered(split_thinking([Piece(text=text), Piece(ending=ending)]))
