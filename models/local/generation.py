"""Generation in a thread of its own, so that whoever waits can stop waiting at any time."""

import queue
import threading
import traceback
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import torch
from torch import Tensor
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.generation.streamers import BaseStreamer

from grym_synth.errors import GrymError, ModelUnavailable
from models.base import Ending, Finish, Options, Piece
from models.devices import ran_out, used_up
from models.watch import Watch

_POLL_SECONDS = 0.02
_FAULTS = (
    GrymError, MemoryError, RuntimeError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError,
    OSError,
)  # fmt: skip
"""What loading and generating raise; everything else is a fault of the program."""
_DECODED = {"skip_special_tokens": True, "clean_up_tokenization_spaces": False}
_UNFINISHED = "\ufffd"
"""What the start of a character of several tokens decodes to."""


class Generates(Protocol):
    """A model of ``transformers`` that answers; its own types don't say so of all of them."""

    generation_config: GenerationConfig | None

    def generate(self, **kwargs: object) -> object:
        """The ids of prompt and answer, (1, tokens)."""
        ...


@dataclass(frozen=True)
class Line:
    """Where the thread that works says its pieces, and where it is told to stop."""

    box: "queue.SimpleQueue[Piece | Exception | None]" = field(default_factory=queue.SimpleQueue)
    """None when the work is over."""
    stop: threading.Event = field(default_factory=threading.Event)


def worked(work: Callable[[Line], None], name: str, watch: Watch) -> Generator[Piece, None, None]:
    """The pieces that some work in another thread says, until the ending, a fault or a limit.

    Work that is no longer wanted goes on only to its next token, or to the end of loading.

    Args:
        work: says pieces on its line; the last is the ending.
        name: the model, for errors.
        watch: the call's limits.
    """
    line = Line()

    def run() -> None:
        try:
            work(line)
        except _FAULTS as fault:
            traceback.clear_frames(fault.__traceback__)  # they hold what fills the memory
            line.box.put(fault)
        finally:
            line.box.put(None)

    threading.Thread(target=run, daemon=True, name=name).start()
    try:
        while True:
            watch.check()
            try:
                piece = line.box.get(timeout=min(_POLL_SECONDS, watch.left_seconds + 0.001))
            except queue.Empty:
                continue
            if piece is None:
                raise _broken(name, "its work ended without an answer")
            if isinstance(piece, Exception):
                raise _fault(piece, name) from piece
            if piece.ending is not None:
                yield Piece(ending=replace(piece.ending, seconds=watch.seconds))
                return
            watch.token()
            yield piece
    finally:
        line.stop.set()


def generate(
    model: Generates,
    tokenizer: PreTrainedTokenizerBase,
    inputs: Mapping[str, Tensor],
    options: Options,
    line: Line,
    load_seconds: float,
    held_to: LogitsProcessor | None = None,
) -> None:
    """Let a model answer, token by token.

    Args:
        model: of any kind whose answer follows its ``input_ids``.
        tokenizer: reads the answer's ids.
        inputs: what ``generate`` takes, one row.
        options: ``max_tokens`` is a number.
        line: where to say it.
        load_seconds: what loading took of this call.
        held_to: keeps the answer to a form.
    """
    spoken = _Spoken(tokenizer, line)
    generated = _generated(model, inputs, options, line, held_to, spoken)
    if line.stop.is_set():
        return
    prompt = inputs["input_ids"].shape[1]
    said = generated.shape[1] - prompt
    cut = said >= (options.max_tokens or 0) and not spoken.ended(model)
    finish: Finish = "length" if cut else "stop"
    line.box.put(Piece(ending=Ending(finish, prompt, said, 0.0, load_seconds)))


