"""Structured logging: one JSON line per event in production, one readable line in development.

Request, client and task are bound by the gate and by the task entry points through
`structlog.contextvars`. Values under secret names never reach a line.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_WORDS = ("token", "secret", "password", "auth_code", "oauth_code", "authorization", "cookie")
HIDDEN = "••••"


def names_secret(name: str) -> bool:
    """Whether a value under this name must not leave."""
    return any(word in name.lower() for word in SECRET_WORDS)


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace values whose key names a secret."""
    for key in event:
        if names_secret(key):
            event[key] = HIDDEN
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_secrets,
]


def configure(*, as_json: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING dictionary for the same format."""
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": logging.INFO},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "propagate": False},
            "httpx": {"level": logging.WARNING},
        },
    }
