"""Crashes to Sentry. Only what is named here leaves: never a request's address, headers or body,
a person, a local variable, or what a task was called with.
"""

from typing import Any

import sentry_sdk
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.types import Event, Hint

from sparkops import VERSION
from sparkops.errors import Refusal
from sparkops.telemetry.cleaning import clean_fields, clean_text

# By name, as only the edges know TikTok. An answer that breaks the contract is not among them: an
# operator has to look at it.
EXPECTED_OF_TIKTOK = tuple(
    f"sparkops.tiktok.errors.{name}"
    for name in (
        "Auth",
        "Permission",
        "Throttled",
        "Invalid",
        "NotFound",
        "Conflict",
        "Server",
    )
)
# The API tells of its faults itself, strangers who try other host names are no fault of ours, and a
# collector of traces that does not answer is seen where traces are missed.
TOLD_ELSEWHERE = ("sparkops.api.gate", "django.security.DisallowedHost", "opentelemetry.*")
NO_ROUTE = ("url", "unknown")

PLAIN = (
    "event_id",
    "timestamp",
    "start_timestamp",
    "type",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "server_name",
    "sdk",
    "transaction_info",
)
OF_EXCEPTION = ("type", "module")
OF_MECHANISM = ("type", "handled", "source", "exception_id", "parent_id", "is_exception_group")
OF_FRAME = (
    "filename",
    "function",
    "module",
    "lineno",
    "pre_context",
    "context_line",
    "post_context",
    "in_app",
)
OF_SPAN = (
    "span_id",
    "parent_span_id",
    "trace_id",
    "op",
    "status",
    "origin",
    "start_timestamp",
    "timestamp",
)
OF_RUNTIME = ("name", "version")
OF_TAGS = ("process", "celery_task_id")


def start(process: str) -> None:
    """Send crashes of this process from now on."""
    for name in TOLD_ELSEWHERE:
        ignore_logger(name)
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        release=f"sparkops@{VERSION}",
        traces_sample_rate=settings.SENTRY_TRACES_SAMPLE_RATE,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda _waiting, _seconds: None),
            DedupeIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(level=None, sentry_logs_level=None),
            DjangoIntegration(transaction_style="url"),
            CeleryIntegration(),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        trace_propagation_targets=[],
        ignore_errors=[Refusal, Http404, PermissionDenied, *EXPECTED_OF_TIKTOK],
        before_send=only_named,
        before_send_transaction=only_named,
    )
    sentry_sdk.get_global_scope().set_tag("process", process)


def only_named(event: Event, hint: Hint) -> Event:
    """The event made anew from what may leave."""
    whole: dict[str, Any] = dict(event)
    kept = _only(whole, PLAIN)
    # Without a route the name would be the address itself, and an address can be a key.
    if whole.get("transaction_info", {}).get("source") not in NO_ROUTE:
        kept |= _only(whole, ("transaction",))
    contexts = whole.get("contexts", {})
    kept["contexts"] = {
        "trace": _only(contexts.get("trace", {}), OF_SPAN),
        "runtime": _only(contexts.get("runtime", {}), OF_RUNTIME),
    }
    kept["tags"] = _only(whole.get("tags", {}), OF_TAGS)
    if "exception" in whole:
        kept["exception"] = {"values": [_exception(one) for one in whole["exception"]["values"]]}
    if "spans" in whole:
        kept["spans"] = [_span(one) for one in whole["spans"]]
    if "log_record" in hint:
        kept |= _said(hint["log_record"].msg, hint["log_record"].getMessage())
    return kept  # type: ignore[return-value]


def _exception(one: dict[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames", [])
    return {
        **_only(one, OF_EXCEPTION),
        "value": clean_text(one.get("value") or ""),
        "mechanism": _only(one.get("mechanism") or {}, OF_MECHANISM),
        "stacktrace": {"frames": [_only(frame, OF_FRAME) for frame in frames]},
    }


def _span(one: dict[str, Any]) -> dict[str, Any]:
    return {**_only(one, OF_SPAN), "description": clean_text(one.get("description") or "")}


def _said(message: Any, text: str) -> dict[str, Any]:
    """What a log line said: ours are a name with fields, those of libraries a sentence."""
    if not isinstance(message, dict):
        return {"logentry": {"message": clean_text(text)}}
    fields = {name: value for name, value in message.items() if name not in ("event", "exc_info")}
    return {
        "logentry": {"message": clean_text(str(message["event"]))},
        "extra": clean_fields({name: fields[name] for name in fields if name[0] != "_"}),
    }


def _only(facts: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}
