"""Benchmarks: time and memory of whole parts, each run by hand."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `grym` and the server have it
