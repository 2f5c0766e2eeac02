"""How much memory models may take on this machine."""

from collections.abc import Iterable
from functools import cached_property

from models.machine import this_machine
from models.ollama_server import OllamaServer, quick_answer
from models.residency.words import GIB

_OF_MEMORY = 0.75
"""Share of the machine's memory that models may take: the rest is for everything else."""

_OF_PROCESSOR = 0.95
"""Share of a graphics processor's memory; drivers and displays keep some."""


class MachineMemory:
    """The graphics processor's memory, else a share of the machine's, less what others take.

    Others are models that Ollama has loaded for somebody else. Limits of containers count.
    """

    def __init__(self, gib: float | None, ollama_url: str) -> None:
        """Ask nothing yet.

        Args:
            gib: what models may take in all, where the user says so.
            ollama_url: where Ollama answers.
        """
        self._given, self._ollama_url = gib, ollama_url

    @cached_property
    def _capacity(self) -> int:
        if self._given is not None:
            return int(self._given * GIB)
        machine = this_machine()
        share = _OF_PROCESSOR if machine.gpus else _OF_MEMORY
        return int(machine.most_gib * share * GIB)

    def budget(self, ours: Iterable[str]) -> int:
        """Bytes that our models may take together now; never below 0.

        Args:
            ours: names of those that have memory already.
        """
        held = set(ours)
        running = quick_answer(self._ollama_url, OllamaServer.loaded_bytes) or {}
        others = sum(size for name, size in running.items() if f"ollama:{name}" not in held)
        return max(0, self._capacity - others)
