"""Traces by OpenTelemetry: pages, tasks, statements and calls to TikTok, joined from page to task.

The instrumentation packages collect more than may leave, so the exporter gets copies that hold
only what is named here: no address of a page, no query, header, argument, value or words of errors.
"""

import os
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from celery.signals import worker_process_shutdown
from django.conf import settings
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sparkops import VERSION

# Load balancers and Prometheus ask every few seconds, and files are no work of ours.
NOT_TRACED = "^[^/]+//[^/]+/(healthz|readyz|metrics|static/)"
LONGEST_STATEMENT = 2_000

# In the names of the packages' older and newer conventions.
PLAIN = frozenset(
    {
        "http.method",
        "http.request.method",
        "http.route",
        "http.status_code",
        "http.response.status_code",
        "error.type",
        "celery.action",
        "celery.task_name",
        "celery.state",
        "messaging.message.id",
        "db.system",
        "db.system.name",
        "db.name",
        "db.namespace",
        "exception.type",
    }
)
STATEMENTS = ("db.statement", "db.query.text")
# Of calls only: the address of a page can be a key.
ADDRESSES = ("http.url", "url.full")
_LITERAL = re.compile(r"'(?:[^']|'')*'")


class NamedOnly(SpanExporter):
    """Hands copies of spans that hold only what may leave to another exporter."""

    def __init__(self, onward: SpanExporter) -> None:
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._onward.export([only_named(span) for span in spans])

    def shutdown(self) -> None:
        self._onward.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._onward.force_flush(timeout_millis)


def start(process: str) -> None:
    """Send traces of this process from now on."""
    provider = TracerProvider(
        resource=Resource.create(
            {"service.name": f"sparkops-{process}", "service.version": VERSION}
        )
    )
    address = settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip("/") + "/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(NamedOnly(OTLPSpanExporter(address))))
    trace.set_tracer_provider(provider)
    # No baggage: what strangers put there would travel on to TikTok.
    propagate.set_global_textmap(TraceContextTextMapPropagator())
    os.environ["OTEL_PYTHON_HTTPX_EXCLUDED_URLS"] = all_but_tiktok()
    HTTPXClientInstrumentor().instrument()
    PsycopgInstrumentor().instrument()
    CeleryInstrumentor().instrument()
    if process == "web":
        DjangoInstrumentor().instrument(excluded_urls=NOT_TRACED)

    def flush(**_facts: Any) -> None:
        provider.force_flush()

    # A process of a worker ends without the hooks of an interpreter's end.
    worker_process_shutdown.connect(flush, weak=False)


def all_but_tiktok() -> str:
    """A pattern of the addresses that are not TikTok's: those of chats and webhooks are secrets."""
    ours = [settings.TIKTOK[name].rstrip("/") for name in ("ads_url", "shop_url", "auth_url")]
    return f"^(?!(?:{'|'.join(map(re.escape, ours))})(?:[/?]|$))"


def only_named(span: ReadableSpan) -> ReadableSpan:
    """The span made anew from what may leave."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes or {}, is_call=span.kind is SpanKind.CLIENT),
        events=[
            Event(event.name, _attributes(event.attributes or {}), event.timestamp)
            for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(found: Any, *, is_call: bool = False) -> dict[str, Any]:
    kept = {name: value for name, value in found.items() if name in PLAIN}
    for name in STATEMENTS:
        if name in found:
            kept[name] = _LITERAL.sub("?", str(found[name]))[:LONGEST_STATEMENT]
    for name in ADDRESSES if is_call else ():
        if name in found:
            parts = urlsplit(str(found[name]))
            netloc = parts.netloc.rpartition("@")[2]
            kept[name] = parts._replace(netloc=netloc, query="", fragment="").geturl()
    return kept
