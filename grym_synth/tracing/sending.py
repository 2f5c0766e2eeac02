"""Where traces go: OpenTelemetry's own exporters send them, in a thread of their own.

The library's global provider is left alone, so that nothing of ours goes where another part of the
process sends its traces, and nothing of theirs goes here.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span as Recorded
from opentelemetry.trace import Status, StatusCode, Tracer, set_span_in_context

from grym_synth.errors import BadInput
from grym_synth.settings import Settings, Tracing
from grym_synth.tracing.masking import masker
from grym_synth.tracing.spans import Facts, Kind, Span

_SECONDS = 5.0
"""Longest time for one batch to be taken, tries again included; later batches are tried anew."""

_WORDS = {
    "otlp": ("gen_ai.input.messages", "gen_ai.output.messages"),
    "langsmith": ("gen_ai.prompt", "gen_ai.completion"),
}
"""What each receiver calls what was asked and said."""


class Sending:
    """Begins the traces of turns, and says of each only what the user lets it say."""

    def __init__(self, provider: TracerProvider, settings: Settings) -> None:
        self._tracer = provider.get_tracer("grym-synth", version("grym-synth"))
        self._terms = _Terms(settings.tracing, masker(settings))

    @property
    def has_words(self) -> bool:
        """Whether the user lets traces have what was asked and said."""
        return self._terms.has_words

    def begin(self, name: str) -> Span:
        """Begin a trace with its first span."""
        recorded = self._tracer.start_span(name, Context())
        return _Span(self._tracer, recorded, self._terms, "chain")


class _Terms:
    """What may leave."""

    def __init__(self, wanted: Tracing, masked: Callable[[str], str]) -> None:
        self.has_words, self.masked = wanted.content, masked
        self.asked, self.said = _WORDS[wanted.to]


class _Span:
    def __init__(self, tracer: Tracer, recorded: Recorded, terms: _Terms, kind: Kind) -> None:
        self._tracer, self._recorded, self._terms = tracer, recorded, terms
        recorded.set_attribute("langsmith.span.kind", kind)

    def part(self, name: str, kind: Kind, seconds: float = 0.0) -> Span:
        below = set_span_in_context(self._recorded, Context())
        began = time.time_ns() - int(seconds * 1e9)
        recorded = self._tracer.start_span(self._terms.masked(name), below, start_time=began)
        return _Span(self._tracer, recorded, self._terms, kind)

    def tell(self, facts: Facts) -> None:
        for name, fact in facts.items():
            told = self._terms.masked(fact) if isinstance(fact, str) else fact
            self._recorded.set_attribute(name, told)

    def quote(self, asked: str = "", said: str = "") -> None:
        if self._terms.has_words:
            words = {self._terms.asked: asked, self._terms.said: said}
            self.tell({name: text for name, text in words.items() if text})

    def fail(self, fault: str, why: str = "") -> None:
        self.tell({"error.type": fault})
        words = self._terms.masked(why) if self._terms.has_words else None
        self._recorded.set_status(Status(StatusCode.ERROR, words))

    def end(self) -> None:
        self._recorded.end()


@contextmanager
def sending(settings: Settings) -> Iterator[Sending]:
    """Send traces as the settings say until the block ends; what is left is sent then.

    Raises:
        BadInput: an extra is not installed, or what the receiver needs is not set.
    """
    resource = Resource({"service.name": "grym-synth", "service.version": version("grym-synth")})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_exporter(settings.tracing)))
    try:
        yield Sending(provider, settings)
    finally:
        provider.shutdown()


def _exporter(wanted: Tracing) -> SpanExporter:
    tried, base = f"sending traces to {wanted.to}", wanted.url.rstrip("/")
    try:
        if wanted.to == "langsmith":
            from langsmith.integrations.otel.processor import OtelExporter

            url = f"{base}/otel/v1/traces" if base else None
            return OtelExporter(url=url, timeout=_SECONDS)
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(endpoint=f"{base}/v1/traces" if base else None, timeout=_SECONDS)
    except ImportError as fault:
        do = "Install it with `pip install 'grym-synth[tracing]'`"
        raise BadInput(tried, "its exporter is not installed", do) from fault
    except ValueError as fault:
        raise BadInput(tried, "it has no key", "Set LANGSMITH_API_KEY") from fault
