"""Where TikTok Shop sends its webhooks."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.landing.actions import receive
from sparkops.tenants.gate import public_view
from sparkops.tiktok.errors import TikTokError
from sparkops.tiktok.shop import webhooks

log = structlog.get_logger(__name__)

MAX_BYTES = 256 * 1024


@public_view("TikTok proves itself with a signature over the body")
@csrf_exempt
@require_POST
def tiktok_shop(request: HttpRequest) -> HttpResponse:
    """Land a signed event: 401 for a wrong signature, 400 for a body that is no event."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
        return HttpResponse("The event is larger than any event of TikTok.\n", status=413)
    app = settings.TIKTOK
    signed = webhooks.verify(
        app["shop_app_key"],
        app["shop_app_secret"],
        request.body,
        request.headers.get("Authorization"),
    )
    if not signed or not app["shop_app_secret"]:
        return HttpResponse("The signature does not fit this body.\n", status=401)
    try:
        event = webhooks.parse_event(request.body)
    except TikTokError:
        return HttpResponse("The body is not an event of TikTok Shop.\n", status=400)
    if not receive(event, now=clock.now()):
        log.info("webhook of an unknown shop", shop_id=event.shop_id, kind=event.name)
    return HttpResponse(status=200)
