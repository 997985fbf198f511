"""The product's Celery app with tasks of their own: what breaks and what refuses."""

from typing import Any

from celery import shared_task

from sparkops.celery import app
from sparkops.errors import Refusal
from sparkops.tiktok import errors
from tests.sparkops.telemetry.planted import break_over

__all__ = ["app"]


@shared_task(name="broken.crash")
def crash(code: str, **_more: Any) -> None:
    break_over(code)


@shared_task(name="broken.refuse")
def refuse(how: str) -> None:
    if how == "refusal":
        raise Refusal("planted", "Choose another one.")
    raise errors.Auth(api="shop")


@shared_task(name="broken.last")
def last() -> None:
    """Succeeds: what came before it is done."""
