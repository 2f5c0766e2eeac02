"""A chat model that replays a script, with latency and faults, for tests, evals and demos."""

import json
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from grym_synth.errors import (
    BadAnswer,
    ModelAway,
    ModelFault,
    ModelMissing,
    ModelUnable,
    ModelUnavailable,
)
from models.base import Ending, Facts, Message, Options, Piece
from models.runtime import ChatRuntime
from models.script import Abilities, Line, Script, read_script
from models.watch import Watch


class ScriptedChat(ChatRuntime):
    """Answers with the lines of a script."""

    def __init__(self, name: str, script: Script) -> None:
        super().__init__(name)
        self._script = script

    @classmethod
    def read(cls, path: Path) -> "ScriptedChat":
        """Open a script's file."""
        return cls(f"scripted:{path}", read_script(path))

    @property
    def abilities(self) -> Abilities:
        """What the script says that it can do."""
        return self._script.abilities

    def _ask_facts(self, watch: Watch) -> Facts:
        one = self._script.abilities
        return Facts(one.context_tokens, one.thinks, one.schema_, one.images)

    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        line = self._script.take(messages, options)
        if line is None:
            raise ModelUnavailable(
                f"asking {self.name}", "no line of the script is left for this", "Add a line to it"
            )
        if line.fault is not None and line.fault not in ("cut", "error"):
            raise self._fault(line)
        watch.sleep(line.load_seconds + line.first_seconds)
        said = 0
        finish = line.finish
        for piece in _said(line, thinks=options.think is not False):
            if line.fault is not None and said >= line.after:
                break
            if said >= (options.max_tokens or said + 1):
                finish = "length"
                break
            watch.sleep(line.piece_seconds if said else 0.0)
            said += 1
            yield piece
        if line.fault is not None:
            raise self._fault(line)
        taken = self._conversation(messages, watch)
        yield Piece(ending=Ending(finish, taken, said, watch.seconds, line.load_seconds))

    def _fault(self, line: Line) -> ModelFault:
        tried, do = f"asking {self.name}", "The script says so"
        match line.fault:
            case "missing":
                return ModelMissing(tried, "there is no model of this name", do)
            case "unable":
                return ModelUnable(tried, "the model can't do that", do)
            case "cut":
                return BadAnswer(tried, "the answer broke off before its end", do)
            case "busy":
                return ModelAway(tried, "the server is busy", do)
            case "absent":
                return ModelAway(tried, "nothing answers there", do)
            case _:
                return ModelAway(tried, "the model has crashed", do)


def _said(line: Line, thinks: bool) -> Iterator[Piece]:
    answer = line.answer if isinstance(line.answer, str) else json.dumps(line.answer)
    thinking = line.thinking if thinks else ""
    while True:
        yield from (Piece(thinking=part) for part in _parts(thinking, line.chunk))
        if not (line.endless and thinking):
            yield from (Piece(text=part) for part in _parts(answer, line.chunk))
        if not line.endless or (line.thinking and not thinks):
            return


def _parts(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(0, len(text), length))
