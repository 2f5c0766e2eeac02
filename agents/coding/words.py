"""What is spoken of between a coding model and what tries its code."""

import hashlib
import json
from typing import Literal

from grym_synth.settings import Action
from memory.context import Artifact, CodeTrial, Criterion, Finding, Thought, Word

Sort = Literal["sound", "picture", "notes", "text", "code"]
"""What a result can be: a sound, a picture, MIDI or a score, words and numbers, or the code itself:
a function or a class, which its own tests carry."""


class CodeFile(Word):
    """One file of a draft."""

    name: str
    id: str
    """SHA-256 of its content, which is in the asset store."""


class Save(Word):
    """A place where the user wants a result."""

    file: str
    """Name that the program gives it; empty for the one result of the path's kind."""
    path: str
    """Absolute."""


class Wanted(Word):
    """One thing beside running that needs a human's yes."""

    action: Action
    save: Save


class Places(Word):
    """What of a draft's saving needs a human's yes, as it was when the draft was looked at."""

    wanted: tuple[Wanted, ...] = ()


class Saved(Word):
    """What became of the places, in sentences."""

    told: tuple[str, ...] = ()


class Draft(Word):
    """One version of the code, checked but not yet run."""

    number: int
    """Counts from 1."""
    files: tuple[CodeFile, ...] = ()
    """The program first; those named ``test_…`` hold its tests. None where no code came."""
    criteria: tuple[Criterion, ...] = ()
    """What its author says that the results can be measured for."""
    keeps_sound: bool = False
    """Its author says that the result has the same samples as the source."""
    saves: tuple[Save, ...] = ()
    """Where results go beside the output folder."""
    why: str = ""
    """How it does what is asked, in its author's words."""
    author: str = ""
    """The string that opens the model, or ``user``."""
    faults: tuple[str, ...] = ()
    """What is wrong with it as it stands: it is not run."""
    lost: str = ""
    """Why the model can't be asked any more; empty while it can."""
    thought: Thought | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over its files and the places of its results: what is approved and what runs."""
        return digest_of(self.files, self.saves)

    @property
    def program(self) -> str:
        """Name of the file that is run."""
        return self.files[0].name


class Outcome(Word):
    """What came of running a draft."""

    faults: tuple[str, ...] = ()
    """What is wrong with it, with lines and numbers; none when all that was asked is met."""
    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What was measured of the results."""
    notes: tuple[str, ...] = ()
    """What is worth telling beside the numbers."""


class Tries(Word):
    """All that a model wrote for one task, and what came of it."""

    trials: tuple[CodeTrial, ...] = ()
    draft: Draft | None = None
    """The last version of the code."""
    outcome: Outcome = Outcome()
    """What came of it; empty where it was not run."""
    refused: str = ""
    """Why the human did not want it to run; empty when that was not the end."""
    lost: str = ""
    """Why the model could not go on; empty when that was not the end."""


def digest_of(files: tuple[CodeFile, ...], saves: tuple[Save, ...] = ()) -> str:
    """SHA-256 over names and contents of files, and over the places of results."""
    parts = [[one.name, one.id] for one in files] + [[one.file, one.path] for one in saves]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
