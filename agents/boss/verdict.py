"""What is wrong with a decision, and what was put right without asking."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Verdict:
    """The result of checking, as it grows."""

    faults: list[str] = field(default_factory=list)
    """What only its author can put right, each in one sentence."""
    repairs: list[str] = field(default_factory=list)
    """What was unambiguous and has been put right."""

    def fault(self, where: str, happened: str, choices: Iterable[str] = ()) -> None:
        """Note what is wrong, and what could be said instead."""
        among = ", ".join(choices)
        self.faults.append(f"{where}: {happened}" + (f"; choose from {among}" if among else ""))

    def repair(self, where: str, done: str) -> None:
        """Note what was put right."""
        self.repairs.append(f"{where}: {done}")
