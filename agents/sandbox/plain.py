"""A child process without walls, for the project's own recipes alone.

It takes the place of the sandbox on platforms that have none (macOS, Windows). What it runs was
assembled from tested recipes and checked numbers; code that anybody else wrote never comes here.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from agents.sandbox.runs import TOO_LONG, Run


class PlainChild:
    """Runs a script in an empty folder with a time limit."""

    @property
    def name(self) -> str:
        """What it is, for answers."""
        return "child process without a sandbox"

    @property
    def confines(self) -> bool:
        """It holds nothing."""
        return False

    def run(
        self,
        script: str,
        inputs: Mapping[str, Path],
        arguments: Sequence[str],
        into: Path,
        *,
        seconds: float,
        output_bytes: int,
    ) -> Run:
        """Run a script; see ``agents.sandbox.runs.Runner``."""
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="grym-run-") as folder:
            stage = Path(folder)
            (stage / "in").mkdir()
            (stage / "out").mkdir()
            (stage / "script.py").write_text(script, encoding="utf-8")
            for name, source in inputs.items():
                shutil.copyfile(source, stage / "in" / name)
            command = [sys.executable, "-I", "-B", str(stage / "script.py"), *arguments]
            try:
                ended = subprocess.run(
                    command,
                    cwd=stage / "out",
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return Run(-1, "", "", {}, time.monotonic() - began, TOO_LONG)
            left = [path for path in (stage / "out").iterdir() if path.is_file()]
            if sum(path.stat().st_size for path in left) > output_bytes:
                stopped = f"it left more than {output_bytes:,} bytes"
                return Run(ended.returncode, "", "", {}, time.monotonic() - began, stopped)
            outputs = {path.name: Path(shutil.copy(path, into / path.name)) for path in left}
            out, err = (text.decode("utf-8", "replace") for text in (ended.stdout, ended.stderr))
            return Run(ended.returncode, out, err, outputs, time.monotonic() - began)
