"""Every error that grym-synth raises on purpose.

GrymError                 what was tried, what happened, what to do
├── BadInput              the request, an option or a file can't be used
│   ├── MediaRejected     a media file can't be read or exceeds a limit
│   └── UnknownName       no project, thread, artifact or asset of that name
├── HomeLocked            another process owns the home directory
├── ThreadBusy            a turn is already running on this thread
├── MemoryFault           the project memory can't be read or written
├── ModelFault            a model runtime can't do what was asked of it
└── SandboxRefused        no sandbox on this machine holds generated code
"""


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


class SandboxRefused(GrymError):
    """No sandbox on this machine holds generated code."""
