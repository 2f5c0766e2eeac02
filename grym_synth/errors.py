"""Every error that grym-synth raises on purpose.

GrymError                 what was tried, what happened, what to do
├── BadInput              the request, an option or a file can't be used
│   ├── MediaRejected     a media file can't be read or exceeds a limit
│   ├── SoundUnusable     a sound is too short, silent, broken, or of an impossible rate
│   └── UnknownName       no project, thread, artifact or asset of that name
├── HomeLocked            another process owns the home directory
├── ThreadBusy            a turn is already running on this thread
├── MemoryFault           the project memory can't be read or written
├── ModelFault            a model runtime can't do what was asked of it
│   ├── WeightsUnusable   a model's files are missing, incomplete or not what they should be
│   ├── NotEnoughMemory   a model doesn't fit into the memory that is free
│   │   └── MemoryUsedUp  the memory was used up while it worked; less work may fit
│   ├── ModelUnavailable  nothing answers, or what answers is busy or has crashed
│   │   └── ModelAway     the same, where a try a moment later may work
│   ├── ModelMissing      the runtime has no model of that name
│   ├── ModelUnable       the model can't think, see or follow a schema, as was asked of it
│   ├── ModelTimeout      the model took longer than it may
│   ├── ContextOverflow   the messages don't fit into the model's window
│   ├── BadAnswer         an answer was cut off, empty, or not of the wanted form
│   └── Cancelled         the caller no longer wants the answer
└── SandboxRefused        no sandbox on this machine holds generated code
"""

from dataclasses import dataclass


class GrymError(RuntimeError):
    """An expected failure, told in three parts that each surface can show.

    It is a ``RuntimeError`` because the LangGraph server hides the words of unknown exceptions.
    """

    def __init__(self, tried: str, happened: str, do: str) -> None:
        self.tried, self.happened, self.do = tried, happened, do
        super().__init__(f"{tried}: {happened}. {do}")


class BadInput(GrymError):
    """The request, an option or a file can't be used."""


class MediaRejected(BadInput):
    """A media file can't be read, or exceeds a limit of the settings."""


class SoundUnusable(BadInput):
    """A sound is too short, silent, broken, or of an impossible rate."""


class UnknownName(BadInput):
    """No project, thread, artifact or asset has this name."""


class HomeLocked(GrymError):
    """Another process owns the home directory."""


class ThreadBusy(GrymError):
    """A turn is already running on this thread."""


class MemoryFault(GrymError):
    """The project memory can't be read or written."""


class ModelFault(GrymError):
    """A model runtime can't do what was asked of it."""


class WeightsUnusable(ModelFault):
    """A model's files are missing, incomplete or not what they should be."""


class NotEnoughMemory(ModelFault):
    """A model doesn't fit into the memory that is free."""


class MemoryUsedUp(NotEnoughMemory):
    """The memory was used up while a model loaded or answered, though enough seemed to be there."""


class ModelUnavailable(ModelFault):
    """Nothing answers, or what answers is busy or has crashed; a later try may work."""


class ModelAway(ModelUnavailable):
    """A server is busy, is being started, or has lost its model: a moment later it may answer."""


class ModelMissing(ModelFault):
    """The runtime has no model of that name."""


class ModelUnable(ModelFault):
    """The model can't think, see or follow a schema, as was asked of it."""


class ModelTimeout(ModelFault):
    """The model took longer than it may."""


class ContextOverflow(ModelFault):
    """The messages don't fit into the model's window; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a model said in one try to get an answer of a wanted form."""

    step: str
    """``free``, ``constrained`` or ``corrected``."""
    text: str
    thinking: str
    fault: str
    """Why it is not the wanted form; empty when it is."""


class BadAnswer(ModelFault):
    """An answer was cut off, empty, or not of the wanted form."""

    def __init__(
        self, tried: str, happened: str, do: str, attempts: tuple[Attempt, ...] = ()
    ) -> None:
        self.attempts = attempts
        super().__init__(tried, happened, do)


class Cancelled(ModelFault):
    """The caller no longer wants the answer."""


class SandboxRefused(GrymError):
    """No sandbox on this machine holds generated code."""
