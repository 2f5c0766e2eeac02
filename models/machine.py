"""What this machine has for models: memory, and a graphics processor."""

import os
import shutil
import subprocess
from pathlib import Path

from pydantic import BaseModel

_GIB = 2**30
_MIB_A_GIB = 2**10
_SECONDS = 5.0

_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where a container's limit stands, in version 2 and 1 of control groups."""


class Gpu(BaseModel):
    """A graphics processor, as its driver tells."""

    name: str
    memory_gib: float
    free_gib: float


class Machine(BaseModel):
    """What models can take."""

    cores: int
    memory_gib: float
    """Of the machine, or of the container that this process is in."""
    gpus: tuple[Gpu, ...]

    @property
    def most_gib(self) -> float:
        """The memory that a model is put into: the largest processor's, else the machine's."""
        return max((gpu.memory_gib for gpu in self.gpus), default=self.memory_gib)

    @property
    def text(self) -> str:
        """All of it in one line."""
        gpus = [f"{gpu.name} with {gpu.memory_gib} GiB ({gpu.free_gib} free)" for gpu in self.gpus]
        told = ", ".join(gpus) or "no NVIDIA processor found"
        return f"{self.cores} cores, {self.memory_gib} GiB of memory, {told}"


def this_machine() -> Machine:
    """Ask the system; nothing is loaded."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limited = min([memory, *_container_limits()])
    return Machine(
        cores=os.cpu_count() or 1, memory_gib=round(limited / _GIB, 1), gpus=tuple(_gpus())
    )


def _container_limits() -> list[int]:
    texts = [Path(place).read_text().strip() for place in _LIMITS if Path(place).is_file()]
    return [int(text) for text in texts if text.isdigit()]


def _gpus() -> list[Gpu]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = "--query-gpu=name,memory.total,memory.free"
    try:
        told = subprocess.run(
            [program, query, "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [line.rsplit(",", 2) for line in told.splitlines()]
    return [
        Gpu(
            name=row[0].strip(),
            memory_gib=round(float(row[1]) / _MIB_A_GIB, 1),
            free_gib=round(float(row[2]) / _MIB_A_GIB, 1),
        )
        for row in rows
        if len(row) == 3 and row[1].strip().isdigit() and row[2].strip().isdigit()
    ]
