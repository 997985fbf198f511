"""The product's Celery app with tasks of their own: what breaks and what refuses."""

from typing import Any

import httpx
import structlog
from celery import shared_task
from django.conf import settings

from sparkops.celery import app
from sparkops.errors import Refusal
from sparkops.tiktok import errors
from sparkops.tiktok.transport import Answer, Request, Transport
from tests.sparkops.telemetry.planted import BODY, CODE, HEADER, QUERY, TOKEN, break_over

__all__ = ["app"]
log = structlog.get_logger(__name__)


@shared_task(name="broken.crash")
def crash(code: str, **_more: Any) -> None:
    break_over(code)


@shared_task(name="broken.refuse")
def refuse(how: str) -> None:
    if how == "refusal":
        raise Refusal("planted", "Choose another one.")
    raise errors.Auth(api="shop")


@shared_task(name="broken.note")
def note() -> None:
    """A fault that is caught and logged, with secrets in its fields."""
    log.error("row not imported", row=3, api_token=TOKEN, why=f"{CODE} is taken")


@shared_task(name="broken.call")
def call() -> None:
    """A call to TikTok with secrets in its query, header and body."""
    request = Request(
        "POST",
        "/order/202309/orders/search",
        params={"access_token": QUERY, "sign": QUERY},
        headers={"x-tts-access-token": HEADER},
        body=BODY.encode(),
    )
    with Transport(settings.TIKTOK["shop_url"], "shop") as shop:
        shop.send(lambda _seconds: request, Answer.json, repeatable=False)


@shared_task(name="broken.tell")
def tell(address: str) -> None:
    """A message to an address that is a secret, as chats and webhooks have them."""
    httpx.post(address)


@shared_task(name="broken.last")
def last() -> None:
    """Succeeds: what came before it is done."""
