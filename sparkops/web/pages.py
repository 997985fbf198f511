"""How a view answers: a full page or the one piece htmx asked for, and what travels in headers.

Everything renders before the view returns, because the rows on the page may be read only inside
the scope that the gate opened for the view.
"""

from collections.abc import Mapping
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    HttpResponseLocation,
    trigger_client_event,
)
from django_htmx.middleware import HtmxDetails

from sparkops.errors import Refusal

Tone = Literal["ok", "info", "warn", "bad"]

# Which of a page's answers is sent depends on all of these, so no cache may mix them up.
_VARY = ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    pieces: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render now and answer with the full page or one piece of it.

    `pieces` maps the id of an htmx target to the name of a `partialdef` in the template:
    `{"rows": "rows"}`. A request without htmx, a boosted one, one that restores history and one
    for a target that is not listed get the full page. Raises TemplateDoesNotExist when the
    template lacks the piece.
    """
    piece = _piece(request, pieces or {})
    name = f"{template}#{piece}" if piece else template
    response = HttpResponse(render_to_string(name, dict(context or {}), request), status=status)
    patch_vary_headers(response, _VARY)
    return response


def toast(response: HttpResponse, text: str, tone: Tone = "ok") -> HttpResponse:
    """Show `text` for a few seconds once htmx has taken this response.

    A response that moves the browser to another page loses its events: use Django's messages
    there, which the next page shows in the same place.
    """
    return trigger_client_event(response, "sparkops:toast", {"text": text, "tone": tone})


def close_dialog(response: HttpResponse) -> HttpResponse:
    """Close the dialog that this response's form was in."""
    return trigger_client_event(response, "sparkops:close-dialog")


def redirect(
    request: HttpRequest, to: Any, *args: Any, soft: bool = False, **kwargs: Any
) -> HttpResponse:
    """Send the browser on to a URL, view name or model, also from inside an htmx request.

    htmx follows an ordinary redirect by itself and would swap the whole next page into the
    piece. `soft` keeps the loaded style sheets and scripts and swaps the body only.
    """
    url = resolve_url(to, *args, **kwargs)
    if not details(request):
        return HttpResponseRedirect(url)
    return HttpResponseLocation(url) if soft else HttpResponseClientRedirect(url)


def refresh(request: HttpRequest) -> HttpResponse:
    """Load the current page again."""
    if details(request):
        return HttpResponseClientRefresh()
    return HttpResponseRedirect(request.get_full_path())


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer an action that the rules do not allow: a toast inside htmx, a page otherwise."""
    if details(request) and not details(request).boosted:
        response = HttpResponse(status=422)
        response.headers["HX-Reswap"] = "none"
        return toast(response, refusal.sentence, "bad")
    return render(request, "refused.html", {"refusal": refusal}, status=422)


def details(request: HttpRequest) -> HtmxDetails:
    """What htmx says about the request; false when htmx did not send it."""
    found = getattr(request, "htmx", None)
    return found if found is not None else HtmxDetails(request)


def _piece(request: HttpRequest, pieces: Mapping[str, str]) -> str | None:
    htmx = details(request)
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return None
    return pieces.get(htmx.target or "")
