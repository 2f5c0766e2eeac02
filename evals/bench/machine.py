"""What machine figures were taken on."""

import os
import platform
from pathlib import Path

from models.machine import this_machine


def machine() -> str:
    """Processor, cores, memory, system and Python in one line, with how busy it is."""
    known = this_machine()
    parts = (
        _processor(),
        *(f"{gpu.name} with {gpu.memory_gib} GiB" for gpu in known.gpus),
        f"{known.cores} cores",
        f"{known.memory_gib} GiB of memory",
        f"{platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}",
        f"load {os.getloadavg()[0]:.1f}",
    )
    return ", ".join(parts)


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
