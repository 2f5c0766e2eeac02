"""What the service counts, in Prometheus' format."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from models.base import Ending

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """Counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "grym_requests", "Requests by status", ("model", "status"), registry=self.registry
        )
        self._tokens = Counter(
            "grym_tokens", "Tokens read and written", ("model", "kind"), registry=self.registry
        )
        self._first = Histogram(
            "grym_first_piece_seconds", "From the request to its first piece, waiting included",
            ("model",), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._whole = Histogram(
            "grym_answer_seconds", "From the request to its end", ("model",), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge(
            "grym_waiting", "Requests that wait for their turn", ("model",), registry=self.registry
        )
        self.working = Gauge(
            "grym_working", "Requests that are answered", ("model",), registry=self.registry
        )

    def began(self, model: str, seconds: float) -> None:
        """Note the first piece of an answer."""
        self._first.labels(model).observe(seconds)

    def ended(self, model: str, status: int, seconds: float, ending: Ending | None) -> None:
        """Note the end of a request."""
        self._requests.labels(model, str(status)).inc()
        self._whole.labels(model).observe(seconds)
        if ending is not None:
            self._tokens.labels(model, "read").inc(ending.tokens_in)
            self._tokens.labels(model, "written").inc(ending.tokens_out)

    def text(self) -> bytes:
        """All of it."""
        return generate_latest(self.registry)
