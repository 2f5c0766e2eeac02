"""Measure files on a Ray cluster, as a Ray Data pipeline: each actor has a worker of its own.

Needs the extra ``serve``. Every machine must see the files under the same paths and have this
program installed; the address is Ray's own matter (``RAY_ADDRESS``; without it, this machine).
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType
from typing import Self, TypedDict

from audio.library.crew import Crew
from audio.library.reading import Reading, Wanted
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits

_BATCH = 16
"""Files that an actor is handed at a time."""


class _Files(TypedDict):
    wanted: list[str]


class _Readings(TypedDict):
    reading: list[str]


class Measurer:
    """One actor: measures files in a child process, so that a crash costs one file here too."""

    def __init__(self, limits: str) -> None:
        self._crew = Crew(1, MediaLimits.model_validate_json(limits))

    def __call__(self, files: _Files) -> _Readings:
        """Measure a batch of files, in any order."""
        wanted = [Wanted(**json.loads(str(one))) for one in files["wanted"]]
        return {"reading": [one.model_dump_json() for one in self._crew.read(wanted)]}


class RayReader:
    """Measures files on the cluster that this process is connected to while it is open."""

    def __init__(self, limits: MediaLimits) -> None:
        self._limits = limits

    def __enter__(self) -> Self:
        """Connect to the cluster, or start one on this machine.

        Raises:
            BadInput: Ray is not installed.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError as fault:
            raise BadInput(
                "indexing on Ray", "it is not installed", "pip install 'grym-synth[serve]'"
            ) from fault
        ray.init(
            ignore_reinit_error=True,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster; one that was started here ends."""
        import ray

        ray.shutdown()

    def read(self, files: Iterator[Wanted]) -> Iterator[Reading]:
        """Measure files, and give each as its batch is done."""
        import ray

        rows = [{"wanted": json.dumps(asdict(one))} for one in files]
        if not rows:
            return
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        measured = ray.data.from_items(rows).map_batches(
            Measurer,
            fn_constructor_args=(self._limits.model_dump_json(),),
            batch_size=_BATCH,
            compute=ray.data.ActorPoolStrategy(min_size=1),
            num_cpus=1,
        )
        for row in measured.iter_rows():
            yield Reading.model_validate_json(str(row["reading"]))