def generate_rows(
    model: Generates,
    tokenizer: PreTrainedTokenizerBase,
    inputs: Mapping[str, Tensor],
    options: Options,
    line: Line,
    held_to: LogitsProcessor | None = None,
) -> list[tuple[str, Ending]]:
    """Let a model answer several rows at once; what each says, and how it ended.

    Args:
        model: as for ``generate``.
        tokenizer: as for ``generate``.
        inputs: rows that are padded on the left, with their ``attention_mask``.
        options: ``max_tokens`` is a number, for each row.
        line: where it is told to stop; nothing is said on it.
        held_to: keeps all answers to a form.
    """
    generated = _generated(model, inputs, options, line, held_to, None)
    taken = inputs["attention_mask"].sum(dim=1).tolist()
    answers: list[tuple[str, Ending]] = []
    for row, tokens_in in zip(generated[:, inputs["input_ids"].shape[1] :], taken, strict=True):
        ids = row.tolist()
        over = next((at + 1 for at, one in enumerate(ids) if one in ends_of(model)), None)
        said = ids[:over]
        text = cast(str, tokenizer.decode(said, **_DECODED))
        finish: Finish = "length" if over is None else "stop"
        answers.append((text, Ending(finish, tokens_in, len(said), 0.0)))
    return answers


def _generated(
    model: Generates,
    inputs: Mapping[str, Tensor],
    options: Options,
    line: Line,
    held_to: LogitsProcessor | None,
    streamer: BaseStreamer | None,
) -> Tensor:
    """Prompt and answer, (rows, tokens)."""
    sampled = options.temperature > 0
    if sampled and options.seed is not None:
        torch.manual_seed(options.seed)
    with torch.inference_mode():
        generated = model.generate(
            **inputs,
            max_new_tokens=options.max_tokens,
            do_sample=sampled,
            temperature=options.temperature if sampled else None,
            top_p=None,
            top_k=None,
            num_beams=1,
            streamer=streamer,
            logits_processor=LogitsProcessorList([held_to] if held_to else []),
            stopping_criteria=StoppingCriteriaList([_Stop(line.stop)]),
        )
    return cast(Tensor, generated)


def ends_of(model: Generates) -> list[int | None]:
    """The ids that say that an answer is over."""
    told = model.generation_config
    wanted = None if told is None else told.eos_token_id
    return wanted if isinstance(wanted, list) else [wanted]


class _Spoken(BaseStreamer):
    """Puts text on the line as soon as its characters are whole."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, line: Line) -> None:
        self._tokenizer, self._line = tokenizer, line
        self._ids: list[int] = []
        self._said = ""
        self._prompted = False

    def put(self, value: Tensor) -> None:
        """Take the prompt first, and then one id after another."""
        if not self._prompted:
            self._prompted = True
            return
        self._ids += value.flatten().tolist()
        self._say(whole=False)

    def end(self) -> None:
        """Say what is left."""
        self._say(whole=True)

    def ended(self, model: Generates) -> bool:
        """Whether the last id says that the answer is over."""
        return bool(self._ids) and self._ids[-1] in ends_of(model)

    def _say(self, whole: bool) -> None:
        decoded = self._tokenizer.decode(self._ids, **_DECODED)
        text = cast(str, decoded)
        if not whole:
            text = text.rstrip(_UNFINISHED)
        if len(text) > len(self._said):
            self._line.box.put(Piece(text=text[len(self._said) :]))
            self._said = text


class _Stop(StoppingCriteria):
    """Ends a generation that is no longer wanted."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def __call__(self, input_ids: Tensor, scores: Tensor, **kwargs: object) -> Tensor:
        """Whether each row shall end."""
        return torch.full((len(input_ids),), self._stop.is_set(), device=input_ids.device)


def _fault(fault: Exception, name: str) -> Exception:
    """What went wrong in the other thread, in the project's own errors."""
    tried = f"asking {name}"
    if isinstance(fault, GrymError):
        return fault
    if ran_out(fault):
        return used_up(tried)
    return _broken(name, f"it broke with {type(fault).__name__}: {str(fault)[:200]}")


def _broken(name: str, happened: str) -> ModelUnavailable:
    do = "See whether the checkpoint is whole, and ask again"
    return ModelUnavailable(f"asking {name}", happened, do)
