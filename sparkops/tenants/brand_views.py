"""Colour and logo of a brand, each under an address that always gives the same bytes."""

from django.http import Http404, HttpRequest, HttpResponse

from sparkops.tenants.brand import brand_css
from sparkops.tenants.gate import public_view
from sparkops.tenants.models import Logo

FOREVER = "public, max-age=31536000, immutable"


@public_view("a colour is no secret")
def colours(request: HttpRequest, accent: str) -> HttpResponse:
    """The style sheet of an accent."""
    return _kept(HttpResponse(brand_css(accent), content_type="text/css"))


@public_view("a logo is shown to everyone who gets a link; its name cannot be guessed")
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """A logo as PNG."""
    found = Logo.objects.filter(name=name).first()
    if found is None:
        raise Http404("There is no such picture.")
    return _kept(HttpResponse(bytes(found.image), content_type="image/png"))


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = FOREVER
    return response
